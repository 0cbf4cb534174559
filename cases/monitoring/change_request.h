// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cases/monitoring/records.h"

namespace kstati::cases::monitoring {

// A wish to change a service's regulation, from its proposal to what came of it: what the records
// about it come to. It is tied to two versions in one state of the catalogue; what was checked
// holds for that state alone.
struct ChangeRequest {
  std::string id;  // "R-7", by the number of the record that proposed it
  Instant proposed_at;
  std::string author;
  std::string why;
  std::string incident;  // that led to it; may be empty
  std::string service;
  std::string version;            // the day from which the new version is in force
  std::string before;             // that of the version before it
  std::string catalogue;          // version of the catalogue
  std::vector<std::string> diff;  // what differs between the versions
  // What checking the catalogue gave: examples run, errors (failed examples among them), warnings,
  // and services beyond an approved standard.
  uint64_t examples = 0;
  uint64_t errors = 0;
  uint64_t warnings = 0;
  uint64_t beyond_standard = 0;
  std::string impact;         // the impact report; empty: there is none
  std::string impact_digest;  // its SHA-256

  std::string decided_by;  // who approved or rejected it
  std::optional<Instant> approved_at;
  std::optional<Instant> rejected_at;
  std::string reason;                                     // of a rejection
  std::vector<std::pair<Instant, std::string>> outcomes;  // before against after, as JSON

  std::string_view status() const;  // "proposed", "approved", "rejected", "assessed"
};

// All, in the order of their proposal. kCorrupt for a record that makes no sense there.
Result<std::vector<ChangeRequest>> ChangeRequestsIn(const std::vector<Record>& records);

// kNotFound without it.
Result<ChangeRequest> FindChangeRequest(const std::vector<Record>& records, const std::string& id);

// Why it may not be published, whoever approves; empty: it may.
std::vector<std::string> ObstaclesTo(const ChangeRequest& request);

// The record that proposes it. kInvalidArgument without an author or a reason, and when nothing
// differs.
Result<Record> Propose(const ChangeRequest& request);

struct Verdict {
  bool approves = false;
  std::string by;
  std::string why;        // of a rejection
  std::string catalogue;  // its version as it is now
  Instant at;
};
// The record of a verdict. kConflict when there was one already, when obstacles are left, and when
// the catalogue has changed since it was checked; kDenied for the author's own approval.
Result<Record> Decide(const std::vector<Record>& records, const std::string& id,
                      const Verdict& verdict);

// The record of what came of it. kConflict unless it was approved.
Result<Record> Assess(const std::vector<Record>& records, const std::string& id,
                      const std::string& outcome, Instant at);

}  // namespace kstati::cases::monitoring
