// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// The most that an approved standard lets a service, or the services of a situation, ask of a
// person while it is in force. Of a situation each figure is for one of its services and for all of
// them that one person goes through.
struct ApprovedStandard {
  // Exactly one of the two.
  ServiceId service;
  SituationId situation;
  std::string variant;  // of the service's variants, the id of the one meant; empty: all
  DateInterval in_force;
  // At least one figure.
  std::optional<int> visits;
  std::optional<int> documents;  // that the person has to bring
  std::optional<Term> term;
  LegalSource source;
  Location location;

  // The id of the service or of the situation.
  const std::string& of() const { return service.empty() ? situation.text() : service.text(); }
  // "act, article", and that no address confirms it where none does.
  std::string SourceText() const;
};

// Reads standards.yaml of a catalogue's folder, which may be absent, and adds each situation's own
// `standard`, in force at all times. Problems, references that lead nowhere and two standards for
// the same thing at once among them, are appended to `issues`.
std::vector<ApprovedStandard> LoadStandards(const std::string& folder, const Catalogue& catalogue,
                                            std::vector<Issue>& issues);

bool Overlap(const DateInterval& one, const DateInterval& other);

// That terms one after another take longer than the most allowed.
struct TermExcess {
  std::optional<Date> start;  // a day of beginning that shows it; absent: the figures alone do
};

// Whether the terms, one after another, may end later than one of `most` that begins with them: by
// value where there is one term of the same unit, else on some day of the calendar's last two
// years. nullopt: they never do, or, of unlike units past the calendar, nobody can say.
std::optional<TermExcess> ExcessOf(std::span<const Term> terms, const Term& most,
                                   const WorkingCalendar& calendar);

}  // namespace kstati::graph
