// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/off_policy.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace kstati::recommender::evaluation {
namespace {

constexpr std::array kOld{0.6, 0.3, 0.1};
constexpr std::array kNew{0.1, 0.2, 0.7};
constexpr std::array kTaken{0.1, 0.3, 0.5};  // the truth, by item
constexpr double kOldWorth = 0.6 * 0.1 + 0.3 * 0.3 + 0.1 * 0.5;
constexpr double kNewWorth = 0.1 * 0.1 + 0.2 * 0.3 + 0.7 * 0.5;

// What the old policy would have logged, with a model that errs by `model_error`.
std::vector<LoggedChoice> Simulate(size_t count, double model_error, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform;
  std::vector<LoggedChoice> choices;
  for (size_t i = 0; i < count; ++i) {
    const double drawn = uniform(random);
    const size_t item = drawn < kOld[0] ? 0 : drawn < kOld[0] + kOld[1] ? 1 : 2;
    LoggedChoice choice;
    choice.person = static_cast<uint32_t>(i / 3);
    choice.propensity = kOld[item];
    choice.new_propensity = kNew[item];
    choice.outcome = uniform(random) < kTaken[item] ? 1 : 0;
    choice.expected = kTaken[item] + model_error;
    for (size_t other = 0; other < 3; ++other) {
      choice.new_expected += kNew[other] * (kTaken[other] + model_error);
    }
    choices.push_back(choice);
  }
  return choices;
}

TEST(OffPolicy, FindsTheWorthOfAPolicyThatNeverRan) {
  for (const double model_error : {0.0, 0.2}) {
    const auto estimates = EstimateOffPolicy(Simulate(30'000, model_error, 1), {200, 1});
    ASSERT_TRUE(estimates.has_value());
    EXPECT_NEAR(estimates->logged.value, kOldWorth, 0.01);
    EXPECT_NEAR(estimates->inverse.value, kNewWorth, 0.02);
    EXPECT_NEAR(estimates->self_normalised.value, kNewWorth, 0.02);
    EXPECT_NEAR(estimates->doubly_robust.value, kNewWorth, 0.02);
  }
}

TEST(OffPolicy, IntervalsHoldTheTruthAboutAsOftenAsTheySay) {
  int inverse = 0;
  int self_normalised = 0;
  int doubly_robust = 0;
  constexpr int kTrials = 60;
  const auto holds = [](const Estimate& estimate) {
    return estimate.low <= kNewWorth && kNewWorth <= estimate.high ? 1 : 0;
  };
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto estimates =
        EstimateOffPolicy(Simulate(1500, 0, static_cast<uint32_t>(trial + 2)), {100, 1});
    ASSERT_TRUE(estimates.has_value());
    inverse += holds(estimates->inverse);
    self_normalised += holds(estimates->self_normalised);
    doubly_robust += holds(estimates->doubly_robust);
  }
  constexpr int kLeast = 51;  // of 60, with 95 % each: below in less than one of a thousand runs
  EXPECT_GE(inverse, kLeast);
  EXPECT_GE(self_normalised, kLeast);
  EXPECT_GE(doubly_robust, kLeast);
}

TEST(OffPolicy, TheSamePolicyEarnsWhatItEarned) {
  auto choices = Simulate(300, 0, 3);
  for (LoggedChoice& choice : choices) choice.new_propensity = choice.propensity;
  const auto estimates = EstimateOffPolicy(choices, {50, 1});
  ASSERT_TRUE(estimates.has_value());
  EXPECT_DOUBLE_EQ(estimates->inverse.value, estimates->logged.value);
  EXPECT_DOUBLE_EQ(estimates->self_normalised.value, estimates->logged.value);
  EXPECT_NEAR(estimates->effective_choices, 300, 1e-6);
}

TEST(OffPolicy, RefusesWhatCannotBeWeighted) {
  EXPECT_FALSE(EstimateOffPolicy({}, {50, 1}).has_value());
  auto choices = Simulate(10, 0, 4);
  choices[3].propensity = 0;
  EXPECT_EQ(EstimateOffPolicy(choices, {50, 1}).error().code, ErrorCode::kInvalidArgument);
  choices = Simulate(10, 0, 4);
  for (LoggedChoice& choice : choices) choice.new_propensity = 0;
  EXPECT_EQ(EstimateOffPolicy(choices, {50, 1}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kstati::recommender::evaluation
