// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/trip_planner.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/check.h"
#include "graph/schedule/days.h"

namespace kstati::graph::schedule {
namespace {

bool IsAt(const Task& task, const std::string& place) {
  return std::ranges::find(task.places, place) != task.places.end();
}

}  // namespace

TripPlanner::TripPlanner(const std::vector<Task>& tasks, Day start,
                         const std::vector<Day>& not_before)
    : tasks_(&tasks),
      start_(start),
      not_before_(&not_before),
      done_(tasks.size(), 0),
      next_(tasks.size(), kNoDay) {
  plan_.days.resize(tasks.size());
  Settle();
}

bool TripPlanner::IsReady(const Task& task) const {
  return std::ranges::all_of(task.needs, [this](const Need& need) {
    const bool has_begun = !plan_.days[need.giver].visits.empty();
    return done_[need.giver] != 0 || (need.begun && has_begun);
  });
}

// Ends what needs no visit any more, and finds when each next visit may be.
void TripPlanner::Settle() {
  for (size_t number = 0; number < tasks_->size(); ++number) {
    const Task& task = (*tasks_)[number];
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

Day TripPlanner::EarliestOf(size_t number) const {
  return std::max(start_, (*not_before_)[number]);
}

Day TripPlanner::FirstFreeDay() const {
  return plan_.trips.empty() ? start_ : plan_.trips.back().day + 1;
}

bool TripPlanner::IsWaiting(size_t number) const {
  return done_[number] == 0 && next_[number] != kNoDay && IsReady((*tasks_)[number]);
}

// On which day the task's next visit would be if it were the next trip.
Day TripPlanner::DayOf(size_t number) const {
  return WorkingDayFrom(*(*tasks_)[number].calendar, std::max(next_[number], FirstFreeDay()));
}

std::optional<Day> TripPlanner::NextDay() const {
  Day first = kNoDay;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    if (IsWaiting(number)) first = std::min(first, DayOf(number));
  }
  return first == kNoDay ? std::nullopt : std::optional(first);
}

bool TripPlanner::CanGo(size_t number, Day day) const {
  return IsWaiting(number) && DayOf(number) == day;
}

std::vector<std::string> TripPlanner::PlacesOn(Day day) const {
  std::set<std::string> places;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    if (CanGo(number, day)) {
      places.insert((*tasks_)[number].places.begin(), (*tasks_)[number].places.end());
    }
  }
  return {places.begin(), places.end()};
}

std::string TripPlanner::ChoosePlace(Day day, const std::vector<TaskDays>& latest) const {
  const auto latest_visit = [&](size_t number) {
    const std::vector<Day>& visits = latest[number].visits;
    const size_t next = plan_.days[number].visits.size();
    return next < visits.size() ? visits[next] : kNoDay;
  };
  std::optional<size_t> first;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    if (!CanGo(number, day)) continue;
    if (!first || latest_visit(number) < latest_visit(*first)) first = number;
  }
  KSTATI_CHECK(first.has_value());
  return PlaceFor(*first, day);
}

// Where most can be done that day.
std::string TripPlanner::PlaceFor(size_t first, Day day) const {
  std::map<std::string, int> tasks_at;
  for (const std::string& place : (*tasks_)[first].places) tasks_at[place] = 0;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    if (!CanGo(number, day)) continue;
    for (auto& [place, count] : tasks_at) count += IsAt((*tasks_)[number], place) ? 1 : 0;
  }
  KSTATI_CHECK(!tasks_at.empty());
  return std::ranges::max_element(tasks_at, {}, [](const auto& at) { return at.second; })->first;
}

void TripPlanner::GoOut(Day day, const std::string& place) {
  std::vector<size_t> going;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    if (CanGo(number, day) && IsAt((*tasks_)[number], place)) going.push_back(number);
  }
  plan_.trips.push_back({day, place, {}});
  for (const size_t number : going) Visit(number);
  Settle();
  while (JoinReady()) Settle();
}

// What has become ready by this very trip, and can be done at the same place.
bool TripPlanner::JoinReady() {
  DayOut& trip = plan_.trips.back();
  bool joined = false;
  for (uint32_t number = 0; number < tasks_->size(); ++number) {
    const bool went = std::ranges::find(trip.tasks, number) != trip.tasks.end();
    if (went || !IsWaiting(number) || next_[number] > trip.day) continue;
    const Task& task = (*tasks_)[number];
    if (!IsAt(task, trip.place)) continue;
    if (WorkingDayFrom(*task.calendar, trip.day) != trip.day) continue;
    Visit(number);
    joined = true;
  }
  return joined;
}

void TripPlanner::Visit(size_t number) {
  DayOut& trip = plan_.trips.back();
  trip.tasks.push_back(static_cast<uint32_t>(number));
  TaskDays& days = plan_.days[number];
  if (days.visits.empty()) days.start = trip.day;
  days.visits.push_back(trip.day);
}

Day TripPlanner::FinishAtLeast() const {
  std::vector<TaskDays> days = plan_.days;
  Day finish = start_;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    const Task& task = (*tasks_)[number];
    TaskDays& own = days[number];
    if (done_[number] == 0) {
      const auto visits = static_cast<size_t>(task.visits);
      if (own.visits.empty()) own.start = ReadyDay(task, days, EarliestOf(number));
      while (own.visits.size() < visits) {
        const Day next = own.visits.empty() ? own.start : NextVisit(task, own);
        own.visits.push_back(WorkingDayFrom(*task.calendar, std::max(next, FirstFreeDay())));
        own.start = own.visits.front();
      }
      own.finish = FinishOf(task, own);
    }
    finish = std::max(finish, own.finish);
  }
  return finish;
}

Plan TripPlanner::Finished() const {
  Plan plan = plan_;
  plan.finish = start_;
  for (size_t number = 0; number < tasks_->size(); ++number) {
    TaskDays& days = plan.days[number];
    if (done_[number] == 0) {
      // A day past the calendar: what is known of the start stays.
      if (days.visits.empty()) days.start = kNoDay;
      days.visits.resize(static_cast<size_t>((*tasks_)[number].visits), kNoDay);
      days.finish = kNoDay;
    }
    plan.finish = std::max(plan.finish, days.finish);
  }
  return plan;
}

}  // namespace kstati::graph::schedule
