// SPDX-License-Identifier: Apache-2.0
#include "graph/standard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kSource = "act: fz_81, article: п. 3, verification: from_knowledge}\n";

class LoadedStandards : public ::testing::Test {
 protected:
  std::vector<ApprovedStandard> Read(const std::string& entries) {
    files_.Write("standards.yaml", "standards:\n" + entries);
    const Catalogue catalogue = files_.Load();
    issues_.clear();
    return LoadStandards(files_.folder(), catalogue, issues_);
  }

  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const Issue& issue : issues_) texts.push_back(issue.text);
    return texts;
  }

  SmallCatalogue files_;
  std::vector<Issue> issues_;
};

TEST_F(LoadedStandards, AreNoneWithoutAFile) {
  const Catalogue catalogue = files_.Load();
  EXPECT_THAT(LoadStandards(files_.folder(), catalogue, issues_), IsEmpty());
  EXPECT_THAT(issues_, IsEmpty());
}

TEST_F(LoadedStandards, AreDatedAndHaveASource) {
  const std::vector<ApprovedStandard> standards =
      Read(std::string("  - {service: snils_newborn, from: 2026-01-01, to: 2026-06-30, visits: 0,\n"
                       "     documents: 1, ") +
           kSource + "  - {situation: child_birth, from: 2026-01-01, visits: 2, " + kSource);
  EXPECT_THAT(Texts(), IsEmpty());
  ASSERT_EQ(standards.size(), 2U);
  EXPECT_EQ(standards[0].of(), "snils_newborn");
  EXPECT_EQ(standards[0].visits, 0);
  EXPECT_EQ(standards[0].documents, 1);
  EXPECT_FALSE(standards[0].term);
  EXPECT_EQ(standards[0].in_force.to, Date::Of(2026, 6, 30));
  EXPECT_EQ(standards[0].SourceText(), "fz_81, п. 3, not confirmed");
  EXPECT_EQ(standards[1].situation, SituationId("child_birth"));
}

TEST_F(LoadedStandards, IncludeASituationsOwn) {
  files_.Append("situations/child_birth.yaml",
                "standard: {visits: 1, act: fz_81, article: п. 8, verification: from_knowledge}\n");
  const std::vector<ApprovedStandard> standards = Read("  []\n");
  ASSERT_EQ(standards.size(), 1U);
  EXPECT_EQ(standards[0].visits, 1);
  EXPECT_TRUE(standards[0].in_force.Contains(Date::Of(1999, 1, 1)));
}

TEST_F(LoadedStandards, ThatMakeNoSenseAreIssuesWithTheirPlace) {
  Read(std::string("  - {service: nothing, situation: child_birth, from: 2026-01-01, ") +
       "visits: 0, act: no_act, article: a, verification: from_knowledge}\n" +
       "  - {situation: flood, from: 2026-01-01, " + kSource +
       "  - {service: snils_newborn, variant: mother, from: 2026-01-01, visits: 0, " + kSource);
  EXPECT_THAT(Texts(),
              ElementsAre(HasSubstr("of one service or of one situation"),
                          HasSubstr("no service \"nothing\""), HasSubstr("no act"),
                          HasSubstr("no situation \"flood\""), HasSubstr("without a figure"),
                          HasSubstr("no variant \"mother\"")));
  for (const Issue& issue : issues_) EXPECT_GT(issue.where.line, 0) << issue.text;
}

TEST_F(LoadedStandards, OfTheSameThingDoNotOverlapInTime) {
  const std::string first =
      "  - {service: snils_newborn, from: 2026-01-01, to: 2026-06-30, visits: 1, ";
  Read(first + kSource + "  - {service: snils_newborn, from: 2026-07-01, visits: 0, " + kSource);
  EXPECT_THAT(Texts(), IsEmpty());
  Read(first + kSource + "  - {service: snils_newborn, from: 2026-06-30, visits: 0, " + kSource);
  EXPECT_THAT(Texts(), ElementsAre(HasSubstr("in force at once")));
}

TEST_F(LoadedStandards, WithATermNeedACalendar) {
  files_.Remove("calendars/2026.yaml");
  Read(std::string("  - {service: snils_newborn, from: 2026-01-01, "
                   "term: {value: 2, unit: working_days}, ") +
       kSource);
  EXPECT_THAT(Texts(), ElementsAre(HasSubstr("without a calendar")));
}

WorkingCalendar TwoYears(const std::set<Date>& days_off) {
  std::vector<WorkingCalendar::Year> years(2);
  years[0].year = 2025;
  years[1].year = 2026;
  years[1].days_off = days_off;
  return WorkingCalendar(years);
}

using U = TermUnit;

bool Exceeds(const std::vector<Term>& terms, const Term& most,
             const WorkingCalendar& calendar = TwoYears({})) {
  return ExcessOf(terms, most, calendar).has_value();
}

TEST(TermExcessTest, OfOneUnitIsSeenByTheFigures) {
  EXPECT_FALSE(Exceeds({{5, U::kWorkingDays}}, {5, U::kWorkingDays}));
  EXPECT_TRUE(Exceeds({{6, U::kWorkingDays}}, {5, U::kWorkingDays}));
  EXPECT_TRUE(Exceeds({{6, U::kWorkingDays}}, {5, U::kWorkingDays}, {})) << "without a calendar";
  EXPECT_TRUE(Exceeds({{49, U::kMonths}}, {48, U::kMonths})) << "past the calendar";
}

TEST(TermExcessTest, OfUnlikeUnitsIsShownByADay) {
  EXPECT_FALSE(Exceeds({{5, U::kWorkingDays}}, {7, U::kCalendarDays}));
  EXPECT_TRUE(Exceeds({{6, U::kWorkingDays}}, {7, U::kCalendarDays}));
  EXPECT_FALSE(Exceeds({{28, U::kCalendarDays}}, {1, U::kMonths}));
  EXPECT_TRUE(Exceeds({{32, U::kCalendarDays}}, {1, U::kMonths}));
  EXPECT_FALSE(Exceeds({{30, U::kMinutes}}, {0, U::kWorkingDays}));
  EXPECT_TRUE(Exceeds({{1, U::kWorkingDays}}, {60, U::kMinutes}));
}

TEST(TermExcessTest, MayComeFromHolidaysAlone) {
  const WorkingCalendar holidays = TwoYears({Date::Of(2026, 5, 4), Date::Of(2026, 5, 5)});
  const std::vector<Term> terms{{5, U::kWorkingDays}};
  EXPECT_FALSE(Exceeds(terms, {7, U::kCalendarDays}));
  const auto excess = ExcessOf(terms, {7, U::kCalendarDays}, holidays);
  ASSERT_TRUE(excess && excess->start);
  EXPECT_EQ(holidays.EndOfTerm(*excess->start, terms[0]).value() >
                holidays.EndOfTerm(*excess->start, {7, U::kCalendarDays}).value(),
            true);
}

TEST(TermExcessTest, OfTermsOneAfterAnotherIsThatOfTheirSum) {
  EXPECT_FALSE(Exceeds({{2, U::kWorkingDays}, {3, U::kWorkingDays}}, {5, U::kWorkingDays}));
  EXPECT_TRUE(Exceeds({{2, U::kWorkingDays}, {4, U::kWorkingDays}}, {5, U::kWorkingDays}));
}

}  // namespace
}  // namespace kstati::graph
