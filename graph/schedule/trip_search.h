// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "graph/schedule/trips.h"

namespace kstati::graph::schedule {

// What a search among all ways to go from place to place says.
struct FirstFinish {
  // Without regard to what expires or is late, nothing is done sooner.
  Day day = 0;
  std::optional<Plan> plan;  // one that is done before the given day
};

// Looks for plans that are done before `finish`, of which nothing is done before `at_least`. Exact:
// on a day out it is no use to leave anything undone at a place, nor to stay at home, so that only
// the place is a choice. Past a number of days out `day` is `at_least`.
FirstFinish FindFirstFinish(const std::vector<Task>& tasks, Day start, Day at_least, Day finish);

// On how few trips, up to `enough`, all can be done when it may be as late as it likes and nothing
// expires. Where there are too many ways, no more than that.
int64_t TripsNeeded(const std::vector<Task>& tasks, int64_t enough);

}  // namespace kstati::graph::schedule
