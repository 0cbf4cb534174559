// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/ranking_measures.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

double WorthOf(size_t place) { return std::exp2(-static_cast<double>(place) / kHalfLife); }

double IsWithin(size_t depth, size_t place) { return place < depth ? 1 : 0; }

double DiscountOf(size_t place) { return 1 / std::log2(static_cast<double>(place) + 2); }

}  // namespace

RankingMeasures& RankingMeasures::operator+=(const RankingMeasures& other) {
  ranked_score += other.ranked_score;
  hit_at_5 += other.hit_at_5;
  ndcg_at_5 += other.ndcg_at_5;
  recall_at_20 += other.recall_at_20;
  recall_at_50 += other.recall_at_50;
  ndcg_at_100 += other.ndcg_at_100;
  return *this;
}

RankingMeasures RankingMeasures::operator/(double count) const {
  return {ranked_score / count, hit_at_5 / count,     ndcg_at_5 / count,
          recall_at_20 / count, recall_at_50 / count, ndcg_at_100 / count};
}

RankingMeasures MeasuresOfPlace(size_t place) {
  const double discount = DiscountOf(place);
  return {WorthOf(place),      IsWithin(kRankDepth, place), IsWithin(kRankDepth, place) * discount,
          IsWithin(20, place), IsWithin(50, place),         IsWithin(100, place) * discount};
}

RankingMeasures MeasuresOfPlaces(std::span<const size_t> places) {
  KSTATI_CHECK(!places.empty());
  RankingMeasures got;
  RankingMeasures best;
  for (size_t i = 0; i < places.size(); ++i) {
    got += MeasuresOfPlace(places[i]);
    best += MeasuresOfPlace(i);
  }
  return {got.ranked_score / best.ranked_score, got.hit_at_5 / best.hit_at_5,
          got.ndcg_at_5 / best.ndcg_at_5,       got.recall_at_20 / best.recall_at_20,
          got.recall_at_50 / best.recall_at_50, got.ndcg_at_100 / best.ndcg_at_100};
}

size_t PlaceOf(ItemIndex item, std::span<const float> scores, std::span<const ItemIndex> taken) {
  KSTATI_CHECK(item < scores.size());
  const auto before = [&](ItemIndex other) {
    return scores[other] > scores[item] || (scores[other] == scores[item] && other < item);
  };
  size_t place = 0;
  for (ItemIndex other = 0; other < scores.size(); ++other) place += before(other) ? 1 : 0;
  for (const ItemIndex other : taken) place -= before(other) ? 1 : 0;
  return place;
}

RankingMeasures AllButOne(std::span<const ItemIndex> history, const ScoreItems& score) {
  KSTATI_CHECK(history.size() >= 2);
  RankingMeasures sum;
  std::vector<ItemIndex> taken;
  for (size_t hidden = 0; hidden < history.size(); ++hidden) {
    taken.assign(history.begin(), history.end());
    taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(hidden));
    sum += MeasuresOfPlace(PlaceOf(history[hidden], score(taken), taken));
  }
  return sum / static_cast<double>(history.size());
}

}  // namespace kstati::recommender::evaluation
