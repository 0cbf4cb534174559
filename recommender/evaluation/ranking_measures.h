// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "recommender/models/histories.h"

namespace kstati::recommender::evaluation {

// How an order treats what a person took up. Each in [0, 1]. The order is over everything the
// person has not taken yet (full ranking), never over a sample.
struct RankingMeasures {
  double ranked_score = 0;  // worth of a place halves every five: 2^-((place - 1) / 5)
  double hit_at_5 = 0;      // share found in the first five
  double ndcg_at_5 = 0;
  double recall_at_20 = 0;  // share found in the first twenty of what can be found there
  double recall_at_50 = 0;
  double ndcg_at_100 = 0;

  RankingMeasures& operator+=(const RankingMeasures& other);
  RankingMeasures operator/(double count) const;
};

inline constexpr double kHalfLife = 5;
inline constexpr size_t kRankDepth = 5;

// Of one hidden item that got `place`, from 0.
RankingMeasures MeasuresOfPlace(size_t place);
// Of several wanted items with their places, from 0, ascending: the share of the best order's
// worth.
RankingMeasures MeasuresOfPlaces(std::span<const size_t> places);

// The place of `item`, from 0, among the items that are not `taken`; at equal scores the lower
// index comes first.
size_t PlaceOf(models::ItemIndex item, std::span<const float> scores,
               std::span<const models::ItemIndex> taken);

// Scores every item for somebody who has taken these.
using ScoreItems = std::function<std::vector<float>(std::span<const models::ItemIndex>)>;

// All but one: hides each item of the history in turn and looks for it among everything else; the
// mean over the history. The history has at least two items: with one, nothing is left to go by.
RankingMeasures AllButOne(std::span<const models::ItemIndex> history, const ScoreItems& score);

}  // namespace kstati::recommender::evaluation
