// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/trips.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/check.h"
#include "graph/schedule/days.h"

namespace kstati::graph::schedule {
namespace {

class TripPlanner {
 public:
  TripPlanner(const std::vector<Task>& tasks, Day start, const std::vector<Day>& not_before,
              const std::vector<TaskDays>& latest)
      : tasks_(tasks),
        start_(start),
        not_before_(not_before),
        latest_(latest),
        done_(tasks.size(), 0),
        next_(tasks.size(), kNoDay) {
    plan_.days.resize(tasks.size());
  }

  Plan Make() {
    Settle();
    while (const std::optional<Day> day = NextDay()) GoOut(*day);
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (done_[number] == 0) LeaveOpen(number);
    }
    plan_.finish = start_;
    for (const TaskDays& days : plan_.days) plan_.finish = std::max(plan_.finish, days.finish);
    return std::move(plan_);
  }

 private:
  bool IsReady(const Task& task) const {
    return std::ranges::all_of(task.needs, [this](const Need& need) {
      const bool has_begun = !plan_.days[need.giver].visits.empty();
      return done_[need.giver] != 0 || (need.begun && has_begun);
    });
  }

  // Ends what needs no visit any more, and finds when each next visit may be.
  void Settle() {
    for (size_t number = 0; number < tasks_.size(); ++number) {
      const Task& task = tasks_[number];
      TaskDays& days = plan_.days[number];
      if (done_[number] != 0 || !IsReady(task)) continue;
      const auto visited = static_cast<int>(days.visits.size());
      if (visited == task.visits) {
        if (visited == 0) days.start = ReadyDay(task, plan_.days, EarliestOf(number));
        days.finish = FinishOf(task, days);
        done_[number] = 1;
      } else if (visited == 0) {
        const Day ready = ReadyDay(task, plan_.days, EarliestOf(number));
        next_[number] = WorkingDayFrom(*task.calendar, ready);
      } else {
        next_[number] = NextVisit(task, days);
      }
    }
  }

  Day EarliestOf(size_t number) const { return std::max(start_, not_before_[number]); }

  bool IsWaiting(size_t number) const {
    return done_[number] == 0 && next_[number] != kNoDay && IsReady(tasks_[number]);
  }

  // On which day the task's next visit would be if it were the next trip.
  Day DayOf(size_t number) const {
    const Day free = plan_.trips.empty() ? start_ : plan_.trips.back().day + 1;
    return WorkingDayFrom(*tasks_[number].calendar, std::max(next_[number], free));
  }

  std::optional<Day> NextDay() const {
    Day first = kNoDay;
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (IsWaiting(number)) first = std::min(first, DayOf(number));
    }
    return first == kNoDay ? std::nullopt : std::optional(first);
  }

  bool CanGo(size_t number, Day day) const { return IsWaiting(number) && DayOf(number) == day; }

  Day LatestVisit(size_t number) const {
    const std::vector<Day>& visits = latest_[number].visits;
    const size_t next = plan_.days[number].visits.size();
    return next < visits.size() ? visits[next] : kNoDay;
  }

  void GoOut(Day day) {
    std::optional<size_t> first;
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (!CanGo(number, day)) continue;
      if (!first || LatestVisit(number) < LatestVisit(*first)) first = number;
    }
    KSTATI_CHECK(first.has_value());
    DayOut trip{day, PlaceFor(*first, day), {}};
    std::vector<size_t> going;
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (CanGo(number, day) && IsAt(tasks_[number], trip.place)) going.push_back(number);
    }
    plan_.trips.push_back(std::move(trip));
    for (const size_t number : going) Visit(number);
    Settle();
    while (JoinReady()) Settle();
  }

  // What has become ready by this very trip, and can be done at the same place.
  bool JoinReady() {
    DayOut& trip = plan_.trips.back();
    bool joined = false;
    for (uint32_t number = 0; number < tasks_.size(); ++number) {
      const bool went = std::ranges::find(trip.tasks, number) != trip.tasks.end();
      if (went || !IsWaiting(number) || next_[number] > trip.day) continue;
      const Task& task = tasks_[number];
      if (!IsAt(task, trip.place)) continue;
      if (WorkingDayFrom(*task.calendar, trip.day) != trip.day) continue;
      Visit(number);
      joined = true;
    }
    return joined;
  }

  void Visit(size_t number) {
    DayOut& trip = plan_.trips.back();
    trip.tasks.push_back(static_cast<uint32_t>(number));
    TaskDays& days = plan_.days[number];
    if (days.visits.empty()) days.start = trip.day;
    days.visits.push_back(trip.day);
  }

  static bool IsAt(const Task& task, const std::string& place) {
    return std::ranges::find(task.places, place) != task.places.end();
  }

  // Where most can be done that day.
  std::string PlaceFor(size_t first, Day day) const {
    std::map<std::string, int> tasks_at;
    for (const std::string& place : tasks_[first].places) tasks_at[place] = 0;
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (!CanGo(number, day)) continue;
      for (auto& [place, count] : tasks_at) count += IsAt(tasks_[number], place) ? 1 : 0;
    }
    KSTATI_CHECK(!tasks_at.empty());
    return std::ranges::max_element(tasks_at, {}, [](const auto& at) { return at.second; })->first;
  }

  // A day past the calendar: what is known of the start stays.
  void LeaveOpen(size_t number) {
    TaskDays& days = plan_.days[number];
    if (days.visits.empty()) days.start = kNoDay;
    days.visits.resize(static_cast<size_t>(tasks_[number].visits), kNoDay);
    days.finish = kNoDay;
  }

  const std::vector<Task>& tasks_;
  Day start_;
  const std::vector<Day>& not_before_;
  const std::vector<TaskDays>& latest_;
  std::vector<uint8_t> done_;
  std::vector<Day> next_;  // the next visit, as soon as the task alone can
  Plan plan_;
};

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
  return TripPlanner(tasks, start, not_before, latest).Make();
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
