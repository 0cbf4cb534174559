// SPDX-License-Identifier: Apache-2.0
#include "graph/calendars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "graph/schedule/chain_tasks.h"
#include "graph/schedule/schedule.h"
#include "tests/unit/graph/drawing.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kBasis = "act: fz_81, article: a, verification: from_knowledge";

class CalendarsTest : public ::testing::Test {
 protected:
  Calendars Read(const std::string& entries) {
    files_.Write("other_calendars.yaml", "other_calendars:\n" + entries);
    catalogue_ = files_.Load();
    issues_.clear();
    return LoadCalendars(files_.folder(), catalogue_, issues_);
  }

  void WriteYear(const std::string& id, const std::string& days_off) {
    const std::string folder = "other_calendars/" + id + "/calendars/";
    files_.Write(folder + "2026.yaml",
                 "year: 2026\nverification: from_knowledge\ndays_off: " + days_off + "\n");
  }

  const Service& Only() const { return catalogue_.services().front(); }

  SmallCatalogue files_;
  Catalogue catalogue_;
  std::vector<Issue> issues_;
};

TEST_F(CalendarsTest, WithoutAFileEverybodyKeepsTheCountrys) {
  catalogue_ = files_.Load();
  const Calendars calendars = LoadCalendars(files_.folder(), catalogue_, issues_);
  EXPECT_TRUE(calendars.empty());
  EXPECT_EQ(calendars.Find(Only(), "77"), nullptr);
}

TEST_F(CalendarsTest, TheRegionsComesFirstThenTheServices) {
  for (const char* id : {"fund", "service", "region"}) WriteYear(id, "[]");
  catalogue_ = files_.Load();
  const std::string authority = Only().authority;
  const std::string service = Only().id.text();
  const Calendars calendars = Read("  - {id: fund, authorities: [" + authority + "], " + kBasis +
                                   "}\n  - {id: service, services: [" + service + "], " + kBasis +
                                   "}\n  - {id: region, region: \"16\", authorities: [" +
                                   authority + "], " + kBasis + "}\n");
  ASSERT_THAT(issues_, IsEmpty());
  const WorkingCalendar* of_service = calendars.Find(Only(), "77");
  const WorkingCalendar* of_region = calendars.Find(Only(), "16");
  ASSERT_NE(of_service, nullptr);
  ASSERT_NE(of_region, nullptr);
  EXPECT_NE(of_service, of_region);
  EXPECT_EQ(calendars.Find(Only(), ""), of_service);
}

TEST_F(CalendarsTest, WhatMakesNoSenseIsAnIssueWithItsPlaceAndARemedy) {
  WriteYear("twice", "[]");
  Read("  - {id: none, " + std::string(kBasis) + "}\n" +
       "  - {id: twice, authorities: [nobody], services: [nothing], act: no_act, article: a, "
       "verification: from_knowledge}\n" +
       "  - {id: twice, authorities: [nobody], " + kBasis + "}\n");
  std::string all;
  for (const Issue& issue : issues_) {
    EXPECT_GT(issue.where.line, 0) << issue.text;
    EXPECT_FALSE(issue.hint.empty()) << issue.text;
    all += issue.text + "\n";
  }
  EXPECT_THAT(all, HasSubstr("nobody keeps this calendar"));
  EXPECT_THAT(all, HasSubstr("the calendar \"none\" has no year"));
  EXPECT_THAT(all, HasSubstr("there is no authority \"nobody\""));
  EXPECT_THAT(all, HasSubstr("there is no service \"nothing\""));
  EXPECT_THAT(all, HasSubstr("there is no act \"no_act\""));
  EXPECT_THAT(all, HasSubstr("keeps the calendar \"twice\" there already"));
  EXPECT_THAT(all, HasSubstr("\"twice\" is there twice"));
}

// On Monday the second of March; the fund is closed from Tuesday to Thursday.
TEST(CalendarsInChainsTest, EachStepCountsByItsOwn) {
  Drawing world(R"(
    a -> office -> form   [2 wd]
    form -> fund -> paper [2 wd, visits 1]
  )");
  world.Goals("paper").Held("a");
  EXPECT_THAT(world.Steps(),
              ElementsAre("office 03-02..03-04", "fund 03-04..03-06 after office visits 1"));
  world.Closed("fund", {"2026-03-03", "2026-03-04", "2026-03-05"});
  EXPECT_THAT(world.Steps(),
              ElementsAre("office 03-02..03-04", "fund 03-04..03-09 after office visits 1"));
  const Chain chain = world.Solve();
  const auto tasks = schedule::TasksOf(chain.steps, world.graph().catalogue());
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_NE(tasks[0].calendar, tasks[1].calendar);
  const schedule::Schedule days = schedule::MakeSchedule(tasks, Date::Of(2026, 3, 2));
  ASSERT_EQ(days.trips.size(), 1U);
  EXPECT_EQ(days.trips[0].day, Date::Of(2026, 3, 6)) << "the first day on which the fund is open";
  EXPECT_EQ(days.finish, Date::Of(2026, 3, 10));
}

TEST(CalendarsInChainsTest, AServiceThatIsClosedForLongIsNotTheFastest) {
  Drawing world(R"(
    a -> near -> paper [2 wd]
    a -> far  -> paper [4 wd]
  )");
  world.Goals("paper").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("near 03-02..03-04"));
  world.Closed("near", {"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"});
  EXPECT_THAT(world.Steps(), ElementsAre("far 03-02..03-06"));
}

}  // namespace
}  // namespace kstati::graph
