// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <random>

#include "recommender/models/association.h"
#include "recommender/models/ease.h"

namespace kstati::recommender::models {
namespace {

std::vector<std::vector<ItemIndex>> RandomHistories(size_t people, size_t items, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::vector<ItemIndex>> histories(people);
  for (auto& history : histories) {
    for (ItemIndex item = 0; item < items; ++item) {
      if (random() % (item + 2) == 0) history.push_back(item);
    }
  }
  return histories;
}

ItemCounts CountAll(const std::vector<std::vector<ItemIndex>>& histories, size_t items) {
  ItemCounts counts(items);
  for (const auto& history : histories) counts.Add(history);
  return counts;
}

TEST(ItemCounts, CountsPeopleByItemAndByPairAndTakesBack) {
  ItemCounts counts(3);
  counts.Add(std::vector<ItemIndex>{0, 2});
  counts.Add(std::vector<ItemIndex>{2});
  EXPECT_EQ(counts.Of(2), 2);
  EXPECT_EQ(counts.OfBoth(0, 2), 1);
  EXPECT_EQ(counts.OfBoth(2, 0), 1);
  EXPECT_EQ(counts.people(), 2);
  counts.Remove(std::vector<ItemIndex>{2});
  EXPECT_EQ(counts.Of(2), 1);
  EXPECT_EQ(counts.people(), 1);
}

// By hand: G = [[2,1],[1,1]], ridge 1, inverse of [[3,1],[1,2]] is [[2,-1],[-1,3]] / 5.
TEST(Ease, TwoItemsByHand) {
  ItemCounts counts(2);
  counts.Add(std::vector<ItemIndex>{0, 1});
  counts.Add(std::vector<ItemIndex>{0});
  const auto ease = Ease::Fit(counts, 1);
  ASSERT_TRUE(ease.has_value());
  EXPECT_NEAR(ease->Weight(0, 1), 1.0 / 3, 1e-6);
  EXPECT_NEAR(ease->Weight(1, 0), 1.0 / 2, 1e-6);
  EXPECT_EQ(ease->Weight(0, 0), 0);
}

// The weights into an item are the ridge regression of it on the others: solved one by one.
TEST(Ease, EqualsRidgeRegressionOfEachItemOnTheOthers) {
  constexpr size_t kItems = 12;
  constexpr double kRidge = 3;
  const ItemCounts counts = CountAll(RandomHistories(200, kItems, 1), kItems);
  const auto ease = Ease::Fit(counts, kRidge);
  ASSERT_TRUE(ease.has_value());
  EXPECT_LT(ease->residual(), Ease::kResidualMax);
  for (ItemIndex target = 0; target < kItems; ++target) {
    Eigen::MatrixXd others(kItems - 1, kItems - 1);
    Eigen::VectorXd with_target(kItems - 1);
    const auto skip = [&](Eigen::Index i) {
      return static_cast<ItemIndex>(i < target ? i : i + 1);
    };
    for (Eigen::Index i = 0; i < others.rows(); ++i) {
      with_target(i) = counts.OfBoth(skip(i), target);
      for (Eigen::Index j = 0; j < others.cols(); ++j) {
        others(i, j) = counts.OfBoth(skip(i), skip(j)) + (i == j ? kRidge : 0);
      }
    }
    const Eigen::VectorXd weights = others.ldlt().solve(with_target);
    for (Eigen::Index i = 0; i < weights.size(); ++i) {
      EXPECT_NEAR(ease->Weight(skip(i), target), weights(i), 2e-5);
    }
  }
}

TEST(Ease, ReasonsSumToTheScoreAndTheStrongestIsFirst) {
  const ItemCounts counts = CountAll(RandomHistories(300, 8, 2), 8);
  const auto ease = Ease::Fit(counts, 5);
  ASSERT_TRUE(ease.has_value());
  const std::vector<ItemIndex> taken{0, 3, 5};
  const auto reasons = ease->Reasons(taken, 6);
  ASSERT_EQ(reasons.size(), 3u);
  float sum = 0;
  for (const ItemReason& reason : reasons) sum += reason.share;
  EXPECT_NEAR(sum, ease->Scores(taken)(6), 1e-6);
  EXPECT_GE(std::abs(reasons[0].share), std::abs(reasons[1].share));
}

TEST(Ease, CountsThatFollowEventsGiveTheModelOfARefit) {
  auto histories = RandomHistories(100, 6, 3);
  ItemCounts followed = CountAll(histories, 6);
  followed.Remove(histories[7]);
  histories[7] = {1, 4};
  followed.Add(histories[7]);
  const auto one = Ease::Fit(followed, 2);
  const auto other = Ease::Fit(CountAll(histories, 6), 2);
  ASSERT_TRUE(one && other);
  for (ItemIndex i = 0; i < 6; ++i) {
    for (ItemIndex j = 0; j < 6; ++j) EXPECT_EQ(one->Weight(i, j), other->Weight(i, j));
  }
}

TEST(Ease, RefusesToBeFittedOnNothing) {
  EXPECT_EQ(Ease::Fit(ItemCounts(0), 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Ease::Fit(ItemCounts(2), 0).error().code, ErrorCode::kInvalidArgument);
}

TEST(Association, IsShrunkTowardsTheShareOfEverybody) {
  ItemCounts counts(3);
  for (int i = 0; i < 3; ++i) counts.Add(std::vector<ItemIndex>{0, 1});
  counts.Add(std::vector<ItemIndex>{0});
  const Association association(counts, 2);
  EXPECT_NEAR(association.shares()(1), 3.5 / 5, 1e-6);
  EXPECT_NEAR(association.Probability(1, 0), (3 + 2 * 0.7) / (4 + 2), 1e-6);
  EXPECT_NEAR(association.Probability(1, 2), 0.7, 1e-6) << "nobody took 2: the share of everybody";
  EXPECT_EQ(association.Probability(1, 1), 0);
}

TEST(Association, WithNothingTakenThePopularComeFirst) {
  const ItemCounts counts = CountAll(RandomHistories(50, 4, 4), 4);
  const Association association(counts, 2);
  EXPECT_EQ(association.Scores({}), association.shares());
}

}  // namespace
}  // namespace kstati::recommender::models
