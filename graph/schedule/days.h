// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/schedule/task.h"

namespace kstati::graph::schedule {

// The result is there on this day when the task begins on `start`; of one that has begun on its
// own day.
Day EndOf(const Task& task, Day start);

// The first working day on or after `day`, the last on or before it; kNoDay when the calendar does
// not know it.
Day WorkingDayFrom(const WorkingCalendar& calendar, Day day);
Day WorkingDayUpTo(const WorkingCalendar& calendar, Day day);

// The last day of [earliest, finish_by] on which the task, which has not begun, may begin so that
// its result is there by `finish_by`; earliest - 1 when there is none.
Day LatestStart(const Task& task, Day earliest, Day finish_by);

// The last day on which what was given on `given` is accepted.
Day LastDayOf(const Need& need, Day given);

// When the giver has done what the need asks.
Day MetOn(const Need& need, const std::vector<TaskDays>& days);

// The last day on which the task may begin, by itself and by what expires of those that have begun;
// kNoDay: any day.
Day LastDayToBegin(const std::vector<Task>& tasks, const Task& task);

// When all that the task needs is there; not before `start`.
Day ReadyDay(const Task& task, const std::vector<TaskDays>& days, Day start);

// When the visit after those of `days` may be at the earliest, and when the task ends with the last
// of them. Both for a task that needs visits and has begun.
Day NextVisit(const Task& task, const TaskDays& days);
Day FinishOf(const Task& task, const TaskDays& days);

// As early as can be when any number of trips fits in a day. No task before its day of
// `not_before`.
std::vector<TaskDays> EarliestDays(const std::vector<Task>& tasks, Day start,
                                   const std::vector<Day>& not_before);

// How late a task and its visits may be.
struct Caps {
  std::vector<Day> start;                // by task
  std::vector<std::vector<Day>> visits;  // by task and visit
};

Caps NoCaps(const std::vector<Task>& tasks);

// As late as can be so that all is done by `finish_by`, within `caps`; of those that have begun,
// how late the result may come. Nobody begins before `earliest`, and what has begun is not done
// before; false when somebody would have to.
bool FindLatestDays(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                    Day finish_by, const Caps& caps, std::vector<TaskDays>& latest);

}  // namespace kstati::graph::schedule
