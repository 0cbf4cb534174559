// SPDX-License-Identifier: Apache-2.0
// What is counted beside cases, before and after a change, and what raises an alarm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "cases/monitoring/comparison.h"
#include "cases/monitoring/detectors.h"
#include "cases/monitoring/publication.h"
#include "cases/monitoring/rating.h"
#include "cases/monitoring/report.h"

namespace kstati::cases::monitoring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instant At(const std::string& day) { return Instant::Parse(day + "T09:00:00Z").value(); }

LoggedCase Ended(const std::string& started, const std::string& ended,
                 const std::string& regulation = {}) {
  LoggedCase c;
  c.service = "snils";
  c.started = At(started);
  c.ended = At(ended);
  c.deadline = At(started);
  c.deadline->micros += int64_t{5} * 86'400'000'000;
  c.regulation = regulation;
  c.events.push_back({"status.granted", *c.ended, {}, {}});
  return c;
}

Feedback Times(std::string_view what, const std::string& day, uint64_t count, int score = 0) {
  Feedback feedback;
  feedback.activity = what;
  feedback.day = Date::Parse(day).value();
  feedback.service = "snils";
  feedback.count = count;
  feedback.score = score;
  return feedback;
}

TEST(FeedbackCounted, CompletesTheSevenAndBothGroupsOfIndicators) {
  EventLog log;
  log.cases = {Ended("2026-03-02", "2026-03-04"), Ended("2026-03-02", "2026-03-06")};
  log.feedback = {Times(activity::kComplaint, "2026-03-03", 3),
                  Times(activity::kSupport, "2026-03-03", 5),
                  Times(activity::kError, "2026-03-03", 1),
                  Times(activity::kProbeAvailable, "2026-03-03", 99),
                  Times(activity::kProbeFailed, "2026-03-03", 1),
                  Times(activity::kSurveyTime, "2026-03-03", 3, 5),
                  Times(activity::kSurveyTime, "2026-03-04", 1, 1),
                  Times(activity::kSurveyEffort, "2026-03-03", 2, 4)};
  const auto reports = MakeReports(log, Grouping::kService, At("2026-04-01"));
  ASSERT_EQ(reports.size(), 1U);
  const Report& report = reports[0].report;
  EXPECT_EQ(report.cases, 2U);
  EXPECT_EQ(report.complaints, 3U);
  EXPECT_EQ(report.support, 5U);
  EXPECT_EQ(report.errors.value(), 0.5);
  EXPECT_EQ(report.available.value(), 0.99);
  EXPECT_EQ(report.satisfied_with_time, 4);
  EXPECT_EQ(report.satisfied_with_effort, 4);
  EXPECT_EQ(report.answers, 4U);
  EXPECT_EQ(report.from_start_to_end.mean, 3);
}

TEST(FeedbackCounted, StandsWithItsVariantAndItsProcedure) {
  EventLog log;
  log.cases = {Ended("2026-03-02", "2026-03-04")};
  log.cases[0].variant = "mother";
  log.feedback = {Times(activity::kComplaint, "2026-03-03", 3),
                  Times(activity::kComplaint, "2026-03-03", 4)};
  log.feedback[0].variant = "mother";
  log.feedback[1].procedure = "decision";
  const auto groups = [&](Grouping grouping) {
    std::vector<std::string> found;
    for (const GroupReport& each : MakeReports(log, grouping, At("2026-04-01"))) {
      found.push_back(each.group + ": " + std::to_string(each.report.cases) + ", " +
                      std::to_string(*each.report.complaints));
    }
    return found;
  };
  EXPECT_THAT(groups(Grouping::kServiceAndVariant),
              ElementsAre("snils / : 0, 4", "snils / mother: 1, 3"));
  EXPECT_THAT(groups(Grouping::kServiceAndProcedure),
              ElementsAre("snils / : 1, 3", "snils / decision: 0, 4"));
}

// Of one version the cases that go by it, whenever they began.
TEST(BeforeAndAfter, AVersionIsComparedWithTheOneBeforeIt) {
  EventLog log;
  log.cases = {Ended("2026-03-01", "2026-03-11", "2024-01-01"),
               Ended("2026-03-29", "2026-04-08", "2024-01-01"),
               Ended("2026-03-30", "2026-04-04", "2026-04-01"),
               Ended("2026-04-02", "2026-04-05", "2026-04-01"),
               Ended("2026-05-02", "2026-05-03", "2026-05-01"),
               Ended("2023-05-02", "2023-05-09", "2020-01-01"),
               Ended("2026-03-02", "2026-03-03")};
  log.cases.push_back(Ended("2026-04-02", "2026-04-03", "2026-04-01"));
  log.cases.back().service = "other";
  const Sides sides = SidesOf(log, {"snils", Date::Of(2026, 4, 1), {}});
  EXPECT_THAT(ValuesOf(log, Measure::kDays, sides.before), ElementsAre(10, 10));
  EXPECT_THAT(ValuesOf(log, Measure::kDays, sides.after), ElementsAre(5, 3));
  EXPECT_THAT(ValuesOf(log, Measure::kLate, sides.before), ElementsAre(1, 1));
  EXPECT_THAT(ValuesOf(log, Measure::kLate, sides.after), ElementsAre(0, 0));
}

TEST(BeforeAndAfter, AFirstVersionHasNothingBeforeIt) {
  EventLog log;
  log.cases = {Ended("2026-03-01", "2026-03-11", "2024-01-01")};
  const Sides sides = SidesOf(log, {"snils", Date::Of(2024, 1, 1), {}});
  EXPECT_THAT(ValuesOf(log, Measure::kDays, sides.before), IsEmpty());
  EXPECT_EQ(ValuesOf(log, Measure::kDays, sides.after).size(), 1U);
}

TEST(BeforeAndAfter, FeedbackIsOfTheSideOfItsDay) {
  EventLog log;
  log.cases = {Ended("2026-03-01", "2026-03-11", "2024-01-01"),
               Ended("2026-03-02", "2026-03-11", "2024-01-01"),
               Ended("2026-04-02", "2026-04-05", "2026-04-01"),
               Ended("2026-04-03", "2026-04-05", "2026-04-01")};
  log.feedback = {Times(activity::kComplaint, "2026-03-31", 5),
                  Times(activity::kComplaint, "2026-04-01", 1),
                  Times(activity::kSurveyTime, "2026-03-31", 2, 2),
                  Times(activity::kSurveyTime, "2026-04-01", 3, 5)};
  for (const Change& change :
       {Change{"snils", Date::Of(2026, 4, 1), {}}, Change{"snils", std::nullopt, At("2026-04-01")},
        Change{{}, std::nullopt, At("2026-04-01")}}) {
    const Sides sides = SidesOf(log, change);
    EXPECT_THAT(ValuesOf(log, Measure::kComplaints, sides.before), ElementsAre(3, 2));
    EXPECT_THAT(ValuesOf(log, Measure::kComplaints, sides.after), ElementsAre(1, 0));
    EXPECT_THAT(ValuesOf(log, Measure::kSatisfiedWithTime, sides.before), ElementsAre(2, 2));
    EXPECT_THAT(ValuesOf(log, Measure::kSatisfiedWithTime, sides.after), ElementsAre(5, 5, 5));
    EXPECT_THAT(ValuesOf(log, Measure::kSupport, sides.after), IsEmpty()) << "not recorded";
  }
}

DetectorSet Detectors() {
  DetectorSet set;
  set.days = 90;
  set.detectors = {{"late", Signal::kLate, 0.1, 10, Severity::kHigh},
                   {"standard", Signal::kBeyondStandard, 0, 1, Severity::kMedium},
                   {"complaints", Signal::kComplaints, 0.5, 10, Severity::kLow}};
  set.escalation = {"owner", "head"};
  set.hours = {{Severity::kHigh, 24}};
  return set;
}

EventLog Log(int late, int in_time) {
  EventLog log;
  for (int i = 0; i < late + in_time; ++i) {
    log.cases.push_back(Ended("2026-03-01", i < late ? "2026-03-11" : "2026-03-03", "2024-01-01"));
  }
  return log;
}

TEST(DetectorsTest, OpenAnIncidentOnceAndSayWhatIsAffected) {
  const EventLog log = Log(10, 10);
  const Detected detected = Detect(log, Detectors(), {}, {}, {}, At("2026-04-01"));
  ASSERT_EQ(detected.to_open.size(), 1U);
  Incident incident = detected.to_open[0];
  EXPECT_EQ(incident.detector, "late");
  EXPECT_EQ(incident.service, "snils");
  EXPECT_EQ(incident.affected, 10U);
  EXPECT_EQ(incident.owner, "owner");
  EXPECT_EQ(incident.version, "2024-01-01");
  EXPECT_EQ(incident.cause, "other") << "no wait in the log explains it";
  incident.id = "I-1";
  EXPECT_THAT(Detect(log, Detectors(), {}, {}, {incident}, At("2026-04-01")).to_open, IsEmpty());
}

TEST(DetectorsTest, WhatWasPutRightIsQuietUntilItHappensAgain) {
  EventLog log = Log(10, 10);
  Incident incident = Detect(log, Detectors(), {}, {}, {}, At("2026-04-01")).to_open.at(0);
  incident.id = "I-1";
  incident.closed_at = At("2026-04-01");
  const auto opened = [&](const std::string& day) {
    return Detect(log, Detectors(), {}, {}, {incident}, At(day)).to_open.size();
  };
  EXPECT_EQ(opened("2026-04-02"), 0U);
  for (int i = 0; i < 10; ++i) log.cases.push_back(Ended("2026-03-28", "2026-04-04"));
  EXPECT_EQ(opened("2026-04-05"), 1U);
}

TEST(DetectorsTest, WhatWasOverLongAgoIsNoAlarmAndWhatIsOpenIs) {
  EventLog log = Log(20, 0);
  const auto opened = [&](const std::string& day) {
    return Detect(log, Detectors(), {}, {}, {}, At(day)).to_open.size();
  };
  EXPECT_EQ(opened("2026-06-08"), 1U);
  EXPECT_EQ(opened("2026-06-10"), 0U);
  for (LoggedCase& c : log.cases) c.ended.reset();
  EXPECT_EQ(opened("2026-06-10"), 1U) << "they are overdue still";
}

TEST(DetectorsTest, FewCasesAreNoAlarm) {
  const auto opened = [](int late, int in_time) {
    return Detect(Log(late, in_time), Detectors(), {}, {}, {}, At("2026-04-01")).to_open.size();
  };
  EXPECT_EQ(opened(9, 0), 0U) << "fewer than ten";
  EXPECT_EQ(opened(2, 13), 0U) << "2 of 15 may be chance";
  EXPECT_EQ(opened(400, 2'600), 1U) << "the same share of many is none";
  EXPECT_EQ(opened(0, 100), 0U);
}

TEST(DetectorsTest, WhatNobodyRecordsOrLooksAtRaisesNothing) {
  EventLog log = Log(0, 20);
  EXPECT_THAT(Detect(log, Detectors(), {}, {}, {}, At("2026-04-01")).to_open, IsEmpty());
  log.cases[3].id = "4";
  const auto beyond = [&](std::set<std::string> cases) {
    return Detect(log, Detectors(), cases, {}, {}, At("2026-04-01")).to_open.size();
  };
  EXPECT_EQ(beyond({}), 0U);
  EXPECT_EQ(beyond({"5"}), 0U);
  EXPECT_EQ(beyond({"4"}), 1U);
  log.feedback = {Times(activity::kComplaint, "2026-03-02", 11)};
  const auto opened = Detect(log, Detectors(), {}, {}, {}, At("2026-04-01")).to_open;
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].what, "complaints 11 of 20, above 0.5");
}

TEST(DetectorsTest, WhatStaysOpenGoesUpLevelByLevel) {
  Incident incident;
  incident.id = "I-1";
  incident.severity = Severity::kHigh;
  incident.owner = "owner";
  incident.opened_at = At("2026-03-02");
  const auto escalated = [&](const std::string& day) {
    std::vector<std::string> to;
    for (const auto& [id, entry] :
         Detect({}, Detectors(), {}, {}, {incident}, At(day)).to_escalate) {
      to.push_back(id + " to " + entry.text);
    }
    return to;
  };
  EXPECT_THAT(escalated("2026-03-02"), IsEmpty());
  EXPECT_THAT(escalated("2026-03-03"), ElementsAre("I-1 to head"));
  incident.entries.push_back({IncidentStep::kEscalate, At("2026-03-03"), "monitor", "head"});
  incident.owner = "head";
  EXPECT_THAT(escalated("2026-03-09"), IsEmpty()) << "there is nobody above";
  incident.owner = "owner";
  incident.recovered_at = At("2026-03-03");
  EXPECT_THAT(escalated("2026-03-09"), IsEmpty());
}

TEST(DetectorsTest, AreReadAndWhatMakesNoSenseIsAnIssue) {
  std::vector<Issue> issues;
  const DetectorSet set =
      LoadDetectors(std::string(KSTATI_DATA) + "/monitoring/detectors.yaml", issues);
  EXPECT_THAT(issues, IsEmpty());
  EXPECT_EQ(set.detectors.size(), 7U);
  EXPECT_EQ(set.days, 90);
  EXPECT_EQ(set.hours.at(Severity::kCritical), 4);
  const std::string path = ::testing::TempDir() + "detectors.yaml";
  std::ofstream(path) << "version: a\ndays: 0\ndetectors:\n"
                      << "  - {id: a, signal: noise, above: 1, severity: high}\n"
                      << "  - {id: a, signal: late, above: -1, severity: loud, cases_min: 0}\n"
                      << "escalation: []\nhours: {low: 0}\n";
  LoadDetectors(path, issues);
  std::vector<int> lines;
  for (const Issue& issue : issues) lines.push_back(issue.where.line);
  EXPECT_THAT(lines, ElementsAre(2, 4, 5, 5, 5, 5, 6, 7));
}

using People = std::set<std::string>;

// A table of cases, and whose they are.
struct Peopled {
  CountTable table{{"a", "b", "c"}, {"x", "y", "z"}, {}};
  std::vector<std::vector<People>> who;

  // The people behind a row and a column of what was published; empty: behind all of them.
  People Of(const PublishedTable& published, const std::string& row,
            const std::string& column) const {
    People people;
    for (size_t i = 0; i < who.size(); ++i) {
      for (size_t j = 0; j < who[i].size(); ++j) {
        const bool meant = Stands(table.rows[i], row, published.rows) &&
                           Stands(table.columns[j], column, published.columns);
        if (meant) people.insert(who[i][j].begin(), who[i][j].end());
      }
    }
    return people;
  }

 private:
  // Whether the name is the one meant, or is joined in it.
  static bool Stands(const std::string& name, const std::string& meant,
                     const std::vector<std::string>& published) {
    const bool alone = std::ranges::find(published, name) != published.end();
    const bool joined = (meant == kOther || meant == "all") && !alone;
    return meant.empty() || meant == name || joined;
  }
};

// However the cases of people who have many each lie, a cell that is shown is of nobody or of k
// people, and so is each total.
TEST(PublishedPeople, NoCellOrTotalIsOfFewerThanKPeople) {
  constexpr uint64_t kPeople = 5;
  uint64_t seed = 7;
  const auto random = [&seed](uint64_t bound) {
    seed = seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    return (seed >> 33U) % bound;
  };
  size_t shown = 0;
  size_t joined = 0;
  for (int round = 0; round < 300; ++round) {
    EventLog log;
    Peopled all;
    all.who.assign(3, std::vector<People>(3));
    all.table.cells.assign(3, std::vector<uint64_t>(3));
    const uint64_t people = 1 + random(60);
    for (uint64_t person = 0; person < people; ++person) {
      for (uint64_t i = 0; i <= random(4); ++i) {
        LoggedCase c;
        c.person = std::to_string(person);
        log.cases.push_back(c);
        const uint64_t row = random(5) < 2 ? 0 : random(3);
        const uint64_t column = random(3);
        ++all.table.cells[row][column];
        all.who[row][column].insert(c.person);
      }
    }
    const PublishedTable published = Publish(all.table, kPeople * MostCasesOfOne(log));
    for (size_t i = 0; i < published.rows.size(); ++i) {
      joined += published.rows[i] == kOther ? 1 : 0;
      EXPECT_GE(all.Of(published, published.rows[i], {}).size(), kPeople);
      for (size_t j = 0; j < published.columns.size(); ++j) {
        if (!published.cells[i][j] || *published.cells[i][j] == 0) continue;
        EXPECT_GE(all.Of(published, published.rows[i], published.columns[j]).size(), kPeople);
        ++shown;
      }
    }
    for (const std::string& column : published.columns) {
      EXPECT_GE(all.Of(published, {}, column).size(), kPeople);
    }
  }
  EXPECT_GT(shown, 0U);
  EXPECT_GT(joined, 0U);
}

TEST(PublishedPeople, CasesThatAreTiedToNobodyCountOnce) {
  EventLog log;
  log.cases.resize(3);
  EXPECT_EQ(MostCasesOfOne(log), 1U);
  log.cases[0].person = log.cases[2].person = "1";
  EXPECT_EQ(MostCasesOfOne(log), 2U);
}

}  // namespace
}  // namespace kstati::cases::monitoring
