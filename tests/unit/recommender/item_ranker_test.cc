// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/item_ranker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "recommender/evaluation/ranking_measures.h"
#include "recommender/models/internal/list_booster.h"

namespace kstati::recommender::models {
namespace {

constexpr size_t kItems = 20;

// People of four kinds, each with five items of their own kind in a row and now and then another.
std::vector<std::vector<ItemIndex>> PeopleOfFourKinds(size_t people, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::vector<ItemIndex>> histories(people);
  for (auto& history : histories) {
    const uint32_t kind = random() % 4;
    for (ItemIndex item = 0; item < kItems; ++item) {
      if (random() % 100 < (item / 5 == kind ? 60u : 4u)) history.push_back(item);
    }
  }
  return histories;
}

TEST(ChoiceModel, LearnsThatItemsOfAKindGoTogether) {
  const auto histories = PeopleOfFourKinds(600, 1);
  const ChoiceModel model = ChoiceModel::Fit(histories, kItems, {});
  const std::vector<ItemIndex> taken{0, 1};
  const Eigen::VectorXf scores = model.LogProbabilities(taken);
  float whole = 0;
  for (ItemIndex item = 2; item < kItems; ++item) whole += std::exp(scores(item));
  EXPECT_NEAR(whole, 1, 1e-4) << "probabilities of what is not taken";
  EXPECT_GT(scores(2), scores(7));
  EXPECT_GT(scores(4), scores(19));
}

TEST(ChoiceModel, TheSameDataGiveTheSameModelAndTheLimitOfWorkHolds) {
  const auto histories = PeopleOfFourKinds(100, 2);
  const std::vector<ItemIndex> taken{3};
  EXPECT_EQ(ChoiceModel::Fit(histories, kItems, {}).LogProbabilities(taken),
            ChoiceModel::Fit(histories, kItems, {}).LogProbabilities(taken));
  ChoiceOptions none;
  none.work_max = 0;
  const Eigen::VectorXf untouched =
      ChoiceModel::Fit(histories, kItems, none).LogProbabilities(taken);
  EXPECT_TRUE(untouched.allFinite()) << "with no work allowed, the shares of everybody";
}

TEST(HiddenChoiceModel, LearnsThatItemsOfAKindGoTogether) {
  const auto histories = PeopleOfFourKinds(600, 1);
  const HiddenChoiceModel model = HiddenChoiceModel::Fit(histories, kItems, {});
  const std::vector<ItemIndex> taken{0, 1};
  const Eigen::VectorXf scores = model.LogProbabilities(taken);
  float whole = 0;
  for (ItemIndex item = 2; item < kItems; ++item) whole += std::exp(scores(item));
  EXPECT_NEAR(whole, 1, 1e-4) << "probabilities of what is not taken";
  EXPECT_GT(scores(2), scores(7));
  EXPECT_GT(scores(4), scores(19));
}

// Item 2 follows 0 alone or 1 alone, item 3 follows both or neither: no sum can tell.
TEST(HiddenChoiceModel, SeesCombinationsThatALinearModelCannot) {
  std::vector<std::vector<ItemIndex>> histories;
  for (int i = 0; i < 100; ++i) {
    histories.insert(histories.end(), {{0, 2}, {1, 2}, {0, 1, 3}, {3}});
  }
  const std::vector<ItemIndex> both{0, 1};
  const std::vector<ItemIndex> first{0};
  HiddenChoiceOptions options;
  options.epochs = 60;
  const HiddenChoiceModel model = HiddenChoiceModel::Fit(histories, 4, options);
  EXPECT_GT(model.LogProbabilities(both)(3), model.LogProbabilities(both)(2) + 1);
  EXPECT_GT(model.LogProbabilities(first)(2), model.LogProbabilities(first)(3) + 1);
}

TEST(HiddenChoiceModel, TheSameDataGiveTheSameModelAndTheLimitOfWorkHolds) {
  const auto histories = PeopleOfFourKinds(100, 2);
  const std::vector<ItemIndex> taken{3};
  EXPECT_EQ(HiddenChoiceModel::Fit(histories, kItems, {}).LogProbabilities(taken),
            HiddenChoiceModel::Fit(histories, kItems, {}).LogProbabilities(taken));
  HiddenChoiceOptions none;
  none.work_max = 0;
  EXPECT_TRUE(HiddenChoiceModel::Fit(histories, kItems, none).LogProbabilities(taken).allFinite());
}

TEST(Neighbours, SharesByHand) {
  const std::vector<std::vector<ItemIndex>> histories{{0, 1, 2}, {0, 3}, {4}};
  const Neighbours neighbours(histories, 5);
  const std::vector<ItemIndex> taken{0, 1};
  const Neighbours::Shares shares = neighbours.Of(taken);
  EXPECT_EQ(shares.people_with_all, 1);
  EXPECT_EQ(shares.of_all(2), 1);
  EXPECT_EQ(shares.of_all(3), 0);
  EXPECT_NEAR(shares.by_cosine(3), (1.0 / 4) / (4.0 / 6 + 1.0 / 4), 1e-6);
  EXPECT_NEAR(shares.by_missing(3), std::exp(-1.5) / (1 + std::exp(-1.5)), 1e-6);
  EXPECT_EQ(shares.by_cosine(4), 0);
}

TEST(ListBooster, FindsTheRightRowOfAList) {
  internal::TrainingLists lists;
  lists.columns = 2;
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    const size_t right = random() % 4;
    for (size_t row = 0; row < 4; ++row) {
      lists.rows.push_back(static_cast<float>(random() % 100));
      lists.rows.push_back(static_cast<float>(random() % 40 + (row == right ? 30 : 0)));
      lists.starts.push_back(0);
    }
    lists.lists.push_back({4, right, 1});
  }
  const auto booster = internal::ListBooster::Train(lists, {30, 3, 0.2, 1, [] {}});
  ASSERT_TRUE(booster.has_value());
  const std::vector<float> margins = booster->Margins({50, 5, 50, 65}, {0, 0});
  EXPECT_LT(margins[0], margins[1]);
}

TEST(ItemRanker, BeatsPopularityOnPeopleItHasNotSeen) {
  const auto histories = PeopleOfFourKinds(400, 4);
  ItemRankerOptions options;
  options.rounds = 20;
  options.shortlist = 10;
  uint64_t steps = 0;
  options.on_step = [&steps] { ++steps; };
  const auto ranker = ItemRanker::Train(histories, kItems, options);
  ASSERT_TRUE(ranker.has_value());
  EXPECT_EQ(steps, StepsOf(options));
  evaluation::RankingMeasures ranked;
  evaluation::RankingMeasures popular;
  const Eigen::VectorXf& shares = ranker->models().association().shares();
  for (const auto& history : PeopleOfFourKinds(60, 5)) {
    if (history.size() < 2) continue;
    ranked += evaluation::AllButOne(history, [&](auto taken) { return ranker->Scores(taken); });
    popular += evaluation::AllButOne(
        history, [&](auto) { return std::vector<float>(shares.begin(), shares.end()); });
  }
  EXPECT_GT(ranked.hit_at_5, 1.5 * popular.hit_at_5);
  EXPECT_GT(ranked.ranked_score, 1.2 * popular.ranked_score);
}

TEST(ItemRanker, NeedsSomebodyWithTwoItems) {
  const std::vector<std::vector<ItemIndex>> histories{{0}, {1}, {0}, {1}, {0}};
  EXPECT_EQ(ItemRanker::Train(histories, 2, {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kstati::recommender::models
