// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"
#include "base/calendar.h"
#include "base/ids.h"
#include "base/issue.h"
#include "graph/legal_basis.h"
#include "graph/parameter.h"
#include "graph/service.h"
#include "graph/situation.h"

namespace kstati::graph {

struct Authority {
  std::string id;
  Bilingual name;
  std::string level;
};

struct Act {
  ActId id;
  Bilingual title;
  std::string kind;
  std::string date;
  std::string number;
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;  // ids of addresses
};

struct RefusalGround {
  GroundId id;
  Bilingual text;
};

// An address behind a "confirmed" mark. For auditors: what it says is in one language.
struct Source {
  std::string id;
  std::string address;
  std::string published;  // a day, a month or a year; may be empty
  std::string quality;    // official | legal_db | open_data | news | low
  std::string says;
};

// Everything the law says, as data. Immutable after loading; safe to share between threads.
class Catalogue {
 public:
  // Everything is ordered by id.
  std::span<const Service> services() const { return services_; }
  std::span<const Situation> situations() const { return situations_; }
  std::span<const EventType> event_types() const { return event_types_; }
  std::span<const Parameter> parameters() const { return parameters_; }
  std::span<const LegalBasis> legal_bases() const { return legal_bases_; }
  const WorkingCalendar& calendar() const { return calendar_; }
  // Empty in a catalogue that names none.
  const Controller& controller() const { return controller_; }

  // Null when there is no such thing.
  const Service* FindService(const ServiceId& id) const;
  const Situation* FindSituation(const SituationId& id) const;
  const EventType* FindEventType(const EventTypeId& id) const;
  const Parameter* FindParameter(const ParameterId& id) const;
  const Act* FindAct(const ActId& id) const;
  const RefusalGround* FindGround(const GroundId& id) const;
  const Authority* FindAuthority(std::string_view id) const;
  const Source* FindSource(std::string_view id) const;

  // A digest of all files, for "which catalogue decided this": 16 hexadecimal digits (FNV-1a), the
  // same for the same files on every machine. It tells versions apart; it does not protect against
  // forgery.
  const std::string& version() const { return version_; }

 private:
  friend class CatalogueLoader;
  std::vector<Service> services_;
  std::vector<Situation> situations_;
  std::vector<EventType> event_types_;
  std::vector<Parameter> parameters_;
  std::vector<Act> acts_;
  std::vector<RefusalGround> grounds_;
  std::vector<Authority> authorities_;
  std::vector<Source> sources_;
  std::vector<LegalBasis> legal_bases_;
  Controller controller_;
  WorkingCalendar calendar_;
  std::string version_;
};

// What the loader must know of the attribute dictionary, which it may not see.
struct KnownAttributes {
  std::function<bool(const AttributeId&)> exists;
  std::function<std::string(std::string_view)> nearest;  // for hints
  std::function<bool(std::string_view)> registry_exists;
  std::function<bool(std::string_view)> category_exists = {};  // empty: any category will do
};

// Reads a catalogue folder. Every problem, including references that lead nowhere, grounds outside
// a regulation's closed list, overlapping versions and missing texts, is appended to `issues` with
// its place, by file and line. Expressions are not read here. The catalogue holds what could be
// read, so it may be used only when there is no error among the issues.
Catalogue LoadCatalogue(const std::string& folder, const KnownAttributes& known,
                        std::vector<Issue>& issues);

}  // namespace kstati::graph
