// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/action_days.h"

namespace kstati::graph::chains {

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
    row.term = *action.term;
  }
}

int64_t ActionDays::EndOf(uint32_t service, int64_t start) const {
  const Row& row = rows_[service];
  return row.days == nullptr ? start : row.days->EndOf(start, row.term);
}

}  // namespace kstati::graph::chains
