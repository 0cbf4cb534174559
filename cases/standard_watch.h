// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cases/clock.h"
#include "cases/monitoring/event_log.h"
#include "graph/standard.h"

namespace kstati::cases {

// What a standard caps.
enum class Capped { kVisits, kDocuments, kTerm };

std::string_view NameOf(Capped capped);  // "visits", "documents", "term"

// That real cases asked more of somebody than the standard in force when they began.
struct StandardAlarm {
  const graph::ApprovedStandard* standard = nullptr;  // into those that were looked at
  Capped capped = Capped::kVisits;
  // One case; of a situation with several, those of one person's chain. By number in the log.
  std::vector<std::string> cases;
  int64_t asked = 0;  // of a term: calendar days since the beginning
  Instant since;      // from when on it is too much
};

struct StandardWatch {
  std::vector<StandardAlarm> alarms;  // by standard, then in the log's order
  // Cases and chains whose term cannot be counted, since a day is past the last loaded calendar.
  uint64_t not_counted = 0;
};

// Compares the cases of a log, also open ones as of `now`, with the standards. A standard of a
// situation binds cases that the log says belong to it. Terms run as a legal clock does
// (cases/clock.h): while a case stands, and of a chain while no case of it runs, no time passes.
StandardWatch WatchStandards(const std::vector<graph::ApprovedStandard>& standards,
                             const monitoring::EventLog& log, const Reckoning& reckoning,
                             Instant now);

}  // namespace kstati::cases
