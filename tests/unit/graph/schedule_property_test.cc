// SPDX-License-Identifier: Apache-2.0
//
// Schedules of small random chains against all ways to put their visits on days.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "graph/schedule/schedule.h"

namespace kstati::graph::schedule {
namespace {

// 2026 with a long holiday in March, a working Saturday and single days off.
const WorkingCalendar& Common() {
  static const WorkingCalendar calendar(
      {WorkingCalendar::Year{2026,
                             {Date::Of(2026, 3, 9), Date::Of(2026, 3, 10), Date::Of(2026, 3, 11),
                              Date::Of(2026, 3, 18), Date::Of(2026, 3, 30)},
                             {Date::Of(2026, 3, 21)},
                             "made up"}});
  return calendar;
}

// Another authority, which is closed on Fridays.
const WorkingCalendar& Short() {
  static const WorkingCalendar calendar = [] {
    WorkingCalendar::Year year{2026, {}, {}, "made up"};
    for (Date day = Date::Of(2026, 1, 2); day < Date::Of(2027, 1, 1); day = day.AddDays(7)) {
      year.days_off.insert(day);
    }
    return WorkingCalendar({year});
  }();
  return calendar;
}

// Every way to put tasks on days, one after the other, that is done by a day. Independent of the
// schedule's own code.
class AllPlans {
 public:
  AllPlans(const std::vector<Task>& tasks, Date start, int64_t by)
      : tasks_(tasks), start_(start.days), best_(by + 1) {}

  // The first day on which all can be done, when it is not after `by`. A task in `held_back` begins
  // no sooner than that day.
  std::optional<int64_t> Finish(std::map<size_t, int64_t> held_back = {}) {
    held_back_ = std::move(held_back);
    const int64_t none = best_;
    Place(0, start_);
    return best_ == none ? std::nullopt : std::optional(best_);
  }

  // On how few days out all can be done by then, when that is fewer than `trips`; else these.
  size_t FewestTrips(size_t trips) {
    fewest_trips_ = trips;
    Place(0, start_);
    return *fewest_trips_;
  }

 private:
  struct Days {
    int64_t start = 0;
    int64_t finish = 0;
    int visits = 0;
  };

  void Place(size_t number, int64_t finish) {
    if (finish >= best_) return;
    if (fewest_trips_ && places_.size() >= *fewest_trips_) return;
    if (number == tasks_.size() && fewest_trips_) {
      fewest_trips_ = places_.size();
      return;
    }
    if (number == tasks_.size()) {
      best_ = finish;
      return;
    }
    const Task& task = tasks_[number];
    if (task.done_on) {
      days_[number] = {start_, *task.done_on, 0};
      Place(number + 1, std::max(finish, *task.done_on));
      return;
    }
    int64_t from = start_;
    if (held_back_.contains(number)) from = std::max(from, held_back_[number]);
    for (const Need& need : task.needs) {
      const Days& giver = days_[need.giver];
      from = std::max(from, need.begun ? giver.start : giver.finish);
    }
    for (int64_t day = from; day < best_; ++day) {
      if (!InTime(task, day)) break;
      days_[number] = {day, 0, 0};
      if (task.visits == 0) {
        Finish(number, finish);
        if (!IsGiverOfWhatExpires(number)) break;
      } else {
        VisitFrom(number, day, finish, true);
      }
    }
  }

  bool InTime(const Task& task, int64_t day) const {
    if (task.begin_by && day > task.begin_by->days) return false;
    return std::ranges::all_of(task.needs, [&](const Need& need) {
      if (!need.valid_for) return true;
      return day <= need.valid_for->After(Date{days_.at(need.giver).finish}).days;
    });
  }

  bool IsGiverOfWhatExpires(size_t number) const {
    return std::ranges::any_of(tasks_, [number](const Task& task) {
      return std::ranges::any_of(task.needs, [number](const Need& need) {
        return need.giver == number && need.valid_for.has_value();
      });
    });
  }

  // The next visit on `day`, and all days after it when it is not the first.
  void VisitFrom(size_t number, int64_t day, int64_t finish, bool only_this_day) {
    const Task& task = tasks_[number];
    for (; day < best_; ++day) {
      const auto working = task.calendar->IsWorkingDay(Date{day});
      if (working && *working) Visit(number, day, finish);
      if (only_this_day) return;
    }
  }

  void Visit(size_t number, int64_t day, int64_t finish) {
    const Task& task = tasks_[number];
    const Days before = days_[number];
    const bool is_last = before.visits + 1 == task.visits;
    if (is_last && task.visits > 1 && day < End(task, before.start)) return;
    const auto known = places_.find(day);
    const bool is_new = known == places_.end();
    const std::set<std::string> old = is_new ? std::set<std::string>() : known->second;
    std::set<std::string> common;
    for (const std::string& place : task.places) {
      if (is_new || old.contains(place)) common.insert(place);
    }
    if (common.empty()) return;
    places_[day] = common;
    ++days_[number].visits;
    if (is_last) {
      last_visit_ = day;
      Finish(number, finish);
    } else {
      VisitFrom(number, day + 1, finish, false);
    }
    days_[number] = before;
    if (is_new) {
      places_.erase(day);
    } else {
      places_[day] = old;
    }
  }

  void Finish(size_t number, int64_t finish) {
    const Task& task = tasks_[number];
    Days& days = days_[number];
    days.finish = task.visits > 1 ? last_visit_ : End(task, days.start);
    Place(number + 1, std::max(finish, days.finish));
  }

  static int64_t End(const Task& task, int64_t start) {
    return task.calendar->EndOfTerm(Date{start}, task.term).value().days;
  }

  const std::vector<Task>& tasks_;
  int64_t start_;
  int64_t best_;
  int64_t last_visit_ = 0;
  std::optional<size_t> fewest_trips_;  // when these are looked for
  std::map<size_t, int64_t> held_back_;
  std::map<size_t, Days> days_;
  std::map<int64_t, std::set<std::string>> places_;
};

constexpr Date kStart{20'513};  // 2026-03-01, a Sunday

Term RandomTerm(std::mt19937& random) {
  switch (random() % 5) {
    case 0: return {15, TermUnit::kMinutes};
    case 1: return {static_cast<int64_t>(random() % 9), TermUnit::kCalendarDays};
    default: return {static_cast<int64_t>(random() % 5), TermUnit::kWorkingDays};
  }
}

std::vector<Task> RandomTasks(std::mt19937& random, bool with_validity) {
  std::vector<Task> tasks(2 + random() % 4);
  int visits = 0;
  for (size_t number = 0; number < tasks.size(); ++number) {
    Task& task = tasks[number];
    task.term = RandomTerm(random);
    task.calendar = random() % 4 == 0 ? &Short() : &Common();
    task.visits = std::min<int>(static_cast<int>(random() % 3), 4 - visits);
    visits += task.visits;
    for (const char* place : {"a", "b", "c"}) {
      if (random() % 3 == 0) task.places.emplace_back(place);
    }
    if (task.places.empty()) task.places.emplace_back("d");
    for (uint32_t giver = 0; giver < number; ++giver) {
      if (random() % 5 >= 2) continue;
      Need need{giver, std::nullopt};
      if (with_validity && random() % 2 == 0) need.valid_for = Period{0, 1 + int(random() % 12)};
      task.needs.push_back(need);
    }
  }
  return tasks;
}

// Some of the tasks have begun: they need no trip and wait for nobody.
void Begin(std::mt19937& random, std::vector<Task>& tasks) {
  for (Task& task : tasks) {
    if (random() % 3 != 0) continue;
    task.visits = 0;
    task.needs.clear();
    task.done_on = kStart.days + static_cast<int64_t>(random() % 12);
  }
}

// Some of the tasks must not begin before others, and wait for nothing more of them.
void OrderStarts(std::mt19937& random, std::vector<Task>& tasks) {
  for (Task& task : tasks) {
    for (Need& need : task.needs) need.begun = !need.valid_for && random() % 2 == 0;
  }
}

int Scale() {
  const char* scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : std::max(1, std::atoi(scale));
}

// What a schedule says of itself.
void ExpectKept(const std::vector<Task>& tasks, const Schedule& schedule) {
  std::map<Date, std::string> place_on;
  for (const Trip& trip : schedule.trips) {
    EXPECT_TRUE(place_on.emplace(trip.day, trip.place).second) << "two trips on a day";
  }
  for (size_t number = 0; number < tasks.size(); ++number) {
    const Task& task = tasks[number];
    const Scheduled& days = schedule.tasks[number];
    ASSERT_TRUE(days.finish.has_value());
    EXPECT_GE(days.start, kStart);
    EXPECT_EQ(static_cast<int>(days.visits.size()), task.visits);
    EXPECT_TRUE(std::ranges::is_sorted(days.visits, std::less_equal<>()));
    if (task.done_on) {
      EXPECT_EQ(*days.finish, Date{*task.done_on}) << "it has begun";
      continue;
    }
    const Date end = task.calendar->EndOfTerm(days.start, task.term).value();
    if (task.visits > 0) {
      EXPECT_EQ(days.visits.front(), days.start);
    }
    if (task.visits <= 1) {
      EXPECT_EQ(*days.finish, end);
    }
    if (task.visits > 1) {
      EXPECT_EQ(*days.finish, days.visits.back());
    }
    EXPECT_GE(*days.finish, end);
    for (const Date visit : days.visits) {
      EXPECT_TRUE(task.calendar->IsWorkingDay(visit).value());
      EXPECT_TRUE(std::ranges::count(task.places, place_on[visit])) << "another place";
    }
    for (const Need& need : task.needs) {
      const Scheduled& giver = schedule.tasks[need.giver];
      EXPECT_GE(days.start, need.begun ? giver.start : *giver.finish);
      const bool lapses = std::ranges::any_of(schedule.lapses, [&](const Lapse& lapse) {
        return lapse.giver == need.giver && lapse.taker == number;
      });
      if (need.valid_for && !lapses) {
        EXPECT_LE(days.start, need.valid_for->After(*giver.finish));
      }
    }
    EXPECT_LE(*days.finish, *schedule.finish);
  }
}

TEST(SchedulePropertyTest, NoWayToPutVisitsOnDaysBeatsWhatIsClaimed) {
  std::mt19937 random(7);
  const int count = 600 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Task> tasks = RandomTasks(random, false);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    ExpectKept(tasks, schedule);
    ASSERT_TRUE(schedule.finish.has_value());
    const auto first = AllPlans(tasks, kStart, schedule.finish->days).Finish();
    ASSERT_TRUE(first.has_value()) << "the schedule is none of all";
    const auto more =
        tasks.front().calendar->WorkingDaysBetween(Date{*first}, *schedule.finish).value();
    ASSERT_EQ(more, 0);
    ASSERT_EQ(*first, schedule.finish->days);
    ASSERT_EQ(schedule.days_more_at_most, 0) << "where nothing expires all is searched";
  }
}

// When all is done that is done one task after the other, each visit on a day on which everybody is
// open. Any plan can be pressed together until no trip waits for more than a term or a day off, so
// that none with as few trips needs longer.
int64_t LongestNeeded(const std::vector<Task>& tasks) {
  const auto open_from = [](int64_t day) {
    while (!Common().IsWorkingDay(Date{day}).value() || !Short().IsWorkingDay(Date{day}).value()) {
      ++day;
    }
    return day;
  };
  int64_t day = kStart.days;
  for (const Task& task : tasks) {
    for (int visit = 0; visit < task.visits; ++visit) day = open_from(day + 1);
    day = task.calendar->EndOfTerm(Date{day}, task.term).value().days;
    day = open_from(day + 1);
  }
  constexpr int64_t kDaysOff = 10;  // the terms may lie otherwise to the holidays
  return day + kDaysOff;
}

TEST(SchedulePropertyTest, NoWayToPutVisitsOnDaysTakesFewerTripsThanIsClaimed) {
  std::mt19937 random(9);
  int proven = 0;
  const int count = 200 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Task> tasks = RandomTasks(random, false);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    ASSERT_TRUE(schedule.finish.has_value());
    const auto trips = static_cast<int64_t>(schedule.trips.size());
    ASSERT_GE(schedule.trips_more_at_most, 0);
    const int64_t by = std::max(schedule.finish->days, LongestNeeded(tasks));
    const auto claimed = static_cast<size_t>(trips - schedule.trips_more_at_most);
    ASSERT_EQ(AllPlans(tasks, kStart, by).FewestTrips(claimed + 1), claimed);
    proven += schedule.trips_more_at_most == 0 ? 1 : 0;
  }
  EXPECT_GT(proven, count / 2) << "the bound is too low to tell anything";
  std::printf("%d schedules: the trips of %d are proven fewest\n", count, proven);
}

TEST(SchedulePropertyTest, NoWayToKeepTheOrderOfStartsBeatsWhatIsClaimed) {
  std::mt19937 random(11);
  const int count = 300 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    std::vector<Task> tasks = RandomTasks(random, i % 2 == 0);
    OrderStarts(random, tasks);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    ExpectKept(tasks, schedule);
    if (!schedule.finish || !schedule.lapses.empty()) continue;
    const auto first = AllPlans(tasks, kStart, schedule.finish->days).Finish();
    ASSERT_TRUE(first.has_value()) << "the schedule is none of all";
    const auto more =
        tasks.front().calendar->WorkingDaysBetween(Date{*first}, *schedule.finish).value();
    ASSERT_LE(more, schedule.days_more_at_most);
    for (size_t number = 0; number < tasks.size(); ++number) {
      const std::map<size_t, int64_t> held{{number, schedule.tasks[number].latest_start->days}};
      EXPECT_TRUE(AllPlans(tasks, kStart, schedule.finish->days).Finish(held).has_value())
          << "task " << number << " has less slack";
    }
  }
}

// As above, of tasks some of which have begun.
TEST(SchedulePropertyTest, NoWayToGoOnFromWhatHasBegunBeatsWhatIsClaimed) {
  std::mt19937 random(13);
  int begun = 0;
  int lapsed = 0;
  int missed = 0;
  const int count = 400 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    std::vector<Task> tasks = RandomTasks(random, i % 2 == 0);
    Begin(random, tasks);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    ExpectKept(tasks, schedule);
    ASSERT_TRUE(schedule.finish.has_value());
    if (!schedule.lapses.empty()) {
      ++lapsed;
      missed += AllPlans(tasks, kStart, kStart.days + 25).Finish() ? 1 : 0;
      continue;
    }
    const auto first = AllPlans(tasks, kStart, schedule.finish->days).Finish();
    ASSERT_TRUE(first.has_value()) << "the schedule is none of all";
    const auto more =
        tasks.front().calendar->WorkingDaysBetween(Date{*first}, *schedule.finish).value();
    ASSERT_LE(more, schedule.days_more_at_most);
    for (size_t number = 0; number < tasks.size(); ++number) {
      begun += tasks[number].done_on ? 1 : 0;
      EXPECT_EQ(schedule.tasks[number].latest_start.has_value(), !tasks[number].done_on);
      std::vector<Task> later = tasks;
      std::map<size_t, int64_t> held;
      const Scheduled& days = schedule.tasks[number];
      if (tasks[number].done_on) {
        const auto term = Term{days.slack, TermUnit::kWorkingDays};
        later[number].done_on = tasks[number].calendar->EndOfTerm(*days.finish, term)->days;
      } else {
        held = {{number, days.latest_start->days}};
      }
      const auto finish = AllPlans(later, kStart, schedule.finish->days).Finish(held);
      EXPECT_TRUE(finish.has_value()) << "task " << number << " has less slack";
    }
  }
  EXPECT_GT(begun, count / 2);
  EXPECT_GT(lapsed, 0);
  EXPECT_LE(missed, count / 20) << "it lapses, and need not";
  std::printf("%d have begun, %d lapse, %d need not\n", begun, lapsed, missed);
}

TEST(SchedulePropertyTest, WhatExpiresIsUsedInTimeWhereverThatIsPossible) {
  std::mt19937 random(8);
  int kept = 0;
  int lapsed = 0;
  int missed = 0;
  constexpr int64_t kHorizon = 25;
  const int count = 400 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Task> tasks = RandomTasks(random, true);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    ExpectKept(tasks, schedule);
    ASSERT_TRUE(schedule.finish.has_value());
    if (schedule.lapses.empty()) {
      ++kept;
      const auto first = AllPlans(tasks, kStart, schedule.finish->days).Finish();
      ASSERT_TRUE(first.has_value());
      const auto more =
          tasks.front().calendar->WorkingDaysBetween(Date{*first}, *schedule.finish).value();
      ASSERT_LE(more, schedule.days_more_at_most);
      continue;
    }
    ++lapsed;
    missed += AllPlans(tasks, kStart, kStart.days + kHorizon).Finish() ? 1 : 0;
  }
  EXPECT_GT(kept, count / 2);
  EXPECT_GT(lapsed, 0);
  EXPECT_LE(missed, count / 100) << "it lapses, and need not";
  std::printf("%d schedules: %d keep what expires, %d cannot, %d could\n", count, kept,
              lapsed - missed, missed);
}

// Whether the task, with one visit or none, could begin on a later day while all else stays as it
// is, with no more trips.
bool CouldBeginOn(const std::vector<Task>& tasks, const Schedule& schedule, uint32_t number,
                  Date day) {
  const Task& task = tasks[number];
  const Date end = task.calendar->EndOfTerm(day, task.term).value();
  if (end > *schedule.finish) return false;
  for (uint32_t other = 0; other < tasks.size(); ++other) {
    for (const Need& need : tasks[other].needs) {
      if (need.giver == number && end > schedule.tasks[other].start) return false;
      if (other != number || !need.valid_for) continue;
      if (day > need.valid_for->After(*schedule.tasks[need.giver].finish)) return false;
    }
  }
  if (task.visits == 0) return true;
  if (!task.calendar->IsWorkingDay(day).value()) return false;
  for (const Trip& trip : schedule.trips) {
    if (trip.day == day) return std::ranges::count(task.places, trip.place) != 0;
  }
  return std::ranges::none_of(schedule.trips, [number](const Trip& trip) {
    return std::ranges::count(trip.tasks, number) != 0 && trip.tasks.size() > 1;
  });
}

TEST(SchedulePropertyTest, WhatExpiresCannotBeHadLaterWithAllElseAsItIs) {
  std::mt19937 random(12);
  int checked = 0;
  int missed = 0;
  const int count = 2'000 * Scale();
  for (int i = 0; i < count; ++i) {
    std::vector<Task> tasks = RandomTasks(random, true);
    for (Task& task : tasks) {
      for (Need& need : task.needs) {
        if (need.valid_for) need.valid_for->days += 20;
      }
    }
    const Schedule schedule = MakeSchedule(tasks, kStart);
    if (!schedule.finish || !schedule.lapses.empty()) continue;
    for (uint32_t number = 0; number < tasks.size(); ++number) {
      const bool expires = std::ranges::any_of(tasks, [number](const Task& task) {
        return std::ranges::any_of(task.needs, [number](const Need& need) {
          return need.giver == number && need.valid_for.has_value();
        });
      });
      if (!expires || tasks[number].visits > 1) continue;
      ++checked;
      bool could = false;
      for (Date day = schedule.tasks[number].start.AddDays(1); day <= *schedule.finish;
           day = day.AddDays(1)) {
        could = could || CouldBeginOn(tasks, schedule, number, day);
      }
      missed += could ? 1 : 0;
    }
  }
  std::printf("%d had as late as they may, %d could be had later\n", checked - missed, missed);
  EXPECT_GT(checked, count / 4);
  EXPECT_EQ(missed, 0);
}

TEST(SchedulePropertyTest, NobodyWhoUsesTheirSlackIsLate) {
  std::mt19937 random(9);
  const int count = 200 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    const std::vector<Task> tasks = RandomTasks(random, i % 2 == 0);
    const Schedule schedule = MakeSchedule(tasks, kStart);
    if (!schedule.finish || !schedule.lapses.empty()) continue;
    for (size_t number = 0; number < tasks.size(); ++number) {
      const Scheduled& days = schedule.tasks[number];
      ASSERT_TRUE(days.latest_start.has_value());
      EXPECT_GE(*days.latest_start, days.start);
      const auto finish = AllPlans(tasks, kStart, schedule.finish->days)
                              .Finish({{number, days.latest_start->days}});
      EXPECT_TRUE(finish.has_value()) << "task " << number << " has less slack";
    }
    ASSERT_TRUE(schedule.bottleneck.has_value());
  }
}

TEST(SchedulePropertyTest, TheLastSafeStartIsSafeAndWhenProvenTheLast) {
  std::mt19937 random(10);
  int proven = 0;
  const int count = 200 * Scale();
  for (int i = 0; i < count; ++i) {
    SCOPED_TRACE(i);
    std::vector<Task> tasks = RandomTasks(random, i % 2 == 0);
    if (i % 3 != 0) Begin(random, tasks);
    const Date by = kStart.AddDays(10 + static_cast<int64_t>(random() % 15));
    const auto safe = LastSafeStart(tasks, kStart, by);
    if (!safe) continue;
    EXPECT_TRUE(AllPlans(tasks, safe->day, by.days).Finish().has_value());
    if (!safe->proven) continue;
    ++proven;
    EXPECT_FALSE(AllPlans(tasks, safe->day.AddDays(1), by.days).Finish().has_value());
  }
  EXPECT_GT(proven, count / 4);
}

}  // namespace
}  // namespace kstati::graph::schedule
