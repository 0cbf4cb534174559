// SPDX-License-Identifier: Apache-2.0
//
// Fronts of cost against time. Against every choice of small worlds: cheapest_chain_test.cc.
#include "graph/chain_front.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "cost 650 in 10: normal", in roubles and working days.
std::vector<std::string> PointsOf(const ChainFront& front) {
  std::vector<std::string> texts;
  for (const FrontPoint& point : front.points) {
    std::string text =
        "cost " + std::to_string(point.cost / 100) + " in " + std::to_string(point.days) + ":";
    for (const ChainStep& step : point.steps) text += " " + step.service.text();
    texts.push_back(text);
  }
  return texts;
}

constexpr const char* kFourWays = R"(
  a -> normal -> paper [10 wd, visits 1, fee 500]
  a -> urgent -> paper [1 wd, visits 1, fee 4000]
  a -> online -> paper [50 wd, fee 400]
  a -> waste  -> paper [20 wd, visits 1, fee 900]
)";

// An application is 150 roubles of time, a visit 1200.
TEST(ChainFrontTest, EachPointCostsMoreAndIsSooner) {
  Drawing world(kFourWays);
  const ChainFront front = world.Goals("paper").Held("a").Front();
  EXPECT_THAT(PointsOf(front), ElementsAre("cost 550 in 50: online", "cost 1850 in 10: normal",
                                           "cost 5350 in 1: urgent"));
  EXPECT_TRUE(front.proven);
  EXPECT_EQ(front.lower, front.points.front().cost);
  EXPECT_THAT(front.reached, ElementsAre(Document("paper")));
}

TEST(ChainFrontTest, WhatIsRefusedOnTheWayIsNoPoint) {
  // With the cheap form the quick bureau refuses; the dear form takes its place.
  Drawing world(R"(
    a -> cheap  -> form + mark  [1 wd]
    a -> dear   -> form         [1 wd, fee 2000]
    form -> slow   -> paper     [30 wd]
    form -> quick  -> paper     [2 wd, fee 100, unless mark]
  )");
  const ChainFront front = world.Goals("paper").Held("a").Front();
  EXPECT_THAT(PointsOf(front),
              ElementsAre("cost 300 in 31: cheap slow", "cost 2400 in 3: dear quick"));
  EXPECT_TRUE(front.proven);
}

TEST(ChainFrontTest, WhatExpiresOnTheWayIsNoPoint) {
  Drawing world(R"(
    a -> clinic  -> medical               [1 wd]
    medical -> slow  -> paper             [30 wd]
    medical -> quick -> paper             [3 wd, fee 900]
    medical + paper -> licence -> card    [1 wd]
  )");
  world.Goals("card").Held("a");
  EXPECT_EQ(world.Front().points.size(), 2U);
  const ChainFront front = world.ValidFor("medical", 10).Front();
  EXPECT_THAT(PointsOf(front), ElementsAre("cost 1350 in 5: clinic quick licence"));
  EXPECT_TRUE(front.proven);
}

TEST(ChainFrontTest, WithoutStepsThereIsNoPoint) {
  Drawing world(kFourWays);
  const ChainFront front = world.Goals("paper").Held("paper").Front();
  EXPECT_THAT(front.points, IsEmpty());
  EXPECT_TRUE(front.proven);
}

TEST(ChainFrontTest, AtTheDeadlineTheGapIsNamed) {
  Drawing world(ManyWays(40, 300));
  world.Goals(ManyGoals(40)).Deadline(std::chrono::milliseconds(1));
  const ChainFront front = world.Front();
  ASSERT_FALSE(front.points.empty());
  EXPECT_FALSE(front.proven);
  EXPECT_LE(front.lower, front.points.front().cost);
  for (size_t point = 1; point < front.points.size(); ++point) {
    EXPECT_LT(front.points[point - 1].cost, front.points[point].cost);
    EXPECT_GT(front.points[point - 1].days, front.points[point].days);
  }
}

TEST(ChainFrontTest, NoPointHasStepsThatExcludeEachOther) {
  Drawing world(R"(
    a     -> slow -> goal [30 wd]
    p + q -> fast -> goal [1 wd, fee 5000]
    a     -> x    -> p    [1 wd]
    a     -> y    -> q    [1 wd]
    a     -> z    -> q    [3 wd, visits 1]
  )");
  world.Goals("goal").Held("a");
  EXPECT_THAT(PointsOf(world.Front()),
              ElementsAre("cost 150 in 30: slow", "cost 5450 in 2: x y fast"));
  world.Exclude("x + y");
  EXPECT_THAT(PointsOf(world.Front()),
              ElementsAre("cost 150 in 30: slow", "cost 6650 in 4: x z fast"));
  EXPECT_TRUE(world.Front().proven);
}

}  // namespace
}  // namespace kstati::graph
