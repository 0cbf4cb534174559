// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "graph/chain.h"
#include "graph/chains/working_time.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "fastest 03-05 visits 2 fee 0 documents 1: bureau".
std::vector<std::string> Texts(const std::vector<ChainOption>& options) {
  static const char* const kNames[] = {"recommended", "fastest", "fewest visits", "lowest fee"};
  std::vector<std::string> texts;
  for (const ChainOption& option : options) {
    std::string text = kNames[static_cast<size_t>(option.kind)];
    text += " " + (option.finish ? option.finish->ToString().substr(5) : "?") + " visits " +
            std::to_string(option.visits) + " fee " + std::to_string(option.fee / 100) +
            " documents " + std::to_string(option.documents) + ":";
    for (const ChainStep& step : option.steps) text += " " + step.service.text();
    texts.push_back(text);
    EXPECT_TRUE(option.proven);
  }
  return texts;
}

TEST(ChainOptionsTest, OneWayIsNoChoice) {
  Drawing world("a -> office -> paper [5 wd, visits 1]");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-09 visits 1 fee 0 documents 0: office"));
}

TEST(ChainOptionsTest, EachIsBestInWhatItIsNamedFor) {
  Drawing world(R"(
    a -> normal -> paper [10 wd, visits 1, fee 500]
    a -> urgent -> paper [1 wd, visits 1, fee 4000]
    a -> online -> paper [50 wd, fee 400]
    a -> social -> paper [45 wd, visits 2]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-16 visits 1 fee 500 documents 0: normal",
                          "fastest 03-03 visits 1 fee 4000 documents 0: urgent",
                          "fewest visits 05-11 visits 0 fee 400 documents 0: online",
                          "lowest fee 05-04 visits 2 fee 0 documents 0: social"));
}

// Both ways ask for two visits.
TEST(ChainOptionsTest, OneTripServesAllThatIsToBeDoneAtOnePlace) {
  Drawing world(R"(
    a -> desk   -> paper [1 wd, visits 1, at mfc]
    a -> shared -> card  [1 wd, visits 1, at mfc, fee 300]
    a -> own    -> card  [1 wd, visits 1, at office]
  )");
  const std::vector<ChainOption> options = world.Goals("paper + card").Held("a").Choices();
  EXPECT_THAT(Texts(options),
              ElementsAre("recommended 03-03 visits 2 fee 0 documents 0: desk own",
                          "fewest visits 03-03 visits 2 fee 300 documents 0: desk shared"));
  ASSERT_EQ(options.size(), 2U);
  EXPECT_EQ(options[0].trips, 2);
  EXPECT_EQ(options[1].trips, 1);
  EXPECT_EQ(options[0].least_trips, 1);
}

TEST(ChainOptionsTest, VisitsOfOneServiceAreOnDifferentDaysButAtAnyOfItsPlaces) {
  Drawing world(R"(
    a -> twice  -> paper [1 wd, visits 2, at any]
    a -> shared -> card  [1 wd, visits 1, at mfc]
    a -> own    -> mark  [1 wd, visits 1, at office]
  )");
  const auto options = world.Goals("paper + card + mark").Held("a").Choices();
  ASSERT_EQ(options.size(), 1U);
  EXPECT_EQ(options[0].visits, 4);
  EXPECT_EQ(options[0].trips, 2);
  EXPECT_EQ(options[0].least_trips, 2);
}

TEST(ChainOptionsTest, WhatIsUnderWayCostsNothingMoreOnEveryWay) {
  Drawing world(R"(
    a -> normal -> paper [10 wd, visits 1, fee 500]
    a -> urgent -> paper [1 wd, visits 1, fee 4000]
    a -> online -> paper [50 wd, fee 400]
    a -> social -> paper [45 wd, visits 2]
  )");
  world.Goals("paper").Held("a").UnderWay("social", "2026-04-30");
  EXPECT_THAT(Texts(world.Choices()),
              ElementsAre("recommended 03-16 visits 1 fee 500 documents 0: normal",
                          "fastest 03-03 visits 1 fee 4000 documents 0: urgent",
                          "fewest visits 04-30 visits 0 fee 0 documents 0: social"));
}

TEST(ChainOptionsTest, OneThatIsBestInTwoThingsIsNamedOnce) {
  Drawing world(R"(
    a -> normal -> paper [10 wd, visits 1, fee 500]
    a -> online -> paper [60 wd]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-16 visits 1 fee 500 documents 0: normal",
                          "fewest visits 05-25 visits 0 fee 0 documents 0: online"));
}

// Four calendar days from a Thursday end on Monday, after two working days; from a Monday they
// would take four.
TEST(ChainOptionsTest, TheFastestIsFastestOnRealDays) {
  Drawing world(R"(
    a    -> first  -> half  [3 wd]
    half -> second -> paper [4 cd]
    a    -> other  -> paper [6 wd]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-10 visits 0 fee 0 documents 0: other",
                          "fastest 03-09 visits 0 fee 0 documents 0: first second"));
}

TEST(ChainOptionsTest, NoOptionIsBoughtWithADoubt) {
  Drawing world(R"(
    a -> sure    -> paper [10 wd, visits 1]
    a -> doubted -> paper [1 wd, maybe]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-16 visits 1 fee 0 documents 0: sure"));
}

TEST(ChainOptionsTest, AFeeInWordsIsNotALowerOne) {
  Drawing world(R"(
    a -> paid   -> paper [1 wd, fee 2000]
    a -> worded -> paper [100 wd, fee ?]
  )");
  EXPECT_THAT(Texts(world.Goals("paper").Held("a").Choices()),
              ElementsAre("recommended 03-03 visits 0 fee 2000 documents 0: paid"));
}

TEST(ChainOptionsTest, BesideAFeeInWordsTheLowestKnownOneIsOfferedUnproven) {
  Drawing world(R"(
    a -> worded -> paper [1 wd, fee ?]
    a -> paid   -> paper [50 wd, fee 400]
    a -> dearer -> paper [20 wd, fee 600]
  )");
  const std::vector<ChainOption> options = world.Goals("paper").Held("a").Choices();
  ASSERT_EQ(options.size(), 2U);
  EXPECT_EQ(options[0].steps[0].service.text(), "worded");
  EXPECT_TRUE(options[0].proven);
  EXPECT_EQ(options[1].kind, OptionKind::kLowestFee);
  EXPECT_EQ(options[1].steps[0].service.text(), "paid");
  EXPECT_FALSE(options[1].proven) << "the fee in words may be lower";
}

TEST(ChainOptionsTest, WhereFeesAreTooHighToWeighMoreThanAllElseNothingIsProven) {
  Drawing world(R"(
    a -> normal -> paper [1 wd, fee 9000000001]
    a -> slow   -> paper [50 wd, fee 9000000000]
  )");
  const std::vector<ChainOption> options = world.Goals("paper").Held("a").Choices();
  ASSERT_EQ(options.size(), 2U);
  EXPECT_EQ(options[1].kind, OptionKind::kLowestFee);
  EXPECT_EQ(options[1].fee, 900000000000);
  EXPECT_FALSE(options[1].proven);
}

TEST(ChainOptionsTest, AllSearchesShareOneDeadline) {
  constexpr int kGoals = 80;
  constexpr std::chrono::microseconds kDeadline{100'000};
  Drawing world(ManyWays(kGoals, 300));
  const std::string goals = ManyGoals(kGoals);
  world.Goals(goals).Held("a");
  const auto work_within = [&](std::chrono::microseconds deadline) {
    const auto began = chains::WorkingTime::Worked();
    const std::vector<ChainOption> options = world.Deadline(deadline).Choices();
    EXPECT_FALSE(options.empty());
    return chains::WorkingTime::Worked() - began;
  };
  // The lower of two: noise only adds.
  const auto least = [&](std::chrono::microseconds deadline) {
    const auto once = work_within(deadline);
    return std::min(once, work_within(deadline));
  };
  const std::chrono::microseconds beside = least(std::chrono::microseconds{0});
  EXPECT_LT(least(kDeadline), beside + kDeadline * 5 / 2)
      << "four searches, loading and the like aside";
}

TEST(ChainOptionsTest, WithoutStepsThereIsNothingToChoose) {
  Drawing world("a -> office -> paper");
  EXPECT_THAT(world.Goals("paper").Held("paper").Choices(), IsEmpty());
}

}  // namespace
}  // namespace kstati::graph
