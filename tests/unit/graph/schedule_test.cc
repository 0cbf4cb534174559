// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "graph/schedule/chain_tasks.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph::schedule {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// 2026 with a holiday on Monday the ninth of March, and a working Saturday after it.
const WorkingCalendar& Calendar() {
  static const WorkingCalendar calendar(
      {WorkingCalendar::Year{2026, {Date::Of(2026, 3, 9)}, {Date::Of(2026, 3, 14)}, "made up"}});
  return calendar;
}

Task Wait(int64_t working_days, std::vector<Need> needs = {}) {
  Task task;
  task.term = {working_days, TermUnit::kWorkingDays};
  task.calendar = &Calendar();
  task.needs = std::move(needs);
  return task;
}

Task Visit(int visits, const std::string& place, int64_t working_days,
           std::vector<Need> needs = {}) {
  Task task = Wait(working_days, std::move(needs));
  task.visits = visits;
  task.places = {place};
  return task;
}

Date Day(int day) { return Date::Of(2026, 3, day); }

std::vector<std::string> TripsOf(const Schedule& schedule) {
  std::vector<std::string> trips;
  for (const Trip& trip : schedule.trips) {
    std::string text = trip.day.ToString().substr(5) + " " + trip.place + ":";
    for (const uint32_t task : trip.tasks) text += " " + std::to_string(task);
    trips.push_back(text);
  }
  return trips;
}

TEST(ScheduleTest, NobodyGoesOnADayOff) {
  // Sunday, before a holiday.
  const Schedule schedule = MakeSchedule({Visit(1, "a", 1)}, Day(8));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-10 a: 0"));
  EXPECT_EQ(schedule.finish, Day(11));
  EXPECT_EQ(schedule.days_more_at_most, 0);
}

TEST(ScheduleTest, AWorkingSaturdayIsADayToGo) {
  EXPECT_THAT(TripsOf(MakeSchedule({Visit(1, "a", 1)}, Day(14))), ElementsAre("03-14 a: 0"));
}

TEST(ScheduleTest, TwoPlacesAreTwoDaysAndTheLongerWaitGoesFirst) {
  const Schedule schedule = MakeSchedule({Visit(1, "a", 1), Visit(1, "b", 9)}, Day(2));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-02 b: 1", "03-03 a: 0"));
  EXPECT_EQ(schedule.finish, Day(14)) << "the working Saturday counts";
  EXPECT_EQ(schedule.days_more_at_most, 0);
  EXPECT_TRUE(schedule.tasks[1].critical);
  EXPECT_FALSE(schedule.tasks[0].critical);
  EXPECT_EQ(schedule.bottleneck, 1U);
}

TEST(ScheduleTest, OneTripServesAllAtItsPlace) {
  const Schedule schedule =
      MakeSchedule({Visit(1, "a", 1), Visit(1, "a", 9), Visit(1, "b", 2)}, Day(2));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-02 a: 0 1", "03-03 b: 2"));
}

TEST(ScheduleTest, ATripWaitsForALaterOneWhereThatCostsNoDay) {
  // The second visit to "a" is possible only after the wait; the first has time until then.
  const Schedule schedule =
      MakeSchedule({Visit(1, "a", 1), Wait(3), Visit(1, "a", 5, {{1, std::nullopt}})}, Day(2));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-05 a: 0 2"));
}

TEST(ScheduleTest, WhatAVisitGivesCanBeUsedAtTheSamePlaceOnTheSameDay) {
  Task at_once = Visit(1, "a", 0);
  at_once.term = {15, TermUnit::kMinutes};
  const Schedule schedule = MakeSchedule({at_once, Visit(1, "a", 5, {{0, std::nullopt}})}, Day(2));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-02 a: 0 1"));
}

TEST(ScheduleTest, TheLastOfTwoVisitsIsForTheResult) {
  const Schedule schedule = MakeSchedule({Visit(2, "a", 5)}, Day(2));
  EXPECT_THAT(TripsOf(schedule), ElementsAre("03-02 a: 0", "03-10 a: 0"));
  EXPECT_EQ(schedule.finish, Day(10));
}

TEST(ScheduleTest, SlackIsWhatATaskCanWait) {
  const Schedule schedule =
      MakeSchedule({Wait(2), Wait(7), Wait(1, {{0, std::nullopt}, {1, std::nullopt}})}, Day(2));
  EXPECT_EQ(schedule.finish, Day(13));
  EXPECT_EQ(schedule.tasks[0].latest_start, Day(10));
  EXPECT_EQ(schedule.tasks[0].slack, 5);
  EXPECT_TRUE(schedule.tasks[1].critical);
  EXPECT_EQ(schedule.tasks[2].waits_for, 1U);
  EXPECT_FALSE(schedule.tasks[0].waits_for.has_value());
}

TEST(ScheduleTest, WhatExpiresIsHadAsLateAsCostsNoDay) {
  const Schedule schedule = MakeSchedule(
      {Visit(1, "a", 1), Wait(8), Wait(1, {{0, Period{0, 30}}, {1, std::nullopt}})}, Day(2));
  EXPECT_EQ(schedule.tasks[0].start, Day(12)) << "its result is there on Friday";
  EXPECT_EQ(schedule.tasks[2].start, Day(13));
  EXPECT_THAT(schedule.lapses, IsEmpty());
}

TEST(ScheduleTest, WhatExpiresOnAnyDayLapses) {
  const Schedule schedule = MakeSchedule(
      {Wait(1), Wait(9, {{0, std::nullopt}}), Wait(1, {{0, Period{0, 5}}, {1, std::nullopt}})},
      Day(2));
  ASSERT_EQ(schedule.lapses.size(), 1U);
  EXPECT_EQ(schedule.lapses[0].giver, 0U);
  EXPECT_EQ(schedule.lapses[0].taker, 2U);
  EXPECT_EQ(schedule.lapses[0].last_day, Day(8));
}

TEST(ScheduleTest, ATaskBeginsWithWhatHasOnlyToHaveBegun) {
  const Schedule schedule =
      MakeSchedule({Visit(1, "a", 9), Wait(1, {{0, std::nullopt, true}})}, Day(8));
  EXPECT_EQ(schedule.tasks[0].start, Day(10));
  EXPECT_EQ(schedule.tasks[1].start, Day(10));
  EXPECT_EQ(schedule.tasks[1].waits_for, 0U);
}

TEST(ScheduleTest, TheLatestStartKeepsTheOrderOfStarts) {
  const Schedule schedule = MakeSchedule({Wait(1), Wait(9, {{0, std::nullopt, true}})}, Day(2));
  EXPECT_EQ(schedule.tasks[0].latest_start, Day(2));
  EXPECT_TRUE(schedule.tasks[0].critical);
}

TEST(ScheduleTest, PastTheCalendarNothingIsPromised) {
  const Schedule schedule = MakeSchedule(
      {Wait(1), Visit(1, "a", 60, {{0, std::nullopt}}), Visit(1, "b", 1, {{1, std::nullopt}})},
      Date::Of(2026, 12, 1));
  EXPECT_FALSE(schedule.finish.has_value());
  EXPECT_TRUE(schedule.tasks[0].finish.has_value());
  EXPECT_TRUE(schedule.tasks[1].start_known);
  EXPECT_FALSE(schedule.tasks[1].finish.has_value());
  EXPECT_FALSE(schedule.tasks[2].start_known);
  EXPECT_GE(schedule.tasks[2].start, Date::Of(2026, 12, 2));
  EXPECT_FALSE(schedule.tasks[0].latest_start.has_value());
  EXPECT_FALSE(schedule.bottleneck.has_value());
  EXPECT_THAT(TripsOf(schedule), ElementsAre("12-02 a: 1"));
}

TEST(ScheduleTest, TheLastSafeStartCountsBackOverHolidays) {
  std::vector<Task> tasks{Wait(3), Visit(1, "a", 1, {{0, std::nullopt}})};
  tasks[1].begin_by = Day(10);
  const auto safe = LastSafeStart(tasks, Day(2), std::nullopt);
  ASSERT_TRUE(safe.has_value());
  EXPECT_EQ(safe->day, Day(4)) << "Thursday, Friday, and Tuesday after the holiday";
  EXPECT_TRUE(safe->proven);
  EXPECT_FALSE(LastSafeStart(tasks, Day(5), std::nullopt).has_value());
  EXPECT_THAT(MakeSchedule(tasks, Day(5)).late, ElementsAre(1U));
}

// One that has begun: its result is there on the day of March, whatever it is for.
Task Begun(int day) {
  Task task = Wait(60);
  task.done_on = Day(day).days;
  return task;
}

TEST(ScheduleTest, WhatHasBegunIsDoneOnItsDay) {
  const Schedule schedule =
      MakeSchedule({Begun(5), Wait(7), Wait(1, {{0, Period{0, 10}}, {1, std::nullopt}})}, Day(2));
  EXPECT_TRUE(schedule.tasks[0].has_begun);
  EXPECT_EQ(schedule.tasks[0].finish, Day(5)) << "and is not put off until it is wanted";
  EXPECT_FALSE(schedule.tasks[0].latest_start.has_value());
  EXPECT_EQ(schedule.tasks[0].slack, 4) << "its result is used on the twelfth";
  EXPECT_EQ(schedule.tasks[2].start, Day(12));
  EXPECT_TRUE(schedule.tasks[1].critical);
}

TEST(ScheduleTest, WhatWaitsForAResultThatMayComeTheSameDaySaysSo) {
  const Schedule schedule = MakeSchedule({Begun(2), Wait(1, {{0, std::nullopt}})}, Day(2));
  EXPECT_EQ(schedule.tasks[1].start, Day(2));
  EXPECT_EQ(schedule.tasks[1].waits_for, 0U) << "it cannot be started by itself";
}

TEST(ScheduleTest, PastTheCalendarNothingStartsBeforeWhatItWaitsFor) {
  const Date start = Date::Of(2026, 12, 28);
  const Schedule schedule =
      MakeSchedule({Wait(3), Wait(10, {{0, std::nullopt}}), Wait(1, {{1, std::nullopt}}),
                    Wait(1, {{2, std::nullopt}})},
                   start);
  ASSERT_TRUE(schedule.tasks[1].start_known);
  ASSERT_GT(schedule.tasks[1].start, start);
  for (const size_t task : {2U, 3U}) {
    EXPECT_FALSE(schedule.tasks[task].start_known);
    EXPECT_EQ(schedule.tasks[task].start, schedule.tasks[1].start) << "not before this day";
  }
}

TEST(ScheduleTest, WhatHasBegunAndIsNotUsedInTimeLapses) {
  const Schedule schedule = MakeSchedule({Begun(5), Visit(1, "a", 7), Visit(1, "b", 1),
                                          Wait(1, {{0, Period{0, 6}}, {1, std::nullopt}})},
                                         Day(2));
  ASSERT_EQ(schedule.lapses.size(), 1U);
  EXPECT_EQ(schedule.lapses[0].giver, 0U);
  EXPECT_EQ(schedule.lapses[0].last_day, Day(11));
  EXPECT_EQ(schedule.tasks[0].finish, Day(5));
}

// What can be helped is helped beside what cannot.
TEST(ScheduleTest, BesideWhatHasBegunAndLapsesOthersAreStillPutOff) {
  const Schedule schedule =
      MakeSchedule({Begun(5), Wait(1), Wait(7),
                    Wait(1, {{0, Period{0, 6}}, {1, Period{0, 6}}, {2, std::nullopt}})},
                   Day(2));
  ASSERT_EQ(schedule.lapses.size(), 1U);
  EXPECT_EQ(schedule.lapses[0].giver, 0U);
}

TEST(ScheduleTest, TheLastSafeStartDoesNotWaitForWhatHasBegun) {
  std::vector<Task> tasks{Begun(22), Wait(1, {{0, std::nullopt}})};
  tasks[1].begin_by = Day(31);
  const auto safe = LastSafeStart(tasks, Day(2), std::nullopt);
  ASSERT_TRUE(safe.has_value());
  EXPECT_EQ(safe->day, Day(31));
  EXPECT_TRUE(safe->proven);
}

TEST(ScheduleTest, WhatHasBegunAndExpiresSaysUntilWhenToStart) {
  const std::vector<Task> tasks{Begun(5), Wait(3), Wait(1, {{0, Period{0, 10}}, {1, {}}})};
  const auto safe = LastSafeStart(tasks, Day(2), std::nullopt);
  ASSERT_TRUE(safe.has_value());
  EXPECT_EQ(safe->day, Day(11)) << "three working days, the Saturday among them, to the fifteenth";
  EXPECT_TRUE(safe->proven);
  EXPECT_FALSE(LastSafeStart(tasks, Day(12), std::nullopt).has_value());
  EXPECT_FALSE(LastSafeStart({Begun(5)}, Day(2), Day(20)).has_value())
      << "nothing is left to start";
}

TEST(ScheduleTest, WithoutTasksThereIsNothingToSay) {
  const Schedule schedule = MakeSchedule({}, Day(2));
  EXPECT_FALSE(schedule.finish.has_value());
  EXPECT_FALSE(LastSafeStart({}, Day(2), Day(20)).has_value());
}

TEST(ChainTasksTest, StepsWaitForWhomTheyAreAfter) {
  Drawing world(R"(
    a -> first  -> one [2 wd, visits 1]
    a -> second -> two [5 wd]
    one + two -> third -> card [1 wd]
  )");
  world.Goals("card").Held("a").ValidFor("one", 20);
  const Chain chain = world.Solve();
  const std::vector<Task> tasks = TasksOf(chain.steps, world.graph().catalogue());
  ASSERT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks[0].visits, 1);
  EXPECT_THAT(tasks[0].places, ElementsAre("sfr"));
  ASSERT_EQ(tasks[2].needs.size(), 2U);
  EXPECT_EQ(tasks[2].needs[0].giver, 0U);
  EXPECT_EQ(tasks[2].needs[0].valid_for, (Period{0, 20}));
  EXPECT_EQ(tasks[2].needs[1].giver, 1U);
}

// The chain as one person does it: "grant 03-02".
std::vector<std::string> StartsOnDays(Drawing& world, Date start) {
  const Chain chain = world.Solve();
  std::vector<ChainStep> steps;
  const Catalogue& catalogue = world.graph().catalogue();
  for (const size_t place : SequenceOf(chain.steps, catalogue)) steps.push_back(chain.steps[place]);
  const Schedule schedule = MakeSchedule(TasksOf(steps, catalogue), start);
  for (size_t step = 0; step < steps.size(); ++step) steps[step].start = schedule.tasks[step].start;
  std::vector<std::string> starts;
  for (const size_t place : SequenceOf(steps, catalogue)) {
    starts.push_back(steps[place].service.text() + steps[place].start.ToString().substr(4));
  }
  return starts;
}

TEST(ChainTasksTest, AStepThatWouldSpoilAnotherWaitsForItsTrip) {
  Drawing world(R"(
    a -> early -> status         [1 cd]
    a -> grant -> money          [2 wd, visits 1, unless status]
  )");
  world.Goals("status + money").Held("a").Start("2026-03-07");
  EXPECT_THAT(StartsOnDays(world, Day(7)), ElementsAre("grant-03-09", "early-03-09"))
      << "nobody goes on a day off: with the status the grant would be refused";
}

TEST(ChainTasksTest, OnASharedTripTheStepThatAnotherWouldSpoilIsFirst) {
  Drawing world(R"(
    a -> early -> status         [visits 1, priority 90]
    a -> grant -> money          [2 wd, visits 1, unless status]
  )");
  world.Goals("status + money").Held("a").Start("2026-03-07");
  EXPECT_THAT(StartsOnDays(world, Day(7)), ElementsAre("grant-03-09", "early-03-09"));
}

TEST(ChainTasksTest, AStepWaitsForTheTripOfWhatAllowsIt) {
  Drawing world(R"(
    a -> title    -> veteran [2 wd, visits 1]
    a -> payments -> payment [10 wd, if veteran]
  )");
  world.Goals("veteran + payment").Held("a").Start("2026-03-07");
  EXPECT_THAT(StartsOnDays(world, Day(7)), ElementsAre("title-03-09", "payments-03-11"));
}

TEST(ChainTasksTest, StepsThatDoNotSpoilEachOtherKeepNoOrder) {
  Drawing world(R"(
    a -> early -> status         [1 cd]
    a -> grant -> money          [2 wd, visits 1, if early_bird]
  )");
  world.Goals("status + money").Held("a + early_bird");
  for (const ChainStep& step : world.Solve().steps) EXPECT_THAT(step.behind, IsEmpty());
}

TEST(ChainTasksTest, WhatIsHeldAndExpiresSaysUntilWhenAStepMayBegin) {
  Drawing world("a -> office -> card [1 wd]");
  const Chain chain = world.Goals("card").Held("a").Expires("a", "2026-03-20").Solve();
  const std::vector<Task> tasks = TasksOf(chain.steps, world.graph().catalogue());
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].begin_by, Date::Of(2026, 3, 20));
}

// A step of a chain put together of several, behind the end of those of a service when it is given.
ChainStep StepIn(size_t part, const std::string& service, const std::string& ahead = {}) {
  ChainStep step;
  step.service = ServiceId(service);
  step.part = part;
  if (!ahead.empty()) step.behind = {{ServiceId(ahead), true}};
  return step;
}

class StepsOfSeveralTest : public ::testing::Test {
 protected:
  std::vector<size_t> AheadOf(const std::vector<ChainStep>& steps, size_t step) {
    return StepsOf(steps, step, steps[step].behind.front().service, world.graph().catalogue());
  }

  Drawing world{R"(
    x -> of_child    -> card  [about child]
    x -> later       -> place [about child]
    x -> of_parent   -> money
    x -> also_parent -> more
  )"};
};

TEST_F(StepsOfSeveralTest, AChildsStepWaitsForItsOwnElseForTheApplicantsAlone) {
  EXPECT_THAT(AheadOf({StepIn(2, "of_child"), StepIn(1, "of_child"), StepIn(1, "later", "of_child"),
                       StepIn(0, "of_child")},
                      2),
              ElementsAre(1U));
  EXPECT_THAT(
      AheadOf({StepIn(2, "of_child"), StepIn(1, "later", "of_child"), StepIn(0, "of_child")}, 1),
      ElementsAre(2U))
      << "the other child's is nothing to it";
  EXPECT_THAT(AheadOf({StepIn(2, "of_child"), StepIn(1, "later", "of_child")}, 1), IsEmpty());
  EXPECT_THAT(AheadOf({StepIn(2, "of_parent"), StepIn(1, "later", "of_parent")}, 1),
              ElementsAre(0U))
      << "it is the applicant's in whatever part";
}

TEST_F(StepsOfSeveralTest, TheApplicantsStepInAChildsPartWaitsForThatOfEachChild) {
  EXPECT_THAT(
      AheadOf({StepIn(1, "of_child"), StepIn(1, "of_parent", "of_child"), StepIn(2, "of_child")},
              1),
      ElementsAre(0U, 2U));
  EXPECT_THAT(AheadOf({StepIn(0, "also_parent"), StepIn(1, "of_parent", "also_parent")}, 1),
              ElementsAre(0U));
}

TEST(ChainTasksTest, ASequenceKeepsGiversFirst) {
  std::vector<ChainStep> steps(3);
  steps[0].service = ServiceId("late");
  steps[0].start = Day(9);
  steps[1].service = ServiceId("taker");
  steps[1].start = Day(2);
  steps[1].after = {ServiceId("late")};
  steps[2].service = ServiceId("other");
  steps[2].start = Day(3);
  EXPECT_THAT(SequenceOf(steps, Catalogue()), ElementsAre(2U, 0U, 1U));
}

}  // namespace
}  // namespace kstati::graph::schedule
