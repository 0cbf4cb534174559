// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/schedule/task.h"

namespace kstati::graph::schedule {

// Whether no plan with one trip a day can be done by `finish_by`, as far as counting shows it:
// someone would have to begin before the earliest day, or more trips would fall between two days
// than there are working days. False says nothing.
bool IsTooEarly(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                Day finish_by);

// No schedule takes fewer trips: visits of one task are on different days, and so are those of
// tasks that have no place in common, or of which one begins days after the other.
int64_t TripsAtLeast(const std::vector<Task>& tasks);

// The first day of [from, to] that is not shown to be too early; `to` when all are.
Day FirstPossibleFinish(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                        Day from, Day to);

}  // namespace kstati::graph::schedule
