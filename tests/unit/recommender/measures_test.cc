// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/calibration.h"
#include "recommender/evaluation/order_record.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/evaluation/ranking_measures.h"

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

TEST(RankingMeasures, AWorthHalvesEveryFivePlaces) {
  EXPECT_DOUBLE_EQ(MeasuresOfPlace(0).ranked_score, 1);
  EXPECT_DOUBLE_EQ(MeasuresOfPlace(5).ranked_score, 0.5);
  EXPECT_DOUBLE_EQ(MeasuresOfPlace(10).ranked_score, 0.25);
  EXPECT_EQ(MeasuresOfPlace(4).hit_at_5, 1);
  EXPECT_EQ(MeasuresOfPlace(5).hit_at_5, 0);
  EXPECT_DOUBLE_EQ(MeasuresOfPlace(2).ndcg_at_5, 0.5);
  EXPECT_EQ(MeasuresOfPlace(5).ndcg_at_5, 0);
}

TEST(RankingMeasures, SeveralWantedAreJudgedAgainstTheBestOrder) {
  const std::vector<size_t> best{0, 1, 2};
  EXPECT_DOUBLE_EQ(MeasuresOfPlaces(best).ndcg_at_5, 1);
  EXPECT_DOUBLE_EQ(MeasuresOfPlaces(best).ranked_score, 1);
  const std::vector<size_t> worse{0, 2};
  EXPECT_DOUBLE_EQ(MeasuresOfPlaces(worse).ndcg_at_5, 1.5 / (1 + 1 / std::log2(3)));
}

// As in tables of orders of films: hits over the smaller of the depth and what is wanted.
TEST(RankingMeasures, DeeperMeasuresByHand) {
  const std::vector<size_t> places{3, 19, 20, 49, 99, 100};
  const RankingMeasures measures = MeasuresOfPlaces(places);
  EXPECT_DOUBLE_EQ(measures.recall_at_20, 2.0 / 6);
  EXPECT_DOUBLE_EQ(measures.recall_at_50, 4.0 / 6);
  double gain = 0;
  double ideal = 0;
  for (const double place : {3, 19, 20, 49, 99}) gain += 1 / std::log2(place + 2);
  for (int place = 0; place < 6; ++place) ideal += 1 / std::log2(place + 2.0);
  EXPECT_DOUBLE_EQ(measures.ndcg_at_100, gain / ideal);
  std::vector<size_t> many(30);
  std::iota(many.begin(), many.end(), size_t{5});
  EXPECT_DOUBLE_EQ(MeasuresOfPlaces(many).recall_at_20, 15.0 / 20) << "no more than 20 can be";
}

TEST(RankingMeasures, WhatWasTakenIsNotInTheOrderAndTiesGoToTheLowerIndex) {
  const std::vector<float> scores{0.9f, 0.5f, 0.5f, 0.1f};
  EXPECT_EQ(PlaceOf(2, scores, {}), 2u);
  const std::vector<ItemIndex> taken{0};
  EXPECT_EQ(PlaceOf(2, scores, taken), 1u);
  EXPECT_EQ(PlaceOf(1, scores, taken), 0u);
}

// Popularity order 0, 1, 2, 3 for the history {0, 3}: hiding 0 finds it first, hiding 3 finds it
// third of {1, 2, 3}.
TEST(RankingMeasures, AllButOneByHand) {
  const auto popular = [](std::span<const ItemIndex>) { return std::vector<float>{4, 3, 2, 1}; };
  const std::vector<ItemIndex> history{0, 3};
  const RankingMeasures measures = AllButOne(history, popular);
  EXPECT_DOUBLE_EQ(measures.ranked_score, (1 + std::exp2(-2.0 / 5)) / 2);
  EXPECT_DOUBLE_EQ(measures.hit_at_5, 1);
  EXPECT_DOUBLE_EQ(measures.ndcg_at_5, 0.75);
}

Forecasts RandomForecasts(size_t rows, uint32_t seed) {
  std::mt19937 random(seed);
  Forecasts forecasts;
  for (size_t i = 0; i < rows; ++i) {
    const double probability = static_cast<double>(random() % 20) / 20;
    forecasts.probability.push_back(probability);
    forecasts.happened.push_back(random() % 1000 < 1000 * probability ? 1 : 0);
    forecasts.person.push_back(static_cast<uint32_t>(i / 2));
  }
  return forecasts;
}

TEST(ProbabilityMeasures, AucIsTheShareOfPairsInOrder) {
  const Forecasts forecasts = RandomForecasts(150, 1);
  double pairs = 0;
  double count = 0;
  for (size_t i = 0; i < 150; ++i) {
    for (size_t j = 0; j < 150; ++j) {
      if (!forecasts.happened[i] || forecasts.happened[j]) continue;
      const double gap = forecasts.probability[i] - forecasts.probability[j];
      pairs += gap > 0 ? 1 : gap == 0 ? 0.5 : 0;
      count += 1;
    }
  }
  EXPECT_NEAR(Auc(forecasts), pairs / count, 1e-12);
}

TEST(ProbabilityMeasures, AWeightOfTwoIsARowTwice) {
  Forecasts once = RandomForecasts(40, 2);
  std::vector<double> weights(40, 1);
  weights[3] = 2;
  weights[9] = 0;
  Forecasts repeated = once;
  repeated.probability.push_back(once.probability[3]);
  repeated.happened.push_back(once.happened[3]);
  repeated.probability.erase(repeated.probability.begin() + 9);
  repeated.happened.erase(repeated.happened.begin() + 9);
  EXPECT_NEAR(Auc(once, weights), Auc(repeated), 1e-12);
  EXPECT_EQ(Auc(once, ByProbability(once), weights), Auc(once, weights));
  EXPECT_NEAR(LogLoss(once, weights), LogLoss(repeated), 1e-12);
}

TEST(ProbabilityMeasures, LogLossByHandAndFiniteForAWrongCertainty) {
  EXPECT_NEAR(LogLoss({{0.8, 0.4}, {1, 0}, {0, 1}}), -(std::log(0.8) + std::log(0.6)) / 2, 1e-12);
  EXPECT_NEAR(LogLoss({{0.0}, {1}, {0}}), -std::log(1e-6), 1e-9);
}

TEST(ProbabilityMeasures, CalibrationErrorByHand) {
  const Forecasts forecasts{{0.1, 0.1, 0.6, 0.8}, {0, 1, 1, 1}, {0, 1, 2, 3}};
  const auto curve = Reliability(forecasts, 2);
  ASSERT_EQ(curve.size(), 2u);
  EXPECT_DOUBLE_EQ(curve[0].forecast, 0.1);
  EXPECT_DOUBLE_EQ(curve[0].happened, 0.5);
  EXPECT_NEAR(CalibrationError(forecasts, 2), (0.4 + 0.3) / 2, 1e-12);
}

// Rows sorted by the event filled the first bins with what happened and the last with what did not.
TEST(ProbabilityMeasures, ReliabilityIsTheSameInWhateverOrderEqualForecastsCome) {
  Forecasts sorted;
  for (uint32_t row = 0; row < 500; ++row) {
    sorted.probability.push_back(row % 10 == 0 ? 0.25 : 0.3);
    sorted.happened.push_back(row < 150 ? 1 : 0);
    sorted.person.push_back(row);
  }
  EXPECT_LT(CalibrationError(sorted), 0.01);
  // The naive model: the mean of what many random orders of equal forecasts give.
  std::vector<double> happened(kReliabilityBins);
  std::mt19937 random(3);
  constexpr int kOrders = 400;
  for (int i = 0; i < kOrders; ++i) {
    std::vector<size_t> places(500);
    std::iota(places.begin(), places.end(), size_t{0});
    std::shuffle(places.begin(), places.end(), random);
    std::ranges::stable_sort(places, {}, [&](size_t row) { return sorted.probability[row]; });
    for (size_t place = 0; place < places.size(); ++place) {
      happened[place * kReliabilityBins / 500] += sorted.happened[places[place]] / 50.0 / kOrders;
    }
  }
  const auto curve = Reliability(sorted);
  ASSERT_EQ(curve.size(), kReliabilityBins);
  for (size_t bin = 0; bin < curve.size(); ++bin) {
    EXPECT_NEAR(curve[bin].happened, happened[bin], 0.012) << bin;
  }
}

TEST(Bootstrap, TheIntervalOfAMeanIsThatOfItsStandardError) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 2);
  const Estimate estimate = BootstrapMean(values, {2000, 7});
  EXPECT_DOUBLE_EQ(estimate.value, 0.5);
  EXPECT_NEAR(estimate.low, 0.5 - 1.96 * 0.025, 0.006);
  EXPECT_NEAR(estimate.high, 0.5 + 1.96 * 0.025, 0.006);
  const Estimate again = BootstrapMean(values, {2000, 7});
  EXPECT_EQ(estimate.low, again.low) << "the same seed, the same interval";
}

// Of three people one found what was taken in the first place, one in the second, and one took
// nothing up.
TEST(OrderRecord, MeasuresAndIntervalsByHand) {
  OrderRecord order;
  const std::vector<bool> old{false, false};
  order.Add(0, {0.8, 0.2}, old, {true, false});
  order.Add(1, {0.6, 0.5}, old, {false, true});
  order.Add(2, {0.5, 0.5}, old, {false, false});
  EXPECT_EQ(order.people(), 3u);
  EXPECT_EQ(order.lists(), 2u);
  const RankingQuality quality = order.Judge({500, 1});
  const double second_place = 1 / std::log2(3.0);
  EXPECT_NEAR(quality.ndcg_at_5.value, (1 + second_place) / 2, 1e-12);
  EXPECT_NEAR(quality.ndcg_at_5.low, second_place, 1e-12) << "the one drawn twice";
  EXPECT_NEAR(quality.ndcg_at_5.high, 1, 1e-12) << "the other drawn twice";
  EXPECT_EQ(quality.hit_rate_at_1.value, 0.5);
  const double losses[] = {-2 * std::log(0.8), -std::log(0.4) - std::log(0.5), -2 * std::log(0.5)};
  EXPECT_NEAR(quality.log_loss.value, (losses[0] + losses[1] + losses[2]) / 6, 1e-12);
  EXPECT_NEAR(quality.log_loss.low, losses[0] / 2, 1e-12);
  EXPECT_NEAR(quality.log_loss.high, losses[1] / 2, 1e-12);
  OrderRecord better;
  better.Add(0, {0.8, 0.2}, old, {true, false});
  better.Add(1, {0.4, 0.5}, old, {false, true});
  better.Add(2, {0.5, 0.5}, old, {false, false});
  const RankingGain gain = GainOver(order, better, {500, 1});
  EXPECT_NEAR(gain.ndcg_at_5.value, (1 - second_place) / 2, 1e-12);
  EXPECT_NEAR(gain.ndcg_at_5.low, 0, 1e-12);
  EXPECT_NEAR(gain.ndcg_at_5.high, 1 - second_place, 1e-12);
  EXPECT_NEAR(gain.log_loss.value, (std::log(0.4) - std::log(0.6)) / 6, 1e-12);
}

TEST(OrderRecord, JudgesTheOrderThatIsShown) {
  EXPECT_EQ(OrderOf({0.1, 0.9, 0.5, 0.2}, {false, false, true, true}),
            (std::vector<size_t>{2, 3, 1, 0}));
  OrderRecord order;
  order.Add(0, {0.9, 0.1}, {false, true}, {false, true});
  EXPECT_EQ(order.Judge({10, 1}).hit_rate_at_1.value, 1) << "what is fresh stands first";
}

TEST(Calibration, PlattFindsTheLineThatMadeTheData) {
  std::mt19937 random(5);
  std::vector<double> scores;
  std::vector<uint8_t> happened;
  for (int i = 0; i < 50'000; ++i) {
    const double score = static_cast<double>(random() % 6000) / 1000 - 3;
    const double probability = 1 / (1 + std::exp(-(0.7 * score - 1)));
    scores.push_back(score);
    happened.push_back(random() % 100'000 < 100'000 * probability ? 1 : 0);
  }
  const PlattCalibration calibrate(scores, happened);
  EXPECT_NEAR(calibrate.slope(), 0.7, 0.03);
  EXPECT_NEAR(calibrate.offset(), -1, 0.03);
}

// Newton's whole first step led so far beyond that every probability became 0 or 1.
TEST(Calibration, PlattFindsTheSharesOfARareEventThatFewScoresTell) {
  std::vector<double> scores;
  std::vector<uint8_t> happened;
  for (int row = 0; row < 100'000; ++row) {
    const bool is_told = row % 250 == 0;  // 400 rows, of which half happened
    const bool is_rare = row % 500 == 1;  // 200 more, of all the others
    scores.push_back(is_told ? 0.0 : -6.2);
    happened.push_back((is_told && row % 500 == 0) || is_rare ? 1 : 0);
  }
  const PlattCalibration calibrate(scores, happened);
  EXPECT_NEAR(calibrate(0.0), 0.5, 0.01);
  EXPECT_NEAR(calibrate(-6.2), 200.0 / 99'600, 2e-4);
}

TEST(Calibration, PlattStaysFiniteWhereOneOutcomeNeverOccurs) {
  const std::vector<double> scores{-1, 0, 1};
  const std::vector<uint8_t> never{0, 0, 0};
  const double probability = PlattCalibration(scores, never)(0);
  EXPECT_GT(probability, 0);
  EXPECT_LT(probability, 0.5);
}

}  // namespace
}  // namespace kstati::recommender::evaluation
