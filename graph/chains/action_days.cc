// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/action_days.h"

#include <algorithm>

namespace kstati::graph::chains {

int64_t EndOf(const Action& action, int64_t start, DayCount& days) {
  if (action.remaining) return std::max(start, days.EndOf(0, *action.remaining));
  return days.EndOf(start, *action.term);
}

int64_t LeastDays(const Action& action) { return action.remaining ? 0 : LeastDays(*action.term); }

ActionDays::ActionDays(const Ways& ways) : ways_(ways) {
  const WorkingCalendar& country = ways.model().catalogue().calendar();
  country_ = &days_.try_emplace(&country, country, ways.request().start).first->second;
}

void ActionDays::Number(const std::vector<std::optional<uint32_t>>& actions) {
  rows_.clear();
  for (const std::optional<uint32_t>& number : actions) {
    Row& row = rows_.emplace_back();
    if (!number) continue;
    const Action& action = ways_.actions()[*number];
    const WorkingCalendar& kept = ways_.model().CalendarOf(*action.service, ways_.request().region);
    row.days = &days_.try_emplace(&kept, kept, ways_.request().start).first->second;
    row.action = &action;
  }
}

int64_t ActionDays::EndOf(uint32_t service, int64_t start) const {
  const Row& row = rows_[service];
  return row.days == nullptr ? start : chains::EndOf(*row.action, start, *row.days);
}

}  // namespace kstati::graph::chains
