// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cases/monitoring/event_log.h"

namespace kstati::cases::monitoring {

// Why a term was broken, found by asking what would have happened otherwise.
//
// A case is a sequence of waits: for the answer of a source, for a system that was down, for the
// work of an official. Each has a time within which it should have ended. Waits that overlap run
// side by side, and what comes next comes when the last of them has ended. A wait is a cause when
// the case would have been in time had that wait alone ended within its time, everything else
// taking as long as it took. When no wait alone would have saved it, the smallest sets that would
// have are the causes together.

enum class CauseKind { kMissingAnswer, kTechnicalFailure, kWork, kOther };

std::string_view NameOf(CauseKind kind);  // "missing_answer", ...

struct Cause {
  CauseKind kind = CauseKind::kOther;
  std::string party;  // the source, the system, the desk
  auto operator<=>(const Cause&) const = default;
};

struct AllowedTimes {
  std::chrono::microseconds source = std::chrono::hours(5 * 24);
  std::chrono::microseconds system = std::chrono::minutes(0);  // a system should never be down
  std::chrono::microseconds official = std::chrono::hours(2 * 24);
  std::map<std::string, std::chrono::microseconds> of_party;  // in place of those above
};

// What would have been: had these causes kept their time, the case would have ended then.
struct Counterfactual {
  std::vector<Cause> causes;  // ordered; the waits of a party count together
  Instant would_have_ended;
};

struct Attribution {
  std::string case_id;
  Instant ended;  // of an open case: the moment of the report
  Instant deadline;
  // All sets of the smallest size that suffices; one of kOther when no set of waits does.
  std::vector<Counterfactual> explanations;
};

// The end of the case had the waits of these causes kept their times.
Instant EndHad(const LoggedCase& c, const std::vector<Cause>& in_time, const AllowedTimes& allowed,
               Instant now);

// Of every case whose deadline passed by `now` before it ended, in the order of the log.
std::vector<Attribution> AttributeBreaches(const EventLog& log, const AllowedTimes& allowed,
                                           Instant now);

}  // namespace kstati::cases::monitoring
