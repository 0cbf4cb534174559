// SPDX-License-Identifier: Apache-2.0
// Cases that ask more than the approved standard.
#include "cases/standard_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace kstati::cases {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace activity = monitoring::activity;

Instant At(std::string_view day) { return Instant::Parse(std::string(day) + "T09:00:00Z").value(); }

WorkingCalendar Calendar() {
  WorkingCalendar::Year year;
  year.year = 2026;
  return WorkingCalendar({year});
}

graph::ApprovedStandard Standard() {
  graph::ApprovedStandard standard;
  standard.service = ServiceId("snils");
  standard.in_force.from = Date::Of(2026, 1, 1);
  return standard;
}

graph::ApprovedStandard OfSituation() {
  graph::ApprovedStandard standard = Standard();
  standard.service = ServiceId();
  standard.situation = SituationId("birth");
  return standard;
}

// A case that starts on a Monday.
monitoring::LoggedCase Begun(const std::string& id, std::string_view on = "2026-03-02") {
  monitoring::LoggedCase c;
  c.id = id;
  c.service = "snils";
  c.started = At(on);
  c.events.push_back({"clock.started", c.started, {}, {}});
  return c;
}

void Happens(monitoring::LoggedCase& c, std::string_view what, std::string_view on) {
  c.events.push_back({std::string(what), At(on), {}, {}});
}

class Watched : public ::testing::Test {
 protected:
  // "visits 3 of 1 2 since 2026-03-05", for each alarm; `on` is now.
  std::vector<std::string> Alarms(const graph::ApprovedStandard& standard,
                                  const std::vector<monitoring::LoggedCase>& cases,
                                  std::string_view on = "2026-03-31") {
    const WorkingCalendar calendar = Calendar();
    const std::vector<graph::ApprovedStandard> standards{standard};
    const StandardWatch watch = WatchStandards(standards, {cases}, {calendar, "UTC"}, At(on));
    not_counted_ = watch.not_counted;
    std::vector<std::string> alarms;
    for (const StandardAlarm& alarm : watch.alarms) {
      std::string text = std::string(NameOf(alarm.capped)) + " " + std::to_string(alarm.asked);
      text += " of";
      for (const std::string& id : alarm.cases) text += " " + id;
      alarms.push_back(text + " since " + LocalDate(alarm.since, "UTC").ToString());
    }
    return alarms;
  }

  uint64_t not_counted_ = 0;
};

TEST_F(Watched, ACaseWithMoreVisitsThanAllowedRaisesAnAlarmAtTheFirstTooMany) {
  graph::ApprovedStandard standard = Standard();
  standard.visits = 1;
  monitoring::LoggedCase c = Begun("1");
  Happens(c, activity::kVisit, "2026-03-03");
  EXPECT_THAT(Alarms(standard, {c}), IsEmpty());
  Happens(c, activity::kVisit, "2026-03-05");
  Happens(c, activity::kVisit, "2026-03-06");
  EXPECT_THAT(Alarms(standard, {c}), ElementsAre("visits 3 of 1 since 2026-03-05"));
}

TEST_F(Watched, ATermIsOverAfterItsLastDayWhetherTheCaseHasEndedOrNot) {
  graph::ApprovedStandard standard = Standard();
  standard.term = Term{5, TermUnit::kWorkingDays};
  monitoring::LoggedCase c = Begun("1");
  EXPECT_THAT(Alarms(standard, {c}, "2026-03-09"), IsEmpty()) << "the last day";
  EXPECT_THAT(Alarms(standard, {c}, "2026-03-10"), ElementsAre("term 8 of 1 since 2026-03-10"));
  c.ended = At("2026-03-09");
  EXPECT_THAT(Alarms(standard, {c}), IsEmpty());
  c.ended = At("2026-03-12");
  EXPECT_THAT(Alarms(standard, {c}), ElementsAre("term 10 of 1 since 2026-03-10"));
}

TEST_F(Watched, NoTimePassesWhileACaseStands) {
  graph::ApprovedStandard standard = Standard();
  standard.term = Term{5, TermUnit::kWorkingDays};
  monitoring::LoggedCase c = Begun("1");
  Happens(c, activity::kPaused, "2026-03-04");
  EXPECT_THAT(Alarms(standard, {c}), IsEmpty()) << "it stands still";
  Happens(c, activity::kResumed, "2026-03-24");
  EXPECT_THAT(Alarms(standard, {c}, "2026-03-27"), IsEmpty()) << "two days before, three after";
  EXPECT_EQ(Alarms(standard, {c}, "2026-04-01").size(), 1U);
}

TEST_F(Watched, AStandardBindsWhatBeganWhileItWasInForce) {
  graph::ApprovedStandard standard = Standard();
  standard.visits = 0;
  standard.in_force = {Date::Of(2026, 3, 3), Date::Of(2026, 3, 4)};
  std::vector<monitoring::LoggedCase> cases{Begun("1", "2026-03-02"), Begun("2", "2026-03-03"),
                                            Begun("3", "2026-03-05")};
  for (monitoring::LoggedCase& c : cases) Happens(c, activity::kVisit, "2026-03-06");
  EXPECT_THAT(Alarms(standard, cases), ElementsAre("visits 1 of 2 since 2026-03-06"));
}

TEST_F(Watched, AStandardOfAVariantBindsItAlone) {
  graph::ApprovedStandard standard = Standard();
  standard.visits = 0;
  standard.variant = "mother";
  std::vector<monitoring::LoggedCase> cases{Begun("1"), Begun("2")};
  cases[1].variant = "mother";
  for (monitoring::LoggedCase& c : cases) Happens(c, activity::kVisit, "2026-03-06");
  EXPECT_THAT(Alarms(standard, cases), ElementsAre("visits 1 of 2 since 2026-03-06"));
}

TEST_F(Watched, AStandardOfASituationBindsAPersonsCasesTogether) {
  graph::ApprovedStandard standard = OfSituation();
  standard.documents = 1;
  std::vector<monitoring::LoggedCase> cases{Begun("1"), Begun("2"), Begun("3"), Begun("4")};
  for (monitoring::LoggedCase& c : cases) {
    c.situation = "birth";
    Happens(c, activity::kDocument, "2026-03-06");
  }
  cases[0].chain = cases[2].chain = "7";
  cases[1].chain = "8";
  cases[3].situation = "loss";
  EXPECT_THAT(Alarms(standard, cases), ElementsAre("documents 2 of 1 3 since 2026-03-06"));
}

TEST_F(Watched, OfAChainOnlyTheDaysCountOnWhichACaseRuns) {
  graph::ApprovedStandard standard = OfSituation();
  standard.term = Term{5, TermUnit::kWorkingDays};
  std::vector<monitoring::LoggedCase> cases{Begun("1", "2026-03-02"), Begun("2", "2026-03-03"),
                                            Begun("3", "2026-03-23")};
  cases[0].ended = At("2026-03-04");
  cases[1].ended = At("2026-03-05");
  cases[2].ended = At("2026-03-25");
  for (monitoring::LoggedCase& c : cases) {
    c.situation = "birth";
    c.chain = "7";
  }
  EXPECT_THAT(Alarms(standard, cases), IsEmpty()) << "three days, a gap, and two more";
  cases[2].ended = At("2026-03-30");
  EXPECT_EQ(Alarms(standard, cases).size(), 1U);
}

TEST_F(Watched, WhatIsPastTheCalendarIsNotCountedAndSaidSo) {
  graph::ApprovedStandard standard = Standard();
  standard.term = Term{5, TermUnit::kWorkingDays};
  EXPECT_THAT(Alarms(standard, {Begun("1", "2027-03-02")}, "2027-06-01"), IsEmpty());
  EXPECT_EQ(not_counted_, 1U);
}

TEST_F(Watched, AnApplicationThatWasNotTakenIsNoCase) {
  graph::ApprovedStandard standard = Standard();
  standard.term = Term{5, TermUnit::kWorkingDays};
  monitoring::LoggedCase c = Begun("1");
  c.events = {{std::string(activity::kFilingRefused), c.started, {}, {}}};
  EXPECT_THAT(Alarms(standard, {c}), IsEmpty());
}

}  // namespace
}  // namespace kstati::cases
