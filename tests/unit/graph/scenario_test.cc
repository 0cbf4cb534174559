// SPDX-License-Identifier: Apache-2.0
// How a service is delivered as a choice of the person.
#include "graph/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "graph/schedule/chain_tasks.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kPassport =
    "photo -> renewal -> passport [30 cd, fee 1000,"
    " by electronic epgu 0 - 700,"
    " by visit-for-result epgu/mfc 1 10cd 700,"
    " by accelerated mfc 1 3cd 2000,"
    " by traditional office 2 - -]";

// "fastest 03-05 visits 1 fee 2000: renewal accelerated".
std::vector<std::string> OptionTexts(const std::vector<ChainOption>& options) {
  static const char* const kNames[] = {"recommended", "fastest", "fewest visits", "lowest fee"};
  std::vector<std::string> texts;
  for (const ChainOption& option : options) {
    std::string text = kNames[static_cast<size_t>(option.kind)];
    text += " " + option.finish->ToString().substr(5) + " visits " + std::to_string(option.visits) +
            " fee " + std::to_string(option.fee / 100) + ":";
    for (const ChainStep& step : option.steps) {
      text += " " + step.service.text();
      if (step.scenario.scenario == nullptr) continue;
      text += " " + std::string(NameOf(step.scenario.scenario->kind));
    }
    texts.push_back(text);
    EXPECT_TRUE(option.proven);
  }
  return texts;
}

TEST(ScenarioTest, EachOptionPicksTheScenarioThatItIsBestWith) {
  Drawing world(kPassport);
  EXPECT_THAT(OptionTexts(world.Goals("passport").Held("photo").Choices()),
              ElementsAre("recommended 03-12 visits 1 fee 700: renewal visit-for-result",
                          "fastest 03-05 visits 1 fee 2000: renewal accelerated",
                          "fewest visits 04-01 visits 0 fee 700: renewal electronic"));
}

TEST(ScenarioTest, WhoHasNoPortalTakesWhatIsLeft) {
  Drawing world(kPassport);
  world.Goals("passport").Held("photo").Channels("office + bank");
  EXPECT_THAT(world.Steps(), ElementsAre("renewal 03-02..04-01 visits 2 traditional"));
}

TEST(ScenarioTest, WhatIsAppliedForFromAfarNeedsAChannelFromAfar) {
  Drawing world(
      "a -> renewal -> passport [30 cd, by visit-for-result epgu/mfc 1 - -,"
      " by traditional mfc/office 2 - 500]");
  world.Goals("passport").Held("a").Channels("mfc");
  EXPECT_THAT(world.Steps(), ElementsAre("renewal 03-02..04-01 visits 2 traditional"));
}

TEST(ScenarioTest, WithoutAPortalAServiceWithoutVisitsTakesOne) {
  Drawing world(
      "a -> certificate -> paper [3 wd, at any]\n"
      "paper -> portal -> card [3 wd, fee 100 halved until 2026-12-31]");
  world.Goals("card").Held("a");
  EXPECT_THAT(world.Steps(),
              ElementsAre("certificate 03-02..03-05", "portal 03-05..03-10 after certificate"));
}

TEST(ScenarioTest, AWayThatThePersonHasNoChannelForIsAnObstacle) {
  Drawing world("a -> online -> paper [3 wd, by electronic epgu 0 - -]");
  world.Goals("paper").Held("a").Channels("mfc");
  EXPECT_THAT(world.Steps(), IsEmpty());
  const std::vector<Obstacles> in_the_way = world.InTheWay();
  ASSERT_THAT(in_the_way, SizeIs(1));
  EXPECT_THAT(in_the_way[0].obstacles, ElementsAre(Obstacle{{}, {}, ServiceId("online")}));
  EXPECT_TRUE(in_the_way[0].any_is_enough);
  EXPECT_TRUE(in_the_way[0].proven);
}

// To be let in is not enough where no channel leads there.
TEST(ScenarioTest, AServiceRefusedAndOutOfReachIsTwoObstacles) {
  Drawing world("a -> online -> paper [3 wd, forbidden, by electronic epgu 0 - -]");
  world.Goals("paper").Held("a").Channels("mfc");
  const std::vector<Obstacles> in_the_way = world.InTheWay();
  ASSERT_THAT(in_the_way, SizeIs(1));
  EXPECT_THAT(in_the_way[0].obstacles, SizeIs(2));
  EXPECT_FALSE(in_the_way[0].any_is_enough);
}

TEST(ScenarioTest, ARefusedServiceIsOneObstacleHoweverItIsDelivered) {
  Drawing world(
      "a -> renewal -> passport [30 cd, forbidden, by electronic epgu 0 - 900,"
      " by accelerated mfc 1 3cd 50]");
  const std::vector<Obstacles> in_the_way = world.Goals("passport").Held("a").InTheWay();
  ASSERT_THAT(in_the_way, SizeIs(1));
  EXPECT_THAT(in_the_way[0].obstacles, ElementsAre(Obstacle{ServiceId("renewal"), {}, {}}));
}

TEST(ScenarioTest, VisitsArePlacedByTheScenarioOfTheStep) {
  Drawing world(
      "a -> first -> paper [5 wd, by visit-for-result epgu/mfc 1 - -]\n"
      "a -> second -> card [5 wd, by traditional office 1 - -]");
  const Chain chain = world.Goals("paper + card").Held("a").Solve();
  ASSERT_THAT(chain.steps, SizeIs(2));
  const auto tasks = schedule::TasksOf(chain.steps, world.graph().catalogue());
  EXPECT_THAT(tasks[0].places, ElementsAre("mfc"));
  EXPECT_THAT(tasks[1].places, ElementsAre("sfr"));
}

TEST(ScenarioTest, AVisitIsWhereThePersonCanGo) {
  Drawing world("a -> desk -> paper [5 wd, by traditional mfc/office 1 - -]");
  const Chain chain = world.Goals("paper").Held("a").Channels("mfc + epgu").Solve();
  ASSERT_THAT(chain.steps, SizeIs(1));
  EXPECT_THAT(schedule::TasksOf(chain.steps, world.graph().catalogue())[0].places,
              ElementsAre("mfc"));
  EXPECT_THAT(AppliesThrough(*chain.steps[0].regulation, chain.steps[0].scenario),
              ElementsAre("mfc"));
}

// Of each two the first ends sooner, and the chain needs both papers on one day.
TEST(ScenarioTest, WhatIsUnderWayHasNoScenarioLeftToChoose) {
  Drawing world(
      "a -> renewal -> passport [30 cd, by electronic epgu 0 - -,"
      " by accelerated mfc 1 3cd 50]");
  world.Goals("passport").Held("a").UnderWay("renewal", "2026-03-20");
  EXPECT_THAT(world.Steps(), ElementsAre("renewal 03-02..03-20"));
}

TEST(TermTest, IsNoLongerOnlyWhereNoCalendarSaysOtherwise) {
  const Term days{5, TermUnit::kCalendarDays};
  const Term working{5, TermUnit::kWorkingDays};
  const Term minutes{15, TermUnit::kMinutes};
  EXPECT_TRUE(IsNoLonger(days, working));
  EXPECT_FALSE(IsNoLonger(working, days));
  EXPECT_TRUE(IsNoLonger(minutes, days));
  EXPECT_FALSE(IsNoLonger(days, minutes));
  EXPECT_FALSE(IsNoLonger(days, Term{1, TermUnit::kMonths}));
}

}  // namespace
}  // namespace kstati::graph
