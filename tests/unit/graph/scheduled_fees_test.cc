// SPDX-License-Identifier: Apache-2.0
// What a step costs on the day on which it was put.
#include "graph/schedule/fees.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "graph/chains/burden.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph::schedule {
namespace {

// The chain of one step, with what the search took it for.
struct Put {
  Drawing world;
  Chain chain;

  explicit Put(std::string_view line) : world(line) {
    chain = world.Goals("paper").Held("a").Solve();
    EXPECT_EQ(chain.steps.size(), 1U);
    EXPECT_TRUE(chain.proven);
  }

  // The step is put there, and what is paid is told.
  int64_t On(int month, int day) {
    chain.steps[0].start = Date::Of(2026, month, day);
    PayOn(world.graph().model().catalogue(), chain.steps[0], chain);
    return chain.steps[0].fee;
  }
};

TEST(ScheduledFeesTest, AFeeThatStaysChangesNothing) {
  Put put("a -> desk -> paper [2 wd, visits 1, fee 500]");
  const int64_t burden = put.chain.burden;
  EXPECT_EQ(put.On(3, 20), 50'000);
  EXPECT_EQ(put.chain.burden, burden);
  EXPECT_EQ(put.chain.least_burden, burden);
  EXPECT_TRUE(put.chain.proven);
}

TEST(ScheduledFeesTest, OnTheDayOfTheSearchNothingChanges) {
  Put put("a -> desk -> paper [2 wd, fee 500 from 2026-03-10 700]");
  EXPECT_EQ(put.On(3, 9), 50'000);
  EXPECT_TRUE(put.chain.proven);
}

// Another way may have been cheaper on those days.
TEST(ScheduledFeesTest, AHigherFeeIsPaidAndTheChainIsNoLongerProven) {
  Put put("a -> desk -> paper [2 wd, fee 500 from 2026-03-10 700]");
  const int64_t burden = put.chain.burden;
  EXPECT_EQ(put.On(3, 10), 70'000);
  EXPECT_EQ(put.chain.burden, burden + 20'000);
  EXPECT_EQ(put.chain.least_burden, burden) << "no chain asks less than was proven";
  EXPECT_FALSE(put.chain.proven);
}

TEST(ScheduledFeesTest, ALowerFeeIsPaidAndLowersWhatIsKnown) {
  Put put("a -> desk -> paper [2 wd, fee 500 from 2026-03-10 300]");
  const int64_t least = put.chain.least_burden;
  EXPECT_EQ(put.On(3, 10), 30'000);
  EXPECT_LE(put.chain.least_burden, put.chain.burden);
  EXPECT_LE(put.chain.least_burden, least);
}

// Whether another chain is cheaper on another day depends on all fees that were weighed.
TEST(ScheduledFeesTest, AnotherWayWhoseFeeVariesIsTold) {
  const auto told = [](std::string_view other) {
    Drawing world("a -> desk -> paper [2 wd, fee 500]\na -> other -> paper [2 wd, fee " +
                  std::string(other) + "]");
    world.Goals("paper").Held("a");
    const Chain chain = world.Solve();
    EXPECT_EQ(chain.steps.front().service, ServiceId("desk"));
    EXPECT_TRUE(chain.proven);
    for (const ChainOption& option : world.Choices()) EXPECT_EQ(option.fees_vary, chain.fees_vary);
    return chain.fees_vary;
  };
  EXPECT_FALSE(told("900"));
  EXPECT_TRUE(told("900 from 2026-03-10 100"));
}

TEST(ScheduledFeesTest, ADiscountThatHasEndedIsNotGiven) {
  Put put("a -> desk -> paper [2 wd, fee 2000 halved until 2026-03-10]");
  const int64_t burden = put.chain.burden;
  EXPECT_EQ(put.On(3, 10), 100'000);
  EXPECT_TRUE(put.chain.proven);
  EXPECT_EQ(put.On(3, 11), 200'000);
  EXPECT_EQ(put.chain.burden, burden + 100'000);
  EXPECT_FALSE(put.chain.proven);
}

TEST(ScheduledFeesTest, AFeeInWordsStaysUnknown) {
  Put put("a -> desk -> paper [2 wd, fee ?]");
  const int64_t burden = put.chain.burden;
  put.On(3, 20);
  EXPECT_FALSE(put.chain.steps[0].fee_known);
  EXPECT_EQ(put.chain.burden, burden);
  EXPECT_TRUE(put.chain.proven);
}

}  // namespace
}  // namespace kstati::graph::schedule
