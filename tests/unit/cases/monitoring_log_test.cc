// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "cases/monitoring/comparison.h"
#include "cases/monitoring/event_log.h"
#include "cases/monitoring/rating.h"
#include "cases/monitoring/report.h"

namespace kstati::cases::monitoring {
namespace {

using ::testing::HasSubstr;

constexpr char kHeader[] =
    "case:concept:name,concept:name,time:timestamp,case:startdate,case:enddate,case:deadline\n";

Result<EventLog> Read(const std::string& lines) { return ReadCsv(kHeader + lines, {}); }

std::string ErrorOf(const std::string& lines) {
  const Result<EventLog> log = Read(lines);
  return log ? "read" : log.error().ToString();
}

Instant At(const char* text) { return ParseLogMoment(text).value(); }

TEST(EventLogTest, ReadsQuotedFieldsAndZonesAndOrdersEvents) {
  const Result<EventLog> log = Read(
      "\"a,\"\"1\"\"\",second,2026-03-02T10:00:00Z,2026-03-01T00:00:00Z,,\r\n"
      "\"a,\"\"1\"\"\",\"the\nfirst\",2026-03-02 10:00:00.5+03:00,2026-03-01T00:00:00Z,,\n");
  ASSERT_TRUE(log) << log.error().ToString();
  ASSERT_EQ(log->cases.size(), 1U);
  const LoggedCase& c = log->cases[0];
  EXPECT_EQ(c.id, "a,\"1\"");
  ASSERT_EQ(c.events.size(), 2U);
  EXPECT_EQ(c.events[0].activity, "the\nfirst");
  EXPECT_EQ(c.events[0].at, At("2026-03-02T07:00:00.5Z"));
  EXPECT_FALSE(c.ended || c.deadline);
}

TEST(EventLogTest, NamesTheLineOfWhatCannotBeRead) {
  EXPECT_THAT(ErrorOf("a,x,yesterday,,,\n"), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf("a,x,2026-03-02 10:00:00,,,\n"), HasSubstr("is not a moment"));
  EXPECT_THAT(ErrorOf("a,x\n"), HasSubstr("2 fields, the header 6"));
  EXPECT_THAT(ErrorOf(",x,2026-03-02T10:00:00Z,,,\n"), HasSubstr("names no case"));
  EXPECT_THAT(ErrorOf("a,\"x,2026-03-02T10:00:00Z,,,\n"), HasSubstr("is not closed"));
  EXPECT_THAT(ErrorOf("a,x,2026-03-02T10:00:00Z,,,2026-03-09T00:00:00Z\n"
                      "a,y,2026-03-02T10:00:00Z,,,2026-03-10T00:00:00Z\n"),
              HasSubstr("line 3"));
  EXPECT_THAT(ReadCsv("a,b\n", {}).error().ToString(), HasSubstr("no column"));
}

TEST(ReportTest, CountsTheSevenAndWhatItCostsPeople) {
  EventLog log;
  LoggedCase c;
  c.service = "s";
  c.started = At("2026-03-02T00:00:00Z");
  c.ended = At("2026-03-06T00:00:00Z");
  c.deadline = At("2026-03-05T00:00:00Z");
  for (const auto& [what, reason, party] :
       std::vector<std::tuple<std::string_view, std::string, std::string>>{
           {activity::kSourceAsked, "", "fns"},
           {activity::kSourceAsked, "", "pfr"},
           {activity::kSourceAnswered, "", "fns"},
           {activity::kFilingRefused, "", ""},
           {activity::kVisit, "", ""},
           {activity::kVisit, "fz_210", ""},
           {activity::kUnlistedAsk, "", ""},
           {activity::kHeldAsk, "", ""},
           {activity::kComplaint, "", ""},
           {activity::kSurveyTime, "4", ""},
           {activity::kSurveyTime, "six", ""},
           {activity::kProbeAvailable, "", ""},
           {activity::kProbeFailed, "", ""},
           {activity::kRefused, "income", ""}}) {
    c.events.push_back({std::string(what), c.started, reason, party});
  }
  log.cases = {c, {}};
  log.cases[1].deadline = At("2026-03-05T00:00:00Z");
  const auto groups = MakeReports(log, Grouping::kService, At("2026-04-01T00:00:00Z"));
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].report.overdue, 1U);
  const Report& report = groups[1].report;
  EXPECT_EQ(groups[1].group, "s");
  EXPECT_EQ(report.late.part, 1U);
  EXPECT_DOUBLE_EQ(report.from_start_to_end.mean, 4);
  EXPECT_DOUBLE_EQ(report.lateness.longest, 1);
  EXPECT_EQ(report.unanswered, 1U);
  EXPECT_EQ(report.answers_of_sources.count, 1U);
  EXPECT_EQ(report.visits_without_ground, 1U);
  EXPECT_EQ(report.refused_then_visited, 1U);
  EXPECT_EQ(report.unlisted_asks, 1U);
  EXPECT_EQ(report.held_asks, 1U);
  EXPECT_EQ(report.complaints, 1U);
  EXPECT_EQ(report.satisfied_with_time, 4);
  EXPECT_FALSE(report.satisfied_with_effort);
  EXPECT_EQ(report.available.value(), 0.5);
  EXPECT_EQ(report.refusals.value(), 1);
  EXPECT_EQ(report.visits, 2.0);
  EXPECT_FALSE(report.support) << "the log does not tell of it, so that none is not known";
  EXPECT_FALSE(report.contacts);
  EXPECT_FALSE(report.errors.value());
}

// A case that ended on a day with this as its last word.
LoggedCase EndedBy(std::string_view what, const char* ended) {
  LoggedCase c;
  c.started = At("2026-03-02T00:00:00Z");
  c.ended = At(ended);
  c.deadline = At("2026-03-05T00:00:00Z");
  c.events.push_back({std::string(what), *c.ended, {}, {}});
  return c;
}

TEST(ReportTest, WhatEndedUndecidedSaysNothingOfTheTermUnlessItWasBrokenBefore) {
  EventLog log;
  log.cases = {EndedBy("status.done", "2026-03-04T00:00:00Z"),
               EndedBy("status.withdrawn", "2026-03-03T00:00:00Z"),
               EndedBy("status.stopped", "2026-03-09T00:00:00Z")};
  const Report report =
      MakeReports(log, Grouping::kNone, At("2026-04-01T00:00:00Z")).front().report;
  EXPECT_EQ(report.closed, 3U);
  EXPECT_EQ(report.undecided, 2U);
  EXPECT_EQ(report.late.whole, 2U) << "withdrawn in time is neither in time nor late";
  EXPECT_EQ(report.late.part, 1U) << "stopped when the term was over already";
  EXPECT_EQ(report.from_start_to_end.count, 1U);
  EXPECT_EQ(report.refusals.whole, 1U);
  EXPECT_EQ(ValuesOf(log, Measure::kLate, Instant{0}, Instant{INT64_MAX}),
            (std::vector<double>{0, 1}));
  EXPECT_EQ(ValuesOf(log, Measure::kDays, Instant{0}, Instant{INT64_MAX}), std::vector<double>{2});
}

TEST(ReportTest, NoneIsToldFromNotRecorded) {
  EventLog log;
  log.cases = {EndedBy("status.done", "2026-03-04T00:00:00Z")};
  const auto report = [&] {
    return MakeReports(log, Grouping::kNone, At("2026-04-01T00:00:00Z")).front().report;
  };
  EXPECT_FALSE(report().complaints);
  EXPECT_FALSE(report().suspensions);
  EXPECT_TRUE(ValuesOf(log, Measure::kVisits, Instant{0}, Instant{INT64_MAX}).empty());
  log.written = {std::string(activity::kComplaint), std::string(activity::kSuspended)};
  EXPECT_EQ(report().complaints, 0U);
  EXPECT_EQ(report().suspensions, 0U);
  EXPECT_FALSE(report().visits);
  log.cases[0].events.push_back({std::string(activity::kVisit), *log.cases[0].ended, "", ""});
  EXPECT_EQ(report().visits, 1.0) << "the log tells of one, so that it tells of all";
  EXPECT_EQ(report().visits_without_ground, 1U);
}

TEST(ReportTest, AFilingThatWasRefusedIsNoCase) {
  EventLog log;
  LoggedCase filing;
  filing.events.push_back({std::string(activity::kFilingRefused), Instant{}, "rg_criteria", ""});
  log.cases = {filing};
  const Report report = MakeReports(log, Grouping::kNone, Instant{}).front().report;
  EXPECT_EQ(report.cases, 0U);
  EXPECT_EQ(report.filings_refused, 1U);
}

TEST(ReportTest, TheMedianAndTheNinetiethOfNothingAreZero) {
  EXPECT_EQ(DurationsOf({}).count, 0U);
  constexpr int64_t kDay = 86'400'000'000;
  const Durations durations = DurationsOf({4 * kDay, kDay, 2 * kDay, 3 * kDay});
  EXPECT_DOUBLE_EQ(durations.median, 2.5);
  EXPECT_DOUBLE_EQ(durations.ninetieth, 4);
}

// 1,434 cases of a municipality, with durations and breaches worked out by another program.
TEST(ReportTest, AgreesWithAnotherProgramOnARealLog) {
  const char* const folder = std::getenv("KSTATI_ACCEPTANCE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "skipped: KSTATI_ACCEPTANCE_DIR is not set";
  std::ifstream file(std::string(folder) + "/process-logs/wabo_receipt.csv");
  ASSERT_TRUE(file);
  std::stringstream text;
  text << file.rdbuf();
  const Result<EventLog> log = ReadCsv(text.str(), {});
  ASSERT_TRUE(log) << log.error().ToString();
  const auto groups = MakeReports(*log, Grouping::kNone, At("2012-06-01T00:00:00Z"));
  ASSERT_EQ(groups.size(), 1U);
  const Report& report = groups[0].report;
  EXPECT_EQ(report.cases, 1'434U);
  EXPECT_EQ(report.closed, 1'329U);
  EXPECT_EQ(report.late.whole, 1'329U);
  EXPECT_EQ(report.late.part, 377U);
  EXPECT_NEAR(report.from_start_to_end.mean, 58.980811458690326, 1e-9);
  EXPECT_NEAR(report.from_start_to_end.median, 50.63699416666667, 1e-9);
  EXPECT_NEAR(report.from_start_to_end.longest, 329.4142448726852, 1e-9);
  EXPECT_NEAR(report.lateness.mean, 31.14250879905935, 1e-9);
  EXPECT_NEAR(report.lateness.median, 13.586519085648149, 1e-9);
  EXPECT_EQ(MakeReports(*log, Grouping::kChannel, Instant{}).size(), 5U);
}

TEST(ComparisonTest, FindsAChangeAndOnlyWhereThereIsOne) {
  std::vector<double> before, after;
  for (int i = 0; i < 200; ++i) {
    before.push_back(10 + i % 7);
    after.push_back(8 + i % 7);
  }
  const Comparison changed = Compare(before, after, 0.95, 1).value();
  EXPECT_DOUBLE_EQ(changed.difference, -2);
  EXPECT_TRUE(changed.low < -2 && -2 < changed.high && changed.differs());
  EXPECT_FALSE(Compare(before, before, 0.95, 1)->differs());
  EXPECT_EQ(Compare(before, after, 0.95, 1)->low, changed.low) << "the seed decides";
  EXPECT_FALSE(Compare({1}, after, 0.95, 1));
  EXPECT_FALSE(Compare(before, after, 1, 1));
}

// The interval holds the true difference about as often as it says.
TEST(ComparisonTest, TheIntervalKeepsItsConfidence) {
  std::mt19937_64 random(5);
  int held = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> before, after;
    for (int i = 0; i < 60; ++i) {
      before.push_back(static_cast<double>(random() % 1'000));
      after.push_back(static_cast<double>(random() % 1'000) + 50);
    }
    const Comparison found = Compare(before, after, 0.9, static_cast<uint64_t>(trial), 400).value();
    held += found.low <= 50 && 50 <= found.high ? 1 : 0;
  }
  EXPECT_GT(held, kTrials * 84 / 100);
  EXPECT_LT(held, kTrials * 96 / 100);
}

TEST(RatingTest, FewCasesDoNotMakeALeader) {
  EXPECT_NEAR(LowerEnd({10, 10}), 0.7224672, 1e-6);
  EXPECT_NEAR(LowerEnd({50, 100}), 0.4038315, 1e-6);
  EXPECT_EQ(LowerEnd({0, 0}), 0);
  EventLog log;
  const auto add = [&log](const char* authority, bool late) {
    LoggedCase c;
    c.authority = authority;
    c.started = At("2026-03-02T00:00:00Z");
    c.deadline = At("2026-03-05T00:00:00Z");
    c.ended = At(late ? "2026-03-06T00:00:00Z" : "2026-03-04T00:00:00Z");
    log.cases.push_back(c);
  };
  for (int i = 0; i < 5; ++i) add("small", false);
  for (int i = 0; i < 1'000; ++i) add("large", i % 50 == 0);
  for (int i = 0; i < 2; ++i) add("tiny", false);
  const RatingFormula formula{"1", 5, 0.4, 0.2, 0.2, 0.2};
  const std::vector<Rating> ratings = Rate(log, formula, At("2026-04-01T00:00:00Z"));
  ASSERT_EQ(ratings.size(), 3U);
  EXPECT_EQ(ratings[0].authority, "large");
  EXPECT_EQ(ratings[1].authority, "small");
  EXPECT_FALSE(ratings[2].score);
  EXPECT_EQ(ratings[2].cases, 2U);
}

}  // namespace
}  // namespace kstati::cases::monitoring
