// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/schedule.h"

#include <algorithm>
#include <utility>

#include "graph/schedule/bound.h"
#include "graph/schedule/days.h"
#include "graph/schedule/trip_search.h"
#include "graph/schedule/trips.h"

namespace kstati::graph::schedule {
namespace {

// How often something that expires is put off before it is said to lapse.
constexpr int kPutOffMax = 400;
constexpr int kPassesMax = 8;
// How many days the last safe start is looked for.
constexpr int kStartsMax = 60;

// Whether other ways are looked for where the longest wait first is not shown to be the best.
enum class Effort { kSearches, kTakesTheFirst };

// Plans of the same tasks from the same day, put off here and there.
class Planner {
 public:
  Planner(const std::vector<Task>& tasks, Day start, Effort effort)
      : tasks_(tasks), start_(start), not_before_(tasks.size(), start) {
    const std::vector<TaskDays> earliest = Earliest();
    Day finish = start;
    for (const TaskDays& days : earliest) finish = std::max(finish, days.finish);
    if (finish == kNoDay || !FindLatestDays(Free(), earliest, finish, NoCaps(tasks), latest_)) {
      latest_ = earliest;  // first come, first served
    }
    plan_ = Make();
    if (effort == Effort::kSearches && plan_.finish != kNoDay) LookForSooner(earliest, finish);
    KeepWhatIsUsed();
    if (plan_.finish == kNoDay) return;
    ShareTrips();
    // One that is later may leave its day to another.
    for (int passes = 0; passes < kPassesMax && PutOffWhatExpires(); ++passes) {
    }
  }

  const Plan& plan() const { return plan_; }
  // No plan is done sooner; where one was looked for, and the calendar tells.
  Day first_finish() const { return first_finish_; }

  // As early as can be, when what expires is not had before it has to be.
  std::vector<TaskDays> Earliest() const {
    return EarliestDays(tasks_, start_, std::vector<Day>(tasks_.size(), start_));
  }

  std::vector<Lapse> Lapses(const Plan& plan) const {
    std::vector<Lapse> lapses;
    for (uint32_t taker = 0; taker < tasks_.size(); ++taker) {
      if (plan.days[taker].start == kNoDay) continue;
      for (const Need& need : tasks_[taker].needs) {
        const Day last = LastDayOf(need, plan.days[need.giver].finish);
        if (plan.days[taker].start > last) lapses.push_back({need.giver, taker, Date{last}});
      }
    }
    return lapses;
  }

  std::vector<uint32_t> Late(const Plan& plan) const {
    std::vector<uint32_t> late;
    for (uint32_t task = 0; task < tasks_.size(); ++task) {
      const auto& by = tasks_[task].begin_by;
      if (by && plan.days[task].start > by->days) late.push_back(task);
    }
    return late;
  }

 private:
  // Of plans that are done sooner one takes the place of the first, if nothing expires by it or
  // gets late. `finish` is that of a person who can be in many places at once.
  void LookForSooner(const std::vector<TaskDays>& earliest, Day finish) {
    first_finish_ = FirstPossibleFinish(tasks_, earliest, finish, plan_.finish);
    if (first_finish_ == plan_.finish) return;
    FirstFinish found = FindFirstFinish(tasks_, start_, first_finish_, plan_.finish);
    first_finish_ = found.day;
    if (!found.plan || Lapses(*found.plan).size() > Lapses(plan_).size()) return;
    if (Late(*found.plan).size() > Late(plan_).size()) return;
    plan_ = std::move(*found.plan);
    latest_ = plan_.days;  // what is planned anew keeps its order
  }

  // Where lateness does not matter.
  std::vector<Task> Free() const {
    std::vector<Task> free = tasks_;
    for (Task& task : free) task.begin_by.reset();
    return free;
  }

  Plan Make() const { return PlanTrips(tasks_, start_, not_before_, latest_); }

  // Puts off the givers of what lapses until nothing does, but for what has begun; changes nothing
  // when that does not help.
  void KeepWhatIsUsed() {
    const Plan first = plan_;
    const size_t lapsing = Lapses(first).size();
    for (int tries = 0; tries < kPutOffMax && plan_.finish != kNoDay; ++tries) {
      const std::vector<Lapse> lapses = Lapses(plan_);
      bool is_put_off = false;
      for (const Lapse& lapse : lapses) {
        if (tasks_[lapse.giver].done_on) continue;
        PutOffGiver(lapse);
        is_put_off = true;
      }
      if (!is_put_off && lapses.size() <= lapsing) return;
      if (!is_put_off) break;
      plan_ = Make();
    }
    if (first.finish == kNoDay) return;
    plan_ = first;
    not_before_.assign(tasks_.size(), start_);
  }

  // Its document lasts as long as it is used, unless its use is put off with it.
  void PutOffGiver(const Lapse& lapse) {
    const Day used = plan_.days[lapse.taker].start;
    const Day lacking = used - lapse.last_day.days;
    const Day start = plan_.days[lapse.giver].start;
    Day later = 1;
    while (later < lacking && LastDayFrom(lapse, start + later) < used) ++later;
    not_before_[lapse.giver] = std::max(not_before_[lapse.giver], start + later);
  }

  // The last day of what lapses, when its giver begins on `start` and is not held up.
  Day LastDayFrom(const Lapse& lapse, Day start) const {
    const Task& giver = tasks_[lapse.giver];
    TaskDays days;
    days.start = giver.visits > 0 ? WorkingDayFrom(*giver.calendar, start) : start;
    if (giver.visits > 0) days.visits.push_back(days.start);
    while (days.visits.size() < static_cast<size_t>(giver.visits)) {
      days.visits.push_back(NextVisit(giver, days));
    }
    Day last = kNoDay;
    for (const Need& need : tasks_[lapse.taker].needs) {
      if (need.giver == lapse.giver) last = std::min(last, LastDayOf(need, FinishOf(giver, days)));
    }
    return last;
  }

  bool IsNoWorse(const Plan& other) const {
    return other.finish <= plan_.finish && other.trips.size() <= plan_.trips.size() &&
           Lapses(other).size() <= Lapses(plan_).size() && Late(other).size() <= Late(plan_).size();
  }

  // Keeps the change when it costs nothing.
  bool Try(const std::vector<Day>& not_before, bool fewer_trips) {
    Plan other = PlanTrips(tasks_, start_, not_before, latest_);
    if (!IsNoWorse(other)) return false;
    if (fewer_trips && other.trips.size() >= plan_.trips.size()) return false;
    plan_ = std::move(other);
    not_before_ = not_before;
    return true;
  }

  // A trip that can wait for a later one to the same place is saved.
  void ShareTrips() {
    for (bool shared = true; shared;) {
      shared = false;
      for (size_t trip = 0; trip < plan_.trips.size() && !shared; ++trip) shared = PutOff(trip);
    }
  }

  bool PutOff(size_t trip) {
    const DayOut out = plan_.trips[trip];
    for (size_t later = trip + 1; later < plan_.trips.size(); ++later) {
      std::vector<Day> not_before = not_before_;
      bool all = true;
      for (const uint32_t task : out.tasks) {
        const auto& places = tasks_[task].places;
        const bool at = std::ranges::find(places, plan_.trips[later].place) != places.end();
        all = all && at && plan_.days[task].visits.front() == out.day;
        not_before[task] = plan_.trips[later].day;
      }
      if (all && Try(not_before, true)) return true;
    }
    return false;
  }

  // What expires is had as late as costs nobody a day, where somebody uses it.
  // False: all is as late already.
  bool PutOffWhatExpires() {
    bool any = false;
    for (uint32_t giver = static_cast<uint32_t>(tasks_.size()); giver-- > 0;) {
      Day used = kNoDay;
      bool expires = false;
      for (size_t taker = 0; taker < tasks_.size(); ++taker) {
        for (const Need& need : tasks_[taker].needs) {
          if (need.giver != giver) continue;
          used = std::min(used, plan_.days[taker].start);
          expires = expires || need.valid_for.has_value();
        }
      }
      const bool can_wait = !tasks_[giver].done_on;
      if (expires && can_wait && used != kNoDay) any |= PutOffUntil(giver, used);
    }
    return any;
  }

  // The last start with the result there when it is used. What a day costs depends on the trips
  // around it, so that each has to be tried.
  bool PutOffUntil(uint32_t giver, Day used) {
    const Day first = plan_.days[giver].start;
    const Day last = LatestStart(tasks_[giver], first, used);
    const Plan plan_before = plan_;
    const std::vector<Day> before = not_before_;
    for (Day day = last; day > first && day > last - kPutOffMax; --day) {
      std::vector<Day> not_before = before;
      not_before[giver] = day;
      std::optional<Plan> moved = MovedTo(day, giver, tasks_, plan_);
      if (moved && IsNoWorse(*moved)) {
        plan_ = std::move(*moved);
        not_before_ = std::move(not_before);
        return true;
      }
      if (Try(not_before, false) && TakersStay(giver, plan_before)) return true;
      plan_ = plan_before;
      not_before_ = before;
    }
    return false;
  }

  bool TakersStay(uint32_t giver, const Plan& before) const {
    for (size_t taker = 0; taker < tasks_.size(); ++taker) {
      for (const Need& need : tasks_[taker].needs) {
        if (need.giver == giver && plan_.days[taker].start > before.days[taker].start) return false;
      }
    }
    return true;
  }

  const std::vector<Task>& tasks_;
  Day start_;
  std::vector<Day> not_before_;
  std::vector<TaskDays> latest_;
  Plan plan_;
  Day first_finish_ = kNoDay;
};

int64_t WorkingDays(const WorkingCalendar& calendar, Day from, Day to) {
  const Result<int64_t> days = calendar.WorkingDaysBetween(Date{from}, Date{to});
  return days ? *days : to - from;
}

// `described`: the tasks before it.
Scheduled Describe(const std::vector<Task>& tasks, const Plan& plan, uint32_t number, Day start,
                   const std::vector<Scheduled>& described) {
  const TaskDays& days = plan.days[number];
  Scheduled scheduled;
  Day known = start;
  Day latest = start;
  for (const Need& need : tasks[number].needs) {
    const Day met = MetOn(need, plan.days);
    known = std::max(known, met != kNoDay ? met : described[need.giver].start.days);
    // The result of what has begun may come on the very day; still it is waited for.
    const bool awaited = tasks[need.giver].done_on.has_value();
    if (met < latest || (met == latest && !awaited)) continue;
    scheduled.waits_for = need.giver;
    latest = met;
  }
  scheduled.has_begun = tasks[number].done_on.has_value();
  scheduled.start_known = days.start != kNoDay;
  scheduled.start = Date{scheduled.start_known ? days.start : known};
  if (days.finish != kNoDay) scheduled.finish = Date{days.finish};
  for (const Day visit : days.visits) {
    if (visit != kNoDay) scheduled.visits.push_back(Date{visit});
  }
  return scheduled;
}

void AddSlack(const std::vector<Task>& tasks, const Plan& plan, Schedule& schedule) {
  const std::vector<TaskDays> latest = SlackOf(tasks, plan);
  std::pair<int64_t, Day> best{kNoDay, 0};  // the least slack, then the longest
  for (uint32_t number = 0; number < tasks.size(); ++number) {
    Scheduled& task = schedule.tasks[number];
    const WorkingCalendar& calendar = *tasks[number].calendar;
    if (tasks[number].done_on) {
      task.slack = WorkingDays(calendar, plan.days[number].finish, latest[number].finish);
    } else {
      task.latest_start = Date{latest[number].start};
      task.slack = WorkingDays(calendar, task.start.days, latest[number].start);
    }
    task.critical = task.slack == 0;
    const Day length = plan.days[number].finish - plan.days[number].start;
    if (std::pair(task.slack, -length) >= best) continue;
    best = {task.slack, -length};
    schedule.bottleneck = number;
  }
}

// Tasks that must begin by some day, and all that they wait for.
std::vector<Task> WhatIsDue(const std::vector<Task>& tasks) {
  std::vector<uint8_t> due(tasks.size(), 0);
  for (size_t number = tasks.size(); number-- > 0;) {
    if (LastDayToBegin(tasks, tasks[number]) != kNoDay) due[number] = 1;
    if (due[number] == 0) continue;
    for (const Need& need : tasks[number].needs) due[need.giver] = 1;
  }
  std::vector<uint32_t> new_number(tasks.size(), 0);
  std::vector<Task> kept;
  for (size_t number = 0; number < tasks.size(); ++number) {
    if (due[number] == 0) continue;
    new_number[number] = static_cast<uint32_t>(kept.size());
    kept.push_back(tasks[number]);
    for (Need& need : kept.back().needs) need.giver = new_number[need.giver];
  }
  return kept;
}

Day LastKnownDay(const std::vector<Task>& tasks) {
  Day last = kNoDay;
  for (const Task& task : tasks) {
    if (task.calendar->empty()) continue;
    last = std::min(last, Date::Of(task.calendar->last_year(), 12, 31).days);
  }
  return last;
}

}  // namespace

Schedule MakeSchedule(const std::vector<Task>& tasks, Date start) {
  const Planner planner(tasks, start.days, Effort::kSearches);
  const Plan& plan = planner.plan();
  Schedule schedule;
  for (uint32_t number = 0; number < tasks.size(); ++number) {
    schedule.tasks.push_back(Describe(tasks, plan, number, start.days, schedule.tasks));
  }
  for (const DayOut& trip : plan.trips) {
    schedule.trips.push_back({Date{trip.day}, trip.place, trip.tasks});
  }
  schedule.lapses = planner.Lapses(plan);
  schedule.late = planner.Late(plan);
  if (plan.finish == kNoDay || tasks.empty()) return schedule;
  schedule.finish = Date{plan.finish};
  schedule.days_more_at_most =
      WorkingDays(*tasks.front().calendar, planner.first_finish(), plan.finish);
  const auto trips = static_cast<int64_t>(plan.trips.size());
  schedule.trips_more_at_most = trips - TripsNeeded(tasks, trips);
  AddSlack(tasks, plan, schedule);
  return schedule;
}

std::optional<SafeStart> LastSafeStart(const std::vector<Task>& all, Date start,
                                       std::optional<Date> finish_by) {
  const std::vector<Task> tasks = finish_by ? all : WhatIsDue(all);
  const auto is_safe = [&](Day day) {
    const Planner planner(tasks, day, Effort::kTakesTheFirst);
    const Plan& plan = planner.plan();
    const bool done = !finish_by || plan.finish <= finish_by->days;
    return done && planner.Late(plan).empty() && planner.Lapses(plan).empty();
  };
  if (tasks.empty() || !is_safe(start.days)) return std::nullopt;
  const std::vector<TaskDays> earliest =
      EarliestDays(tasks, start.days, std::vector<Day>(tasks.size(), start.days));
  const Day known = LastKnownDay(tasks);
  const Day by = finish_by ? std::min(finish_by->days, known) : known;
  Caps caps = NoCaps(tasks);
  for (size_t number = 0; number < tasks.size(); ++number) {
    caps.start[number] = LastDayToBegin(tasks, tasks[number]);
  }
  // Without trips in the way nobody may begin later than this.
  std::vector<TaskDays> latest;
  if (!FindLatestDays(tasks, earliest, by, caps, latest)) return std::nullopt;
  Day last = kNoDay;
  for (size_t number = 0; number < tasks.size(); ++number) {
    if (!tasks[number].done_on) last = std::min(last, latest[number].start);
  }
  if (last == kNoDay) return std::nullopt;
  const Day first_tried = std::max(start.days, last - kStartsMax);
  for (Day day = last; day > first_tried; --day) {
    if (is_safe(day)) return SafeStart{Date{day}, day == last};
  }
  return SafeStart{start, last == start.days};
}

}  // namespace kstati::graph::schedule
