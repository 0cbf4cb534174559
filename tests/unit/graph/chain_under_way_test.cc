// SPDX-License-Identifier: Apache-2.0
// Chains of people who have applied for something before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "graph/chain.h"
#include "graph/chains/burden.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;

TEST(ChainUnderWayTest, AnApplicationThatWasMadeAsksForNothingMore) {
  Drawing world(R"(
    a + b -> filed -> paper [30 wd, visits 2, fee 900]
    c     -> other -> paper [20 wd, visits 1]
  )");
  world.Goals("paper").UnderWay("filed", "2026-03-05");
  EXPECT_THAT(world.Steps(), ElementsAre("filed 03-02..03-05"));
  const Chain chain = world.Solve();
  EXPECT_EQ(chain.burden, 3 * chains::kWorkingDay) << "three working days of waiting";
  EXPECT_TRUE(chain.proven);
}

TEST(ChainUnderWayTest, OnlyTheDaysThatAreLeftCount) {
  Drawing world(R"(
    -> filed -> paper [1 wd]
    -> fast  -> paper [2 wd]
    paper -> last -> goal [1 wd]
  )");
  world.Goals("goal").UnderWay("filed", "2026-06-01");
  EXPECT_THAT(world.Steps(), ElementsAre("fast 03-02..03-04", "last 03-04..03-05 after fast"))
      << "three months of waiting weigh more than another application";
}

TEST(ChainUnderWayTest, AResultThatIsOverdueMayComeToday) {
  Drawing world("-> filed -> paper [5 wd, visits 1]");
  world.Goals("paper").UnderWay("filed", "2026-02-20");
  EXPECT_THAT(world.Steps(), ElementsAre("filed 03-02..03-02"));
}

TEST(ChainUnderWayTest, WhereNobodyKnowsTheDayTheWholeTermIsLeft) {
  Drawing world("a -> filed -> paper [5 wd, visits 1]");
  world.Goals("paper").UnderWay("filed", "");
  EXPECT_THAT(world.Steps(), ElementsAre("filed 03-02..03-09"));
}

// It has begun, so that it cannot be put off until what it gives is wanted.
TEST(ChainUnderWayTest, WhatComesTooEarlyIsNotWaitedFor) {
  Drawing world(R"(
    -> filed -> fresh [1 wd]
    -> again -> fresh [1 wd, visits 1]
    -> slow  -> thing [30 cd]
    fresh + thing -> last -> goal [1 wd]
  )");
  world.Goals("goal").ValidFor("fresh", 10).UnderWay("filed", "2026-03-03");
  const Chain chain = world.Solve();
  std::vector<std::string> services;
  for (const ChainStep& step : chain.steps) services.push_back(step.service.text());
  EXPECT_THAT(services, ::testing::UnorderedElementsAre("again", "slow", "last"));
}

}  // namespace
}  // namespace kstati::graph
