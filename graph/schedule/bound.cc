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

// As of all tasks, of `count` visits by task.
int64_t TripsFor(const std::vector<Task>& tasks, const std::vector<int64_t>& count) {
  std::vector<size_t> order;
  for (size_t number = 0; number < tasks.size(); ++number) {
    if (count[number] > 0) order.push_back(number);
  }
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return count[a] > count[b]; });
  std::vector<size_t> apart;
  int64_t trips = 0;
  for (const size_t number : order) {
    const bool is_apart = std::ranges::none_of(
        apart, [&](size_t other) { return HaveCommonPlace(tasks[number], tasks[other]); });
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
  const int64_t needed = TripsFor(tasks, count);
  return needed > 1 && DaysOpen(calendars, from, to, needed) < needed;
}

}  // namespace

int64_t FewestTrips(const std::vector<Task>& tasks) {
  std::vector<int64_t> count;
  for (const Task& task : tasks) count.push_back(task.visits);
  return TripsFor(tasks, count);
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
