// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/bound.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graph/schedule/days.h"

namespace kstati::graph::schedule {
namespace {

bool HaveCommonPlace(const Task& a, const Task& b) {
  return std::ranges::any_of(a.places, [&b](const std::string& place) {
    return std::ranges::find(b.places, place) != b.places.end();
  });
}

// How all visits of a task come before the start of another one.
enum class Before { kNotSaid, kNoLater, kEarlier };

bool TakesDays(const Task& task) {
  return task.term.unit != TermUnit::kMinutes && task.term.value > 0;
}

// By task, then by task after it, as needs have it.
std::vector<std::vector<Before>> OrderOf(const std::vector<Task>& tasks) {
  std::vector<std::vector<Before>> order(tasks.size(), std::vector<Before>(tasks.size()));
  for (size_t taker = 0; taker < tasks.size(); ++taker) {
    for (const Need& need : tasks[taker].needs) {
      const Task& giver = tasks[need.giver];
      // A single visit is on the first day, the last of several on that of the finish.
      const bool begins_with_it = giver.visits < 2;
      Before& direct = order[need.giver][taker];
      if (begins_with_it || !need.begun) direct = std::max(direct, Before::kNoLater);
      if (begins_with_it && !need.begun && TakesDays(giver)) direct = Before::kEarlier;
      const bool has_gap = !need.begun && (TakesDays(giver) || giver.visits > 1);
      for (size_t first = 0; first < need.giver; ++first) {
        Before through = order[first][need.giver];
        if (through == Before::kNoLater && has_gap) through = Before::kEarlier;
        order[first][taker] = std::max(order[first][taker], through);
      }
    }
  }
  return order;
}

// So many trips do not do with fewer, where those of tasks that are `apart` are on different days.
// `count` is of visits, by task.
template <class Apart>
int64_t TripsFor(const std::vector<int64_t>& count, const Apart& are_apart) {
  std::vector<size_t> order;
  for (size_t number = 0; number < count.size(); ++number) {
    if (count[number] > 0) order.push_back(number);
  }
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return count[a] > count[b]; });
  std::vector<size_t> apart;
  int64_t trips = 0;
  for (const size_t number : order) {
    const bool is_apart =
        std::ranges::all_of(apart, [&](size_t other) { return are_apart(number, other); });
    if (!is_apart) continue;
    apart.push_back(number);
    trips += count[number];
  }
  return trips;
}

// Visits with the days between which each has to be.
struct Window {
  size_t task = 0;
  Day from = 0;
  Day to = 0;
};

// Days of [from, to] on which some of the tasks can be visited, up to `enough`.
int64_t DaysOpen(const std::set<const WorkingCalendar*>& calendars, Day from, Day to,
                 int64_t enough) {
  int64_t open = 0;
  for (Day day = from; day <= to && open < enough; ++day) {
    const bool is_open = std::ranges::any_of(calendars, [day](const WorkingCalendar* calendar) {
      return WorkingDayFrom(*calendar, day) == day;
    });
    open += is_open ? 1 : 0;
  }
  return open;
}

bool IsCrowded(const std::vector<Task>& tasks, const std::vector<Window>& windows, Day from,
               Day to) {
  std::vector<int64_t> count(tasks.size(), 0);
  std::set<const WorkingCalendar*> calendars;
  for (const Window& window : windows) {
    if (window.from < from || window.to > to) continue;
    ++count[window.task];
    calendars.insert(tasks[window.task].calendar);
  }
  const int64_t needed = TripsFor(
      count, [&tasks](size_t a, size_t b) { return !HaveCommonPlace(tasks[a], tasks[b]); });
  return needed > 1 && DaysOpen(calendars, from, to, needed) < needed;
}

}  // namespace

int64_t TripsAtLeast(const std::vector<Task>& tasks) {
  std::vector<int64_t> count;
  for (const Task& task : tasks) count.push_back(task.visits);
  const std::vector<std::vector<Before>> order = OrderOf(tasks);
  return TripsFor(count, [&](size_t a, size_t b) {
    return !HaveCommonPlace(tasks[a], tasks[b]) || order[a][b] == Before::kEarlier ||
           order[b][a] == Before::kEarlier;
  });
}

bool IsTooEarly(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                Day finish_by) {
  std::vector<Task> free = tasks;
  for (Task& task : free) task.begin_by.reset();
  std::vector<TaskDays> latest;
  if (!FindLatestDays(free, earliest, finish_by, NoCaps(free), latest)) return true;
  std::vector<Window> windows;
  std::set<Day> firsts;
  std::set<Day> lasts;
  for (size_t number = 0; number < tasks.size(); ++number) {
    for (size_t visit = 0; visit < earliest[number].visits.size(); ++visit) {
      const Window& window = windows.emplace_back(
          Window{number, earliest[number].visits[visit], latest[number].visits[visit]});
      firsts.insert(window.from);
      lasts.insert(window.to);
    }
  }
  for (const Day from : firsts) {
    for (const Day to : lasts) {
      if (from <= to && IsCrowded(tasks, windows, from, to)) return true;
    }
  }
  return false;
}

Day FirstPossibleFinish(const std::vector<Task>& tasks, const std::vector<TaskDays>& earliest,
                        Day from, Day to) {
  while (from < to && IsTooEarly(tasks, earliest, from)) ++from;
  return from;
}

}  // namespace kstati::graph::schedule
