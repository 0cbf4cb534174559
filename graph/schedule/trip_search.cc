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

// Tasks that may still be looked at.
class WorkLeft {
 public:
  explicit WorkLeft(int64_t tasks) : tasks_(tasks) {}

  // Whether so many could still be looked at; past the first that could not nothing is done.
  bool Take(size_t tasks) {
    tasks_ -= static_cast<int64_t>(tasks);
    return !is_over();
  }
  bool is_over() const { return tasks_ < 0; }

 private:
  int64_t tasks_;
};

class FinishSearch {
 public:
  FinishSearch(Day at_least, Day finish, int64_t work)
      : at_least_(at_least), best_(finish), work_(work) {}

  void Run(const TripPlanner& planner) { Run({planner, planner.FinishAtLeast()}); }

  FirstFinish Result() && { return {work_.is_over() ? at_least_ : best_, std::move(found_)}; }

 private:
  // How far one is, and when the rest is done at the earliest.
  struct Way {
    TripPlanner planner;
    Day at_least;
  };

  void Run(const Way& way) {
    if (work_.is_over() || best_ <= at_least_ || way.at_least >= best_) return;
    const std::optional<Day> day = way.planner.NextDay();
    if (!day) {
      found_ = way.planner.Finished();
      best_ = found_->finish;
      return;
    }
    for (const Way& next : WaysFrom(way.planner, *day)) Run(next);
  }

  // None of which does less than another. What may be done soonest goes first.
  std::vector<Way> WaysFrom(const TripPlanner& planner, Day day) {
    std::vector<Way> ways;
    std::vector<std::vector<uint32_t>> done;
    for (const std::string& place : planner.PlacesOn(day)) {
      if (!work_.Take(planner.task_count())) return {};
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
      const Day at_least = next.FinishAtLeast();
      ways.push_back({std::move(next), at_least});
    }
    std::ranges::stable_sort(ways, {}, &Way::at_least);
    return ways;
  }

  static bool Includes(const std::vector<uint32_t>& all, const std::vector<uint32_t>& some) {
    return std::ranges::includes(all, some);
  }

  Day at_least_;
  Day best_;
  std::optional<Plan> found_;
  WorkLeft work_;
};

// How far all tasks are, between days out; there is time for all that needs no trip.
using Progress = std::vector<int>;  // visits, by task

class TripCounting {
 public:
  TripCounting(const std::vector<Task>& tasks, int64_t work)
      : tasks_(tasks), work_(work), begun_(tasks.size()), done_(tasks.size()) {
    for (const Task& task : tasks) places_.insert(task.places.begin(), task.places.end());
  }

  // 0: too many ways.
  int64_t Count(int64_t enough) {
    std::set<Progress> reached{Progress(tasks_.size(), 0)};
    std::set<Progress> seen = reached;
    for (int64_t trips = 0; trips < enough; ++trips) {
      if (std::ranges::any_of(reached, [this](const Progress& one) { return IsDone(one); })) {
        return trips;
      }
      std::set<Progress> next;
      for (const Progress& one : reached) {
        for (const std::string& place : places_) {
          if (!work_.Take(tasks_.size())) return 0;
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

  // Givers stand before their takers: of each task it is known how far its givers are.
  Progress After(const Progress& before, const std::string& place) {
    Progress after = before;
    for (size_t number = 0; number < tasks_.size(); ++number) {
      const Task& task = tasks_[number];
      const When ready = ReadyWhen(task);
      const bool is_at = std::ranges::find(task.places, place) != task.places.end();
      if (is_at && after[number] < task.visits && ready != When::kLater) ++after[number];
      begun_[number] = BegunWhen(task, ready, before[number], after[number]);
      done_[number] = DoneWhen(task, ready, before[number], after[number]);
    }
    return after;
  }

  When ReadyWhen(const Task& task) const {
    When when = When::kBefore;
    for (const Need& need : task.needs) {
      when = std::max(when, need.begun ? begun_[need.giver] : done_[need.giver]);
    }
    return when;
  }

  static When BegunWhen(const Task& task, When ready, int before, int after) {
    if (task.visits == 0) return ready;
    if (before > 0) return When::kBefore;
    return after > 0 ? When::kNow : When::kLater;
  }

  static When DoneWhen(const Task& task, When ready, int before, int after) {
    if (task.done_on) return When::kBefore;
    When when = When::kLater;
    if (task.visits == 0) {
      when = ready;
    } else if (before == task.visits) {
      when = When::kBefore;
    } else if (after == task.visits) {
      when = When::kNow;
    }
    const bool takes_days = task.term.unit != TermUnit::kMinutes && task.term.value > 0;
    const bool ends_later = task.visits < 2 && takes_days;
    return when == When::kNow && ends_later ? When::kLater : when;
  }

  const std::vector<Task>& tasks_;
  WorkLeft work_;
  std::set<std::string> places_;
  // By the trip that is looked at, by task.
  std::vector<When> begun_;
  std::vector<When> done_;
};

}  // namespace

FirstFinish FindFirstFinish(const std::vector<Task>& tasks, Day start, Day at_least, Day finish,
                            int64_t work) {
  const std::vector<Day> not_before(tasks.size(), start);
  FinishSearch search(at_least, finish, work);
  search.Run(TripPlanner(tasks, start, not_before));
  return std::move(search).Result();
}

int64_t TripsNeeded(const std::vector<Task>& tasks, int64_t enough, int64_t work) {
  const int64_t at_least = TripsAtLeast(tasks);
  if (at_least >= enough) return enough;
  return std::max(at_least, TripCounting(tasks, work).Count(enough));
}

}  // namespace kstati::graph::schedule
