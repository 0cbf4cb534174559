// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/first_days.h"

#include <algorithm>
#include <limits>
#include <map>

#include "graph/chains/action_days.h"
#include "graph/chains/day_count.h"

namespace kstati::graph::chains {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

// By fact: the day on which it is there at first, from the day of the request on.
std::vector<int64_t> ThereAtFirst(const Ways& ways) {
  std::vector<int64_t> there;
  for (const Fact& fact : ways.facts()) {
    const bool is_there = fact.origin != Origin::kProduced || ways.relaxed();
    there.push_back(is_there ? 0 : kNever);
  }
  return there;
}

int64_t StartOf(const Action& action, const std::vector<int64_t>& there) {
  int64_t start = 0;
  for (const std::vector<uint32_t>& any_of : action.inputs) {
    int64_t first = kNever;
    for (const uint32_t fact : any_of) first = std::min(first, there[fact]);
    start = std::max(start, first);
  }
  return start;
}

}  // namespace

std::vector<std::optional<Date>> FirstDaysOf(const Ways& ways) {
  const Date first = ways.request().start;
  std::map<const WorkingCalendar*, DayCount> counts;
  std::vector<int64_t> there = ThereAtFirst(ways);
  std::vector<int64_t> starts(ways.actions().size(), kNever);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t number = 0; number < starts.size(); ++number) {
      const Action& action = ways.actions()[number];
      const int64_t start = StartOf(action, there);
      if (start >= starts[number]) continue;
      starts[number] = start;
      changed = true;
      const WorkingCalendar& kept = ways.model().CalendarOf(*action.service, ways.request().region);
      DayCount& days = counts.try_emplace(&kept, kept, first).first->second;
      const int64_t end = EndOf(action, start, days);
      for (const uint32_t output : action.outputs) there[output] = std::min(there[output], end);
    }
  }
  std::vector<std::optional<Date>> days;
  for (const int64_t start : starts) {
    days.push_back(start == kNever ? std::nullopt : std::optional(first.AddDays(start)));
  }
  return days;
}

}  // namespace kstati::graph::chains
