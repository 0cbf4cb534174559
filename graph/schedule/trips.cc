// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/trips.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "graph/schedule/days.h"
#include "graph/schedule/trip_planner.h"

namespace kstati::graph::schedule {
namespace {

// Nobody begins later than what expires allows, given when it is had.
void CapByValidity(const std::vector<Task>& tasks, const Plan& plan, Caps& caps) {
  for (size_t number = 0; number < tasks.size(); ++number) {
    for (const Need& need : tasks[number].needs) {
      const Day last = LastDayOf(need, plan.days[need.giver].finish);
      // One that is late already is no later.
      const Day cap = std::max(last, plan.days[number].start);
      caps.start[number] = std::min(caps.start[number], cap);
    }
    if (tasks[number].begin_by) {
      const Day cap = std::max(tasks[number].begin_by->days, plan.days[number].start);
      caps.start[number] = std::min(caps.start[number], cap);
    }
  }
}

size_t VisitOn(const TaskDays& days, Day day) {
  const auto visit = std::ranges::find(days.visits, day);
  KSTATI_CHECK(visit != days.visits.end());
  return static_cast<size_t>(visit - days.visits.begin());
}

bool MoveVisit(Day day, uint32_t number, const std::vector<std::string>& places,
               std::vector<DayOut>& trips) {
  const auto old = std::ranges::find_if(trips, [number](const DayOut& trip) {
    return std::ranges::find(trip.tasks, number) != trip.tasks.end();
  });
  KSTATI_CHECK(old != trips.end());
  std::string place = old->place;
  std::erase(old->tasks, number);
  if (old->tasks.empty()) trips.erase(old);
  const auto there = std::ranges::lower_bound(trips, day, {}, &DayOut::day);
  if (there == trips.end() || there->day != day) {
    trips.insert(there, DayOut{day, std::move(place), {number}});
    return true;
  }
  there->tasks.push_back(number);
  return std::ranges::find(places, there->place) != places.end();
}

// True when a trip had to become earlier.
bool CapByTrips(const std::vector<Task>& tasks, const Plan& plan,
                const std::vector<TaskDays>& latest, Caps& caps) {
  bool changed = false;
  Day by = kNoDay;
  for (size_t trip = plan.trips.size(); trip-- > 0;) {
    const DayOut& out = plan.trips[trip];
    for (const uint32_t number : out.tasks) {
      by = std::min(by, latest[number].visits[VisitOn(plan.days[number], out.day)]);
    }
    for (const uint32_t number : out.tasks) {
      by = std::min(by, WorkingDayUpTo(*tasks[number].calendar, by));
    }
    for (const uint32_t number : out.tasks) {
      Day& cap = caps.visits[number][VisitOn(plan.days[number], out.day)];
      changed = changed || by < cap;
      cap = std::min(cap, by);
    }
    --by;
  }
  return changed;
}

}  // namespace

Plan PlanTrips(const std::vector<Task>& tasks, Day start, const std::vector<Day>& not_before,
               const std::vector<TaskDays>& latest) {
  TripPlanner planner(tasks, start, not_before);
  while (const std::optional<Day> day = planner.NextDay()) {
    planner.GoOut(*day, planner.ChoosePlace(*day, latest));
  }
  return planner.Finished();
}

std::optional<Plan> MovedTo(Day day, uint32_t number, const std::vector<Task>& tasks,
                            const Plan& plan) {
  const Task& task = tasks[number];
  if (task.visits > 1) return std::nullopt;
  Plan moved = plan;
  TaskDays& days = moved.days[number];
  days.start = day;
  if (task.visits == 1) {
    const bool is_open = WorkingDayFrom(*task.calendar, day) == day;
    if (!is_open || !MoveVisit(day, number, task.places, moved.trips)) return std::nullopt;
    days.visits = {day};
  }
  days.finish = FinishOf(task, days);
  moved.finish = 0;
  for (const TaskDays& each : moved.days) moved.finish = std::max(moved.finish, each.finish);
  for (size_t taker = 0; taker < tasks.size(); ++taker) {
    for (const Need& need : tasks[taker].needs) {
      const bool is_met = MetOn(need, moved.days) <= moved.days[taker].start;
      if (need.giver == number && !is_met) return std::nullopt;
    }
  }
  return moved;
}

std::vector<TaskDays> SlackOf(const std::vector<Task>& tasks, const Plan& plan) {
  std::vector<Task> free = tasks;
  for (Task& task : free) task.begin_by.reset();  // what is late already is in the caps
  Caps caps = NoCaps(tasks);
  CapByValidity(tasks, plan, caps);
  std::vector<TaskDays> latest;
  do {
    KSTATI_CHECK(FindLatestDays(free, plan.days, plan.finish, caps, latest));
  } while (CapByTrips(tasks, plan, latest, caps));
  return latest;
}

}  // namespace kstati::graph::schedule
