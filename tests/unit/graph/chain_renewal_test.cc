// SPDX-License-Identifier: Apache-2.0
// Goals that are needed anew, and documents that ended or that nobody has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ChainRenewalTest, AGoalThatIsToBeRenewedIsGivenAnewToWhomHoldsIt) {
  Drawing world("passport + photo -> replace -> passport [5 wd, visits 1]\n");
  world.Goals("passport").Held("passport + photo");
  EXPECT_THAT(world.Solve().steps, IsEmpty()) << "the one that is held is enough";
  world.Renews("passport");
  EXPECT_THAT(world.Steps(), ElementsAre("replace 03-02..03-09 visits 1"));
  const Chain chain = world.Solve();
  EXPECT_THAT(chain.reached, ElementsAre(Document("passport")));
  EXPECT_TRUE(chain.proven);
}

TEST(ChainRenewalTest, WhatIsHeldIsNoRenewalWhereEveryServiceRefuses) {
  Drawing world("passport -> replace -> passport [forbidden]\n");
  world.Goals("passport").Held("passport").Renews("passport");
  EXPECT_THAT(world.Solve().unreachable, ElementsAre(Document("passport")));
  const std::vector<Obstacles> obstacles = world.InTheWay();
  ASSERT_THAT(obstacles, SizeIs(1));
  EXPECT_THAT(obstacles[0].obstacles, ElementsAre(Obstacle{ServiceId("replace"), {}}));
}

TEST(ChainRenewalTest, OthersWaitForTheNewOneButForWhatLeadsToIt) {
  Drawing world(R"(
    birth + passport -> rename  -> new_name [3 wd]
    passport + new_name -> replace -> passport [5 wd]
    passport -> update  -> number   [1 wd]
  )");
  world.Goals("passport + number").Held("birth + passport").Renews("passport");
  EXPECT_THAT(world.Steps(), ElementsAre("rename 03-02..03-05", "replace 03-05..03-12 after rename",
                                         "update 03-12..03-13"));
  EXPECT_THAT(world.Solve().steps[2].behind, SizeIs(1)) << "on other days it waits, too";
}

TEST(ChainRenewalTest, WhatEndedIsHandedInForANewOneAndServesNothingElse) {
  const char* const kLines = R"(
    medical -> doctor  -> fit     [5 wd]
    licence + fit -> replace -> licence [1 wd]
    licence -> rent    -> car     [1 wd]
  )";
  Drawing ended(kLines);
  ended.Goals("licence").Held("medical").Ended("licence");
  EXPECT_THAT(ended.Steps(),
              ElementsAre("doctor 03-02..03-09", "replace 03-09..03-10 after doctor"));
  Drawing renting(kLines);
  renting.Goals("car").Held("medical").Ended("licence");
  EXPECT_THAT(renting.Steps(),
              ElementsAre("doctor 03-02..03-09", "replace 03-09..03-10 after doctor",
                          "rent 03-10..03-11 after replace"));
  Drawing ending(kLines);
  ending.Goals("licence")
      .Held("medical + licence")
      .Renews("licence")
      .Expires("licence", "2026-03-04");
  EXPECT_THAT(ending.Steps(),
              ElementsAre("doctor 03-02..03-09", "replace 03-09..03-10 after doctor"));
}

TEST(ChainRenewalTest, NobodyBringsOrLooksUpWhatThereIsNot) {
  Drawing world("extract -> grant -> money [1 wd]\n");
  world.Goals("money").StateHolds("extract").Lacks("extract");
  EXPECT_THAT(world.Solve().unreachable, ElementsAre(Document("money")));
  const std::vector<Obstacles> obstacles = world.InTheWay();
  ASSERT_THAT(obstacles, SizeIs(1));
  EXPECT_THAT(obstacles[0].obstacles, ElementsAre(Obstacle{{}, Document("extract")}));
}

}  // namespace
}  // namespace kstati::graph
