// SPDX-License-Identifier: Apache-2.0
// Chains of which every step stands on the day on which it begins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ChainForesightTest, NoStepBeginsOnADayOnWhichItIsRefused) {
  Drawing world(R"(
    a     -> work  -> paper [5 wd]
    paper -> grant -> money [1 wd, until 2026-03-06]
  )");
  world.Goals("money").Held("a");
  const Chain chain = world.Solve();
  EXPECT_THAT(chain.steps, IsEmpty()) << "the paper comes on 9 March";
  EXPECT_THAT(chain.unreachable, ElementsAre(Document("money")));
}

TEST(ChainForesightTest, AStepMayBeginOnItsLastDay) {
  Drawing world(R"(
    a     -> work  -> paper [5 wd]
    paper -> grant -> money [1 wd, until 2026-03-09]
  )");
  world.Goals("money").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("work 03-02..03-09", "grant 03-09..03-10 after work"));
  EXPECT_TRUE(world.Solve().proven) << "refused only once it has begun";
}

TEST(ChainForesightTest, AWayThatIsOpenInTimeIsTakenInstead) {
  Drawing world(R"(
    a     -> work  -> paper [5 wd]
    a     -> court -> paper [1 wd, visits 2]
    paper -> grant -> money [1 wd, until 2026-03-06]
  )");
  world.Goals("money").Held("a");
  EXPECT_THAT(world.Steps(),
              ElementsAre("court 03-02..03-03 visits 2", "grant 03-03..03-04 after court"));
  EXPECT_TRUE(world.Solve().proven);
  const ChainFront front = world.Front();
  EXPECT_THAT(front.points, SizeIs(1));
  EXPECT_TRUE(front.proven);
}

TEST(ChainForesightTest, WhatIsUndeterminedOnItsDayIsTakenOnlyWithoutASureWay) {
  const char* const kLines = R"(
    a     -> work  -> paper [5 wd]
    paper -> grant -> money [1 wd, doubtful 2026-03-05]
  )";
  Drawing alone(kLines);
  alone.Goals("money").Held("a");
  EXPECT_THAT(alone.Steps(),
              ElementsAre("work 03-02..03-09", "grant 03-09..03-10 after work maybe"));
  Drawing beside(std::string(kLines) + "    a -> court -> money [60 wd, visits 2]\n");
  beside.Goals("money").Held("a");
  EXPECT_THAT(beside.Steps(), ElementsAre("court 03-02..05-25 visits 2"));
}

TEST(ChainForesightTest, NothingIsProvenWhereWhatIsRefusedNowOpensMeanwhile) {
  const char* const kLines = R"(
    a     -> work  -> paper [5 wd]
    paper -> court -> money [30 wd, visits 2]
    paper -> grant -> money [1 wd, from %s]
  )";
  const auto with = [kLines](const std::string& day) {
    std::string lines = kLines;
    return lines.replace(lines.find("%s"), 2, day);
  };
  Drawing soon(with("2026-03-06"));
  soon.Goals("money").Held("a");
  EXPECT_FALSE(soon.Solve().proven);
  EXPECT_EQ(soon.Solve().least_burden, 0);
  Drawing late(with("2026-12-01"));
  late.Goals("money").Held("a");
  EXPECT_TRUE(late.Solve().proven);
}

}  // namespace
}  // namespace kstati::graph
