// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "graph/chains/day_count.h"
#include "graph/chains/ways.h"
#include "graph/search/timetable.h"

namespace kstati::graph::chains {

// The day on which an action that begins on `start` is done; both counted from that of the request.
int64_t EndOf(const Action& action, int64_t start, DayCount& days);

// It takes no fewer days, whenever it begins.
int64_t LeastDays(const Action& action);

// The days of a person's actions, counted from the day of the request: each by the calendar that is
// kept for it. Outlived by the ways. For one thread.
class ActionDays : public search::Timetable {
 public:
  explicit ActionDays(const Ways& ways);

  // `actions` by service of the problem; absent: it takes no time.
  void Number(const std::vector<std::optional<uint32_t>>& actions);
  int64_t EndOf(uint32_t service, int64_t start) const override;
  // Of the country, after the day of the request.
  int64_t WorkingDaysUpTo(int64_t day) const { return country_->WorkingDaysUpTo(day); }

 private:
  struct Row {
    DayCount* days = nullptr;  // null: it takes no time
    const Action* action = nullptr;
  };

  const Ways& ways_;
  std::map<const WorkingCalendar*, DayCount> days_;
  DayCount* country_;
  std::vector<Row> rows_;  // by service of the problem
};

}  // namespace kstati::graph::chains
