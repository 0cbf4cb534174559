// SPDX-License-Identifier: Apache-2.0
//
// EASE that follows histories against EASE that is fitted on all of them.
#include "recommender/models/following_ease.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <thread>

#include "recommender/models/ease.h"

namespace kstati::recommender::models {
namespace {

constexpr size_t kItems = 40;
constexpr double kRidge = 5;
// Weights are told in float.
constexpr float kTolerance = 1e-5f;

using History = std::vector<ItemIndex>;

History RandomHistory(std::mt19937& random) {
  History history;
  for (ItemIndex item = 0; item < kItems; ++item) {
    // What is even goes with what is even.
    if (random() % 100 < (item % 2 == 0 ? 12u : 5u)) history.push_back(item);
  }
  return history;
}

std::vector<History> RandomHistories(size_t people, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<History> histories(people);
  for (History& history : histories) history = RandomHistory(random);
  return histories;
}

ItemCounts CountAll(const std::vector<History>& histories) {
  ItemCounts counts(kItems);
  for (const History& history : histories) counts.Add(history);
  return counts;
}

float LargestDifference(const FollowingEase& following, const Ease& fitted) {
  History all(kItems);
  std::iota(all.begin(), all.end(), ItemIndex{0});
  float largest = 0;
  for (ItemIndex item = 0; item < kItems; ++item) {
    const std::vector<float> weights = following.Weights(all, item);
    EXPECT_EQ(weights.size(), kItems);
    if (weights.size() != kItems) return INFINITY;
    for (ItemIndex taken = 0; taken < kItems; ++taken) {
      largest = std::max(largest, std::abs(weights[taken] - fitted.Weight(taken, item)));
    }
  }
  return largest;
}

// Histories come, grow and go in any order; after each hundredth change a fit on all of them gives
// the same weights.
TEST(FollowingEase, IsTheFitOfAllThatWasTakenUpAtEveryMoment) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    const std::vector<History> trained = RandomHistories(200, seed);
    FollowingEase following(CountAll(trained), {.ridge = kRidge});
    std::vector<History> followed(60);
    std::mt19937 random(100 + seed);
    following.Replace({}, {});
    following.Settle();
    for (int change = 1; change <= 500; ++change) {
      History& history = followed[random() % followed.size()];
      const History next = random() % 4 == 0 ? History() : RandomHistory(random);
      following.Replace(history, next);
      history = next;
      if (change % 100 != 0) continue;
      std::vector<History> all = trained;
      all.insert(all.end(), followed.begin(), followed.end());
      const auto fitted = Ease::Fit(CountAll(all), kRidge);
      ASSERT_TRUE(fitted.has_value());
      EXPECT_LT(LargestDifference(following, *fitted), kTolerance) << seed << " after " << change;
    }
    EXPECT_EQ(following.fits(), 1u) << "rounding never came near to what is allowed";
    EXPECT_LT(following.Residual(), 1e-8);
  }
}

TEST(FollowingEase, HasNoWeightsBeforeItsFirstFit) {
  FollowingEase following(CountAll(RandomHistories(50, 1)), {.ridge = kRidge});
  EXPECT_THAT(following.Weights(History{1, 2}, 3), testing::IsEmpty());
  following.Replace({}, History{1, 3});
  following.Settle();
  EXPECT_THAT(following.Weights(History{1, 3}, 3), testing::SizeIs(2));
  EXPECT_EQ(following.Weights(History{3}, 3), std::vector<float>{0});
}

TEST(FollowingEase, DriftBeyondToleranceMakesItAnew) {
  FollowingEase strict(CountAll(RandomHistories(50, 2)),
                       {.ridge = kRidge, .residual_max = 0, .checked_every = 10});
  FollowingEase seldom(CountAll(RandomHistories(50, 2)),
                       {.ridge = kRidge, .checked_every = 10, .refitted_every = 1'000});
  for (FollowingEase* following : {&strict, &seldom}) {
    following->Replace({}, History{0});
    following->Settle();
    for (int change = 1; change <= 10; ++change) following->Replace({}, History{1, 2});
    following->Settle();
  }
  EXPECT_EQ(strict.fits(), 2u) << "no rounding at all was allowed";
  EXPECT_EQ(seldom.fits(), 1u);
}

TEST(FollowingEase, ItIsMadeAnewAfterManyChanges) {
  FollowingEase following(CountAll(RandomHistories(50, 3)),
                          {.ridge = kRidge, .refitted_every = 20});
  following.Replace({}, History{0});
  following.Settle();
  for (int change = 1; change <= 20; ++change) following.Replace({}, History{1, 2});
  following.Settle();
  EXPECT_EQ(following.fits(), 2u);
}

// Changes arrive while fits are under way, and readers read.
TEST(FollowingEase, NothingThatChangesDuringAFitIsLost) {
  const std::vector<History> trained = RandomHistories(100, 4);
  FollowingEase following(CountAll(trained), {.ridge = kRidge, .refitted_every = 5});
  const std::vector<History> added = RandomHistories(400, 5);
  std::vector<std::thread> threads;
  for (size_t part = 0; part < 2; ++part) {
    threads.emplace_back([&, part] {
      for (size_t i = part; i < added.size(); i += 2) {
        following.Replace({}, added[i]);
        if (part == 0 && i % 40 == 0) following.Settle();
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 2'000; ++i) {
      const auto weights = following.Weights(History{1, 2, 3}, 4);
      EXPECT_TRUE(weights.empty() || weights.size() == 3);
    }
  });
  for (std::thread& thread : threads) thread.join();
  following.Settle();
  std::vector<History> all = trained;
  all.insert(all.end(), added.begin(), added.end());
  const auto fitted = Ease::Fit(CountAll(all), kRidge);
  ASSERT_TRUE(fitted.has_value());
  EXPECT_LT(LargestDifference(following, *fitted), kTolerance);
  EXPECT_GT(following.fits(), 1u);
}

}  // namespace
}  // namespace kstati::recommender::models
