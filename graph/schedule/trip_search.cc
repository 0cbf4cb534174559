// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/trip_search.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "graph/schedule/bound.h"
#include "graph/schedule/trip_planner.h"

namespace kstati::graph::schedule {
namespace {

constexpr size_t kDaysOutMax = 5'000;
constexpr size_t kStatesMax = 5'000;

class FinishSearch {
 public:
  FinishSearch(Day at_least, Day finish) : at_least_(at_least), best_(finish) {}

  void Run(const TripPlanner& planner) {
    if (is_over_ || best_ <= at_least_ || planner.FinishAtLeast() >= best_) return;
    const std::optional<Day> day = planner.NextDay();
    if (!day) {
      found_ = planner.Finished();
      best_ = found_->finish;
      return;
    }
    for (const TripPlanner& next : Ways(planner, *day)) Run(next);
  }

  FirstFinish Result() && { return {is_over_ ? at_least_ : best_, std::move(found_)}; }

 private:
  // None of which does less than another. What may be done soonest goes first.
  std::vector<TripPlanner> Ways(const TripPlanner& planner, Day day) {
    std::vector<TripPlanner> ways;
    std::vector<std::vector<uint32_t>> done;
    for (const std::string& place : planner.PlacesOn(day)) {
      if (++days_out_ > kDaysOutMax) is_over_ = true;
      TripPlanner next = planner;
      next.GoOut(day, place);
      std::vector<uint32_t> tasks = next.trips().back().tasks;
      std::ranges::sort(tasks);
      if (std::ranges::any_of(done, [&](const auto& other) { return Includes(other, tasks); })) {
        continue;
      }
      for (size_t i = done.size(); i-- > 0;) {
        if (!Includes(tasks, done[i])) continue;
        done.erase(done.begin() + static_cast<std::ptrdiff_t>(i));
        ways.erase(ways.begin() + static_cast<std::ptrdiff_t>(i));
      }
      done.push_back(std::move(tasks));
      ways.push_back(std::move(next));
    }
    std::ranges::stable_sort(ways, {}, &TripPlanner::FinishAtLeast);
    return ways;
  }

  static bool Includes(const std::vector<uint32_t>& all, const std::vector<uint32_t>& some) {
    return std::ranges::includes(all, some);
  }

  Day at_least_;
  Day best_;
  std::optional<Plan> found_;
  size_t days_out_ = 0;
  bool is_over_ = false;
};

// How far all tasks are, between days out; there is time for all that needs no trip.
using Progress = std::vector<int>;  // visits, by task

class TripCounting {
 public:
  explicit TripCounting(const std::vector<Task>& tasks) : tasks_(tasks) {
    for (const Task& task : tasks) places_.insert(task.places.begin(), task.places.end());
  }

  // 0: too many ways.
  int64_t Count(int64_t enough) {
    std::set<Progress> reached{Progress(tasks_.size(), 0)};
    std::set<Progress> seen = reached;
    for (int64_t trips = 0; trips < enough; ++trips) {
      if (seen.size() > kStatesMax) return 0;
      if (std::ranges::any_of(reached, [this](const Progress& one) { return IsDone(one); })) {
        return trips;
      }
      std::set<Progress> next;
      for (const Progress& one : reached) {
        for (const std::string& place : places_) {
          Progress after = After(one, place);
          if (after != one && seen.insert(after).second) next.insert(std::move(after));
        }
      }
      reached = std::move(next);
    }
    return enough;
  }

 private:
  // When a task has begun, or is done: days before the trip, by it, or not yet.
  enum class When { kBefore, kNow, kLater };

  bool IsDone(const Progress& progress) const {
    for (size_t number = 0; number < tasks_.size(); ++number) {
      if (progress[number] < tasks_[number].visits) return false;
    }
    return true;
  }

  Progress After(const Progress& before, const std::string& place) const {
    Progress after = before;
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t number = 0; number < tasks_.size(); ++number) {
        const Task& task = tasks_[number];
        const bool goes = after[number] == before[number] && after[number] < task.visits;
        const bool is_at = std::ranges::find(task.places, place) != task.places.end();
        if (!goes || !is_at || ReadyWhen(number, before, after) == When::kLater) continue;
        ++after[number];
        changed = true;
      }
    }
    return after;
  }

  When ReadyWhen(size_t number, const Progress& before, const Progress& after) const {
    When when = When::kBefore;
    for (const Need& need : tasks_[number].needs) {
      const When met =
          need.begun ? BegunWhen(need.giver, before, after) : DoneWhen(need.giver, before, after);
      when = std::max(when, met);
    }
    return when;
  }

  When BegunWhen(size_t number, const Progress& before, const Progress& after) const {
    if (tasks_[number].visits == 0) return ReadyWhen(number, before, after);
    if (before[number] > 0) return When::kBefore;
    return after[number] > 0 ? When::kNow : When::kLater;
  }

  When DoneWhen(size_t number, const Progress& before, const Progress& after) const {
    const Task& task = tasks_[number];
    if (task.done_on) return When::kBefore;
    When when = When::kLater;
    if (task.visits == 0) {
      when = ReadyWhen(number, before, after);
    } else if (before[number] == task.visits) {
      when = When::kBefore;
    } else if (after[number] == task.visits) {
      when = When::kNow;
    }
    const bool takes_days = task.term.unit != TermUnit::kMinutes && task.term.value > 0;
    const bool ends_later = task.visits < 2 && takes_days;
    return when == When::kNow && ends_later ? When::kLater : when;
  }

  const std::vector<Task>& tasks_;
  std::set<std::string> places_;
};

}  // namespace

FirstFinish FindFirstFinish(const std::vector<Task>& tasks, Day start, Day at_least, Day finish) {
  const std::vector<Day> not_before(tasks.size(), start);
  FinishSearch search(at_least, finish);
  search.Run(TripPlanner(tasks, start, not_before));
  return std::move(search).Result();
}

int64_t TripsNeeded(const std::vector<Task>& tasks, int64_t enough) {
  const int64_t at_least = TripsAtLeast(tasks);
  if (at_least >= enough) return enough;
  return std::max(at_least, TripCounting(tasks).Count(enough));
}

}  // namespace kstati::graph::schedule
