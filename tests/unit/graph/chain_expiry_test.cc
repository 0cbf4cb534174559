// SPDX-License-Identifier: Apache-2.0
//
// Documents that expire before they are used, and chains that were told before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "graph/chain.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of the last day a Drawing starts on, Monday the second of March.
TEST(ChainExpiryTest, ADocumentIsHadAsLateAsItsUseNeeds) {
  Drawing world(R"(
    a -> clinic  -> medical         [1 wd]
    a -> school  -> diploma         [20 wd]
    medical + diploma -> licence -> card  [1 wd]
  )");
  world.Goals("card").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("clinic 03-02..03-03", "school 03-02..03-30",
                                         "licence 03-30..03-31 after clinic after school"));
  world.ValidFor("medical", 10);
  EXPECT_THAT(world.Steps(), ElementsAre("school 03-02..03-30", "clinic 03-19..03-20",
                                         "licence 03-30..03-31 after clinic after school"));
  EXPECT_TRUE(world.Solve().proven);
}

TEST(ChainExpiryTest, TheLastDayIsADayOfUse) {
  Drawing world(R"(
    a -> clinic  -> medical         [1 cd]
    a + medical -> middle -> paper  [9 cd]
    medical + paper -> licence -> card  [1 wd]
  )");
  world.Goals("card").Held("a");
  // From Tuesday on nine days are Thursday the twelfth.
  world.ValidFor("medical", 9);
  EXPECT_EQ(world.Solve().steps.size(), 3U);
  world.ValidFor("medical", 8);
  const Chain chain = world.Solve();
  EXPECT_THAT(chain.steps, IsEmpty()) << "whenever the clinic is visited, it expires";
  EXPECT_TRUE(chain.proven);
}

TEST(ChainExpiryTest, AChainInWhichSomethingExpiresIsNoChainAndTheSearchGoesOn) {
  Drawing world(R"(
    a -> clinic  -> medical            [1 wd]
    medical -> slow -> paper           [30 wd]
    a -> dear    -> paper              [1 wd, fee 5000]
    medical + paper -> licence -> card [1 wd]
  )");
  world.Goals("card").Held("a");
  EXPECT_EQ(world.Solve().steps.size(), 3U);
  world.ValidFor("medical", 20);
  const Chain chain = world.Solve();
  ASSERT_EQ(chain.steps.size(), 3U);
  EXPECT_TRUE(std::ranges::count(chain.steps, ServiceId("dear"), &ChainStep::service));
  EXPECT_TRUE(chain.proven);
}

TEST(ChainExpiryTest, WhatIsHeldIsRenewedOnlyWhenItExpiresBeforeItsUse) {
  Drawing world(R"(
    a -> renewal -> passport        [2 wd]
    a -> school  -> diploma         [10 wd]
    passport + diploma -> office -> card [1 wd]
  )");
  world.Goals("card").Held("a + passport").Expires("passport", "2026-03-16");
  EXPECT_THAT(world.Steps(),
              ElementsAre("school 03-02..03-16", "office 03-16..03-17 after school"));
  world.Expires("passport", "2026-03-15");
  EXPECT_THAT(world.Steps(), ElementsAre("renewal 03-02..03-04", "school 03-02..03-16",
                                         "office 03-16..03-17 after renewal after school"));
  EXPECT_TRUE(world.Solve().proven);
}

TEST(ChainExpiryTest, ADocumentIsRenewedAgainstItself) {
  Drawing world(R"(
    passport -> renewal -> passport [2 wd]
    a -> school  -> diploma         [10 wd]
    passport + diploma -> office -> card [1 wd]
  )");
  world.Goals("card").Held("a + passport").Expires("passport", "2026-03-05");
  EXPECT_THAT(world.Steps(), ElementsAre("renewal 03-02..03-04", "school 03-02..03-16",
                                         "office 03-16..03-17 after renewal after school"));
}

TEST(ChainExpiryTest, PutOffPastTheCalendarIsNoChain) {
  Drawing world(R"(
    a -> clinic  -> medical           [1 wd]
    medical -> middle -> paper        [10 wd]
    medical + paper -> licence -> card [1 wd]
  )");
  world.Goals("card").Held("a").Start("2026-11-02").ValidFor("medical", 13);
  EXPECT_THAT(world.Solve().steps, IsEmpty());
}

TEST(ChainExpiryTest, WhatWasToldIsKeptWhereItStillLeads) {
  Drawing world(R"(
    a -> told  -> paper [20 wd, visits 3]
    a -> new   -> paper [1 wd]
    paper -> office -> card [1 wd]
  )");
  world.Goals("card").Held("a");
  EXPECT_THAT(world.Steps(), ElementsAre("new 03-02..03-03", "office 03-03..03-04 after new"));
  world.Told("told + office");
  EXPECT_THAT(world.Steps(),
              ElementsAre("told 03-02..03-30 visits 3", "office 03-30..03-31 after told"));
  EXPECT_TRUE(world.Solve().proven);
}

TEST(ChainExpiryTest, WhereWhatWasToldLeadsNowhereAsFewAsCanBeAreNew) {
  Drawing world(R"(
    a -> told  -> paper  [forbidden]
    a -> one   -> half   [1 wd]
    half -> two -> paper [1 wd]
    a -> other -> paper  [40 wd, fee 900, visits 2]
    paper -> office -> card [1 wd]
  )");
  world.Goals("card").Held("a");
  EXPECT_EQ(world.Solve().steps.size(), 3U);
  world.Told("told + office");
  const Chain chain = world.Solve();
  ASSERT_EQ(chain.steps.size(), 2U);
  EXPECT_EQ(chain.steps[0].service.text(), "other");
}

// The same services, with a document brought instead of the one that comes too late.
TEST(ChainExpiryTest, WhatIsBroughtInsteadSavesAChainInWhichSomethingExpires) {
  Drawing world(R"(
    a -> school -> diploma + other  [20 wd]
    passport + diploma|letter -> office -> card [1 wd]
  )");
  world.Goals("card + other").Held("a + passport").Expires("passport", "2026-03-10");
  EXPECT_THAT(world.Steps(),
              ElementsAre("office 03-02..03-03 bring letter", "school 03-02..03-30"));
  EXPECT_TRUE(world.Solve().proven);
}

TEST(ChainExpiryTest, PastTheCalendarNothingIsProvenButTheOnlyWay) {
  Drawing world(R"(
    a -> slow   -> paper [40 wd]
    a -> slower -> paper [45 wd, fee 20]
  )");
  world.Goals("paper").Held("a").Start("2026-11-30");
  EXPECT_FALSE(world.Solve().finish.has_value());
  EXPECT_FALSE(world.Solve().proven);
  Drawing only("a -> slow -> paper [40 wd]");
  EXPECT_TRUE(only.Goals("paper").Held("a").Start("2026-11-30").Solve().proven);
}

}  // namespace
}  // namespace kstati::graph
