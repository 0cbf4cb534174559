// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/schedule/task.h"

namespace kstati::graph::schedule {

// A day on which the person goes to one place, for whatever is to be done there.
struct DayOut {
  Day day = 0;
  std::string place;
  std::vector<uint32_t> tasks;
};

// Everything on days of its own, at most one trip a day.
struct Plan {
  std::vector<TaskDays> days;  // by task
  std::vector<DayOut> trips;   // ascending; those whose day the calendar knows
  Day finish = 0;              // of the last task
};

// Each task begins as soon as its needs are there, but that each trip waits for a day of its own:
// of the visits that could be made on a day the one goes first that has the least time until
// `latest`, and with it all that can be done at the same place. (Least slack first is longest tail
// first, on real calendars.)
Plan PlanTrips(const std::vector<Task>& tasks, Day start, const std::vector<Day>& not_before,
               const std::vector<TaskDays>& latest);

// The plan in which a task of at most one visit begins on another day, on a trip that is there or
// on its own, and all else stays as it is; nullopt: somebody who needs it begins before it is done,
// or nobody can go there on that day.
std::optional<Plan> MovedTo(Day day, uint32_t number, const std::vector<Task>& tasks,
                            const Plan& plan);

// How late each task may be by itself so that the plan is done when it is: trips stay whole and in
// their order, and whatever expires is still used in time.
std::vector<TaskDays> SlackOf(const std::vector<Task>& tasks, const Plan& plan);

}  // namespace kstati::graph::schedule
