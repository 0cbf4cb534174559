// SPDX-License-Identifier: Apache-2.0
#include "cases/clock.h"

#include <gtest/gtest.h>

#include <set>

#include "cases/world.h"

namespace kstati::cases {
namespace {

constexpr char kZone[] = "Europe/Moscow";

Instant At(const char* text) { return Instant::Parse(text).value(); }

const WorkingCalendar& Calendar() {
  static const WorkingCalendar calendar = [] {
    WorkingCalendar::Year year;
    year.year = 2026;
    year.days_off = {Date::Of(2026, 1, 1), Date::Of(2026, 2, 23), Date::Of(2026, 12, 31)};
    return WorkingCalendar({year});
  }();
  return calendar;
}

std::string Due(const char* started, int64_t value, TermUnit unit,
                const std::vector<Pause>& pauses = {}) {
  const auto deadline = DeadlineOf({Calendar(), kZone}, At(started), {value, unit}, pauses);
  if (!deadline) return std::string(KindOf(deadline.error().code).name);
  return *deadline ? (*deadline)->due.ToString() : "stands";
}

CaseClock Started(const char* at, Term term) {
  CaseClock clock{CaseId("C-000000000017-0001"), CitizenId(17), term, {}, std::nullopt};
  clock.entries.push_back({});
  clock.entries.back().at = At(at);
  return clock;
}

void Add(CaseClock& clock, ClockMark mark, const char* at) {
  clock.entries.push_back({});
  clock.entries.back().mark = mark;
  clock.entries.back().at = At(at);
}

TEST(ClockTest, TheLegalDayBeginsInTheZone) {
  // 22:30 of Sunday in Greenwich is Monday in Moscow.
  EXPECT_EQ(Due("2026-03-15T20:30:00Z", 2, TermUnit::kWorkingDays), "2026-03-17");
  EXPECT_EQ(Due("2026-03-15T21:30:00Z", 2, TermUnit::kWorkingDays), "2026-03-18");
}

TEST(ClockTest, APauseWithinADayCostsNothing) {
  const std::vector<Pause> pauses{{At("2026-03-17T08:00:00Z"), At("2026-03-17T15:00:00Z")}};
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", 2, TermUnit::kWorkingDays, pauses), "2026-03-18");
}

TEST(ClockTest, APauseOverNightsMovesTheEndByItsWorkingDays) {
  const std::vector<Pause> pauses{{At("2026-03-17T08:00:00Z"), At("2026-03-24T08:00:00Z")}};
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", 2, TermUnit::kWorkingDays, pauses), "2026-03-25");
}

TEST(ClockTest, APauseThatBeginsOnTheLastDayKeepsIt) {
  std::vector<Pause> pauses{{At("2026-03-18T08:00:00Z"), std::nullopt}};
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", 2, TermUnit::kWorkingDays, pauses), "stands");
  pauses[0].to = At("2026-04-01T08:00:00Z");
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", 2, TermUnit::kWorkingDays, pauses), "2026-04-01");
}

TEST(ClockTest, APauseAfterTheEndChangesNothing) {
  const std::vector<Pause> pauses{{At("2026-03-19T08:00:00Z"), std::nullopt}};
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", 2, TermUnit::kWorkingDays, pauses), "2026-03-18");
}

TEST(ClockTest, NothingIsCountedPastTheLastCalendar) {
  EXPECT_EQ(Due("2026-12-30T09:00:00Z", 1, TermUnit::kWorkingDays), "not_found");
  EXPECT_EQ(Due("2026-12-29T09:00:00Z", 1, TermUnit::kWorkingDays), "2026-12-30");
  EXPECT_EQ(Due("2026-12-01T09:00:00Z", 1, TermUnit::kMonths), "not_found");
  EXPECT_EQ(Due("2025-12-30T09:00:00Z", 1, TermUnit::kWorkingDays), "not_found");
}

TEST(ClockTest, ATermThatNoLawHasIsRefused) {
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", -1, TermUnit::kWorkingDays), "invalid_argument");
  EXPECT_EQ(Due("2026-03-16T09:00:00Z", kLongestTerm + 1, TermUnit::kMinutes), "invalid_argument");
}

TEST(ClockTest, MinutesRunThroughNightsAndStandInPauses) {
  const Reckoning reckoning{Calendar(), kZone};
  const Instant started = At("2026-03-15T20:50:00Z");  // ten minutes before Monday
  auto end = DeadlineOf(reckoning, started, {20, TermUnit::kMinutes}, {});
  ASSERT_TRUE(end && *end);
  EXPECT_EQ((*end)->breach, At("2026-03-15T21:10:00Z"));
  EXPECT_EQ((*end)->due.ToString(), "2026-03-16");
  EXPECT_EQ((*end)->risk, At("2026-03-15T21:06:00Z"));
  const Pause pause{At("2026-03-15T21:00:00Z"), At("2026-03-15T22:00:00.000001Z")};
  end = DeadlineOf(reckoning, started, {20, TermUnit::kMinutes}, {pause});
  ASSERT_TRUE(end && *end);
  EXPECT_EQ((*end)->breach, At("2026-03-15T22:10:00.000001Z"));
}

TEST(ClockTest, TheBreachIsTheMidnightAfterTheLastDayAndTheRiskItsLastFifth) {
  const auto end =
      DeadlineOf({Calendar(), kZone}, At("2026-03-16T09:00:00Z"), {10, TermUnit::kWorkingDays}, {});
  ASSERT_TRUE(end && *end);
  EXPECT_EQ((*end)->due.ToString(), "2026-03-30");
  EXPECT_EQ((*end)->breach, At("2026-03-30T21:00:00Z"));
  EXPECT_EQ((*end)->risk, At("2026-03-26T21:00:00Z"));  // two working days are left
}

TEST(ClockTest, TellsHowFarATermHasCome) {
  const Reckoning reckoning{Calendar(), kZone};
  CaseClock clock = Started("2026-03-16T09:00:00Z", {10, TermUnit::kWorkingDays});
  ClockState state = StateAt(reckoning, clock, At("2026-03-20T09:00:00Z")).value();
  EXPECT_EQ(state.passed, 3);
  EXPECT_EQ(state.remaining, 7);
  EXPECT_FALSE(state.breached || state.at_risk);
  state = StateAt(reckoning, clock, At("2026-04-01T09:00:00Z")).value();
  EXPECT_TRUE(state.breached);
  EXPECT_EQ(state.remaining, -1);
  Add(clock, ClockMark::kStopped, "2026-03-20T09:00:00Z");
  state = StateAt(reckoning, clock, At("2026-04-01T09:00:00Z")).value();
  EXPECT_EQ(state.passed, 3);
  EXPECT_FALSE(state.breached);
}

TEST(ClockTest, RunsStandsAndStops) {
  CaseClock clock = Started("2026-03-16T09:00:00Z", {10, TermUnit::kWorkingDays});
  EXPECT_TRUE(clock.Runs());
  Add(clock, ClockMark::kPaused, "2026-03-17T09:00:00Z");
  EXPECT_TRUE(clock.Stands() && !clock.Runs());
  Add(clock, ClockMark::kResumed, "2026-03-18T09:00:00Z");
  Add(clock, ClockMark::kRiskTold, "2026-03-19T09:00:00Z");
  EXPECT_TRUE(clock.Runs());
  Add(clock, ClockMark::kStopped, "2026-03-20T09:00:00Z");
  EXPECT_FALSE(clock.Runs() || clock.Stands());
}

TEST(ClockTest, ComesBackFromItsBytesAndRefusesOthers) {
  CaseClock clock = Started("2026-03-16T09:00:00Z", {10, TermUnit::kWorkingDays});
  Add(clock, ClockMark::kPaused, "2026-03-17T09:00:00Z");
  clock.entries.back().ground = "ground";
  clock.entries.back().until = "until";
  clock.entries.back().due = Date::Of(2026, 3, 30);
  clock.timer = At("2026-03-20T09:00:00Z");
  clock.calendar = "sfr_77";
  const std::string bytes = Encode(clock);
  const Result<CaseClock> back = DecodeCaseClock(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->entries, clock.entries);
  EXPECT_EQ(back->timer, clock.timer);
  EXPECT_EQ(back->calendar, "sfr_77");
  EXPECT_EQ(Encode(*back), bytes);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeCaseClock(bytes.substr(0, length)));
  }
}

TEST(ClockTest, AClockOfTheTimeWithOneCalendarRunsByTheCountrys) {
  const CaseClock clock = Started("2026-03-16T09:00:00Z", {10, TermUnit::kWorkingDays});
  std::string bytes = Encode(clock);
  ASSERT_TRUE(bytes.ends_with('\0'));
  bytes.pop_back();
  bytes[0] = 1;
  const Result<CaseClock> back = DecodeCaseClock(bytes);
  ASSERT_TRUE(back) << back.error().ToString();
  EXPECT_EQ(Encode(*back), Encode(clock));
}

TEST(ClockTest, VersionsOfCalendarsAreKeptApartWhereverTheyLie) {
  const auto calendars = [](const char* day_off) {
    WorkingCalendar::Year year;
    year.year = 2026;
    year.days_off = {*Date::Parse(day_off)};
    graph::OtherCalendar other;
    other.id = "closed";
    other.calendar = WorkingCalendar({year});
    return std::make_shared<const graph::Calendars>(std::vector<graph::OtherCalendar>{other});
  };
  CalendarVersions versions;
  std::set<std::string> seen;
  for (const char* day_off : {"2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19"}) {
    const auto kept = calendars(day_off);
    const WorkingCalendar& calendar = kept->others().front().calendar;
    EXPECT_EQ(versions.Of(calendar, kept), CalendarVersion(calendar)) << day_off;
    seen.insert(versions.Of(calendar, kept));
  }
  EXPECT_EQ(seen.size(), 4U);
}

TEST(ClockTest, TheVersionOfACalendarIsWhatItSays) {
  WorkingCalendar::Year other;
  other.year = 2026;
  other.days_off = {Date::Of(2026, 1, 1), Date::Of(2026, 2, 23), Date::Of(2026, 12, 30)};
  EXPECT_EQ(CalendarVersion(WorkingCalendar()), "none");
  EXPECT_EQ(CalendarVersion(Calendar()).substr(0, 10), "2026-2026/");
  EXPECT_NE(CalendarVersion(Calendar()), CalendarVersion(WorkingCalendar({other})));
  other.days_off = {Date::Of(2026, 1, 1), Date::Of(2026, 2, 23), Date::Of(2026, 12, 31)};
  EXPECT_EQ(CalendarVersion(Calendar()), CalendarVersion(WorkingCalendar({other})));
}

}  // namespace
}  // namespace kstati::cases
