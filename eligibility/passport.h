// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/messages.h"
#include "base/result.h"
#include "eligibility/decision.h"
#include "eligibility/program.h"
#include "eligibility/reasons.h"
#include "graph/course.h"

namespace kstati::eligibility {

// One statement of a passport. The key stays the same from version to version.
struct PassportEntry {
  std::string key;
  std::string text;
  const graph::LegalSource* source = nullptr;  // into the catalogue; null: none is named
};

// One thing a passport tells about: "documents", "term", "cost", ...
struct PassportSection {
  std::string key;
  std::string title;
  std::vector<PassportEntry> entries;  // in the regulation's order
};

// Everything a service's regulation says to one person, exhaustively: the category, documents,
// term, cost, amount, channels, procedures, criteria, conditions, refusal grounds, and what stands
// between the service and zero input, zero waiting and zero paper.
struct Passport {
  ServiceId service;
  std::string name;
  Date valid_at;
  Date regulation_from;  // start of the version
  std::string region;    // whose regulation; empty: the typical one
  std::string variant;   // empty: there are none, or the category is not settled
  std::vector<PassportSection> sections;
};

// The passport behind a decision made with explanation, whose regulation takes the course.
// kNotFound when no regulation was in force that day. With masked values no fact of the person is
// told.
Result<Passport> WritePassport(const Decision& decision, const Program& program,
                               const Messages& messages, Language language,
                               Values values = Values::kShown,
                               const graph::Course* course = nullptr);

// One difference between two passports of the same service.
struct PassportChange {
  std::string section;  // its title
  std::string before;   // empty: it was not there
  std::string after;    // empty: it is gone
};

// In the order of `after`, then what is gone.
std::vector<PassportChange> Compare(const Passport& before, const Passport& after);

}  // namespace kstati::eligibility
