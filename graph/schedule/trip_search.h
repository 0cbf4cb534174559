// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "graph/schedule/trips.h"

namespace kstati::graph::schedule {

// How many tasks each search looks at, again on each day out, before it gives up: no time, so that
// the same question always has the same answer.
inline constexpr int64_t kTasksMax = 10'000;

// What a search among all ways to go from place to place says.
struct FirstFinish {
  // Without regard to what expires or is late, nothing is done sooner.
  Day day = 0;
  std::optional<Plan> plan;  // one that is done before the given day
};

// Looks for plans that are done before `finish`, of which nothing is done before `at_least`. Exact:
// on a day out it is no use to leave anything undone at a place, nor to stay at home, so that only
// the place is a choice. Where it gives up, `day` is `at_least`.
FirstFinish FindFirstFinish(const std::vector<Task>& tasks, Day start, Day at_least, Day finish,
                            int64_t work = kTasksMax);

// On how few trips, up to `enough`, all can be done when it may be as late as it likes and nothing
// expires. Where it gives up, no more than that.
int64_t TripsNeeded(const std::vector<Task>& tasks, int64_t enough, int64_t work = kTasksMax);

}  // namespace kstati::graph::schedule
