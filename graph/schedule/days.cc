// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/days.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::graph::schedule {
namespace {

// Days off in a row; no calendar has as many.
constexpr int kDaysOffMax = 60;

Day WorkingDayBy(const WorkingCalendar& calendar, Day day, Day step) {
  if (day == kNoDay) return kNoDay;
  for (int tries = 0; tries < kDaysOffMax; ++tries, day += step) {
    const Result<bool> working = calendar.IsWorkingDay(Date{day});
    if (!working) return kNoDay;
    if (*working) return day;
  }
  return kNoDay;
}

size_t VisitsOf(const Task& task) { return static_cast<size_t>(task.visits); }

// From the last visit back to the first; from the finish where there are no visits in between.
bool PlaceLatest(const Task& task, const TaskDays& earliest, Day finish_by, const Caps& caps,
                 size_t number, TaskDays& latest) {
  if (task.done_on) {
    latest = {earliest.start, finish_by, {}};
    return earliest.finish <= finish_by;
  }
  const size_t visits = VisitsOf(task);
  latest.visits.assign(visits, kNoDay);
  latest.finish = finish_by;
  for (size_t visit = visits; visit-- > 1;) {
    Day by = visit + 1 == visits ? finish_by : latest.visits[visit + 1] - 1;
    by = std::min(by, caps.visits[number][visit]);
    latest.visits[visit] = WorkingDayUpTo(*task.calendar, by);
    if (latest.visits[visit] < earliest.visits[visit]) return false;
  }
  const Day result_by = visits >= 2 ? latest.visits.back() : finish_by;
  if (visits >= 2) latest.finish = result_by;
  latest.start = LatestStart(task, earliest.start, result_by);
  latest.start = std::min(latest.start, caps.start[number]);
  if (task.begin_by) latest.start = std::min(latest.start, task.begin_by->days);
  if (visits >= 2) latest.start = std::min(latest.start, latest.visits[1] - 1);
  if (visits >= 1) {
    latest.start = std::min(latest.start, caps.visits[number].front());
    latest.start = WorkingDayUpTo(*task.calendar, latest.start);
    latest.visits.front() = latest.start;
  }
  return latest.start >= earliest.start && latest.start != kNoDay;
}

}  // namespace

Day EndOf(const Task& task, Day start) {
  if (task.done_on) return *task.done_on;
  if (start == kNoDay) return kNoDay;
  const Result<Date> end = task.calendar->EndOfTerm(Date{start}, task.term);
  return end ? end->days : kNoDay;
}

Day WorkingDayFrom(const WorkingCalendar& calendar, Day day) {
  return WorkingDayBy(calendar, day, 1);
}

Day WorkingDayUpTo(const WorkingCalendar& calendar, Day day) {
  return WorkingDayBy(calendar, day, -1);
}

Day LatestStart(const Task& task, Day earliest, Day finish_by) {
  KSTATI_CHECK(!task.done_on);
  if (EndOf(task, earliest) > finish_by) return earliest - 1;
  Day possible = earliest;
  Day too_late = std::max(finish_by, earliest) + 1;  // a result is never there before the start
  while (too_late - possible > 1) {
    const Day middle = possible + (too_late - possible) / 2;
    (EndOf(task, middle) <= finish_by ? possible : too_late) = middle;
  }
  return possible;
}

Day LastDayOf(const Need& need, Day given) {
  if (!need.valid_for || given == kNoDay) return kNoDay;
  return need.valid_for->After(Date{given}).days;
}

Day MetOn(const Need& need, const std::vector<TaskDays>& days) {
  return need.begun ? days[need.giver].start : days[need.giver].finish;
}

Day LastDayToBegin(const std::vector<Task>& tasks, const Task& task) {
  Day last = task.begin_by ? task.begin_by->days : kNoDay;
  for (const Need& need : task.needs) {
    const std::optional<Day>& given = tasks[need.giver].done_on;
    if (given) last = std::min(last, LastDayOf(need, *given));
  }
  return last;
}

Day ReadyDay(const Task& task, const std::vector<TaskDays>& days, Day start) {
  for (const Need& need : task.needs) start = std::max(start, MetOn(need, days));
  return start;
}

Day NextVisit(const Task& task, const TaskDays& days) {
  KSTATI_CHECK(!days.visits.empty());
  if (days.visits.back() == kNoDay) return kNoDay;
  Day next = days.visits.back() + 1;
  if (days.visits.size() + 1 == VisitsOf(task)) next = std::max(next, EndOf(task, days.start));
  return WorkingDayFrom(*task.calendar, next);
}

Day FinishOf(const Task& task, const TaskDays& days) {
  return task.visits >= 2 ? days.visits.back() : EndOf(task, days.start);
}

std::vector<TaskDays> EarliestDays(const std::vector<Task>& tasks, Day start,
                                   const std::vector<Day>& not_before) {
  std::vector<TaskDays> days(tasks.size());
  for (size_t number = 0; number < tasks.size(); ++number) {
    const Task& task = tasks[number];
    TaskDays& own = days[number];
    own.start = ReadyDay(task, days, std::max(start, not_before[number]));
    if (task.visits > 0) {
      own.start = WorkingDayFrom(*task.calendar, own.start);
      own.visits.push_back(own.start);
    }
    while (own.visits.size() < VisitsOf(task)) own.visits.push_back(NextVisit(task, own));
    own.finish = FinishOf(task, own);
  }
  return days;
}

Caps NoCaps(const std::vector<Task>& tasks) {
  Caps caps;
  caps.start.assign(tasks.size(), kNoDay);
  for (const Task& task : tasks) caps.visits.emplace_back(VisitsOf(task), kNoDay);
  return caps;
}

bool FindLatestDays(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                    Day finish_by, const Caps& caps, std::vector<TaskDays>& latest) {
  Caps own = caps;
  latest.resize(tasks.size());
  std::vector<Day> by(tasks.size(), finish_by);
  for (size_t number = tasks.size(); number-- > 0;) {
    const Task& task = tasks[number];
    if (!PlaceLatest(task, earliest[number], by[number], own, number, latest[number])) {
      return false;
    }
    for (const Need& need : task.needs) {
      Day& giver_by = need.begun ? own.start[need.giver] : by[need.giver];
      giver_by = std::min(giver_by, latest[number].start);
    }
  }
  return true;
}

}  // namespace kstati::graph::schedule
