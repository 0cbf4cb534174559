// SPDX-License-Identifier: Apache-2.0
// Services that must not begin before others are done, where a chain has both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/schedule/chain_tasks.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ChainAfterTest, AServiceWaitsForTheOneItComesAfter) {
  Drawing world(
      "a -> register -> record [3 wd]\n"
      "a -> move -> address [2 wd, after register]");
  const Chain chain = world.Goals("record + address").Held("a").Solve();
  EXPECT_THAT(world.Steps(), ElementsAre("register 03-02..03-05", "move 03-05..03-09"));
  EXPECT_TRUE(chain.proven);
  EXPECT_EQ(chain.burden, chain.least_burden);
  EXPECT_EQ(chain.finish, Date::Of(2026, 3, 9));
}

TEST(ChainAfterTest, WhatNobodyNeedsIsNotWaitedFor) {
  Drawing world(
      "a -> register -> record [3 wd]\n"
      "a -> move -> address [2 wd, after register]");
  EXPECT_THAT(world.Goals("address").Held("a").Steps(), ElementsAre("move 03-02..03-04"));
}

TEST(ChainAfterTest, WhatIsUnderWayIsWaitedForAndWaitsForNobody) {
  Drawing first(
      "a -> register -> record [3 wd]\n"
      "a -> move -> address [2 wd, after register]");
  first.Goals("record + address").Held("a").UnderWay("register", "2026-03-10");
  EXPECT_THAT(first.Steps(), ElementsAre("register 03-02..03-10", "move 03-10..03-12"));
  Drawing second(
      "a -> register -> record [3 wd]\n"
      "a -> move -> address [2 wd, after register]");
  second.Goals("record + address").Held("a").UnderWay("move", "2026-03-04");
  EXPECT_THAT(second.Steps(), ElementsAre("move 03-02..03-04", "register 03-02..03-05"));
}

// The cheap way needs ten days more than it looks; the search goes on until the dearer one is best.
TEST(ChainAfterTest, TheWaitIsCountedAndAnotherWayIsTakenWhenItIsBetter) {
  Drawing world(
      "a -> register -> record [10 wd]\n"
      "a -> move -> address [10 wd, after register]\n"
      "a -> notary -> address [2 wd, fee 300]");
  const Chain chain = world.Goals("record + address").Held("a").Solve();
  EXPECT_THAT(world.Steps(), ElementsAre("notary 03-02..03-04", "register 03-02..03-16"));
  EXPECT_TRUE(chain.proven);
}

// The second needs what the first gives, and the first has to come after it.
TEST(ChainAfterTest, AWayInWhichTwoWaitForEachOtherIsNone) {
  Drawing world(
      "a -> first -> half [1 wd, after second]\n"
      "half -> second -> paper [1 wd]\n"
      "a -> other -> half [20 wd, visits 2]");
  const Chain chain = world.Goals("paper").Held("a").Solve();
  EXPECT_THAT(world.Steps(),
              ElementsAre("other 03-02..03-30 visits 2", "second 03-30..03-31 after other"));
  EXPECT_TRUE(chain.proven);
}

TEST(ChainAfterTest, TheScheduleKeepsTheOrder) {
  Drawing world(
      "a -> register -> record [3 wd, visits 1, at mfc]\n"
      "a -> move -> address [2 wd, visits 1, at mfc, after register]");
  const Chain chain = world.Goals("record + address").Held("a").Solve();
  ASSERT_THAT(chain.steps, SizeIs(2));
  ASSERT_THAT(chain.steps[1].behind, SizeIs(1));
  EXPECT_EQ(chain.steps[1].behind[0].service, ServiceId("register"));
  EXPECT_TRUE(chain.steps[1].behind[0].finished);
  EXPECT_THAT(chain.steps[1].after, IsEmpty());
  const auto tasks = schedule::TasksOf(chain.steps, world.graph().catalogue());
  const schedule::Schedule days = schedule::MakeSchedule(tasks, Date::Of(2026, 3, 2));
  EXPECT_EQ(days.tasks[1].start, Date::Of(2026, 3, 5));
  EXPECT_THAT(days.trips, SizeIs(2));
}

}  // namespace
}  // namespace kstati::graph
