// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "recommender/evaluation/order_record.h"

namespace kstati::recommender::evaluation {

// Figures of an order as JSON, the same in a model's record and in what commands print. Json: json
// or ordered_json of nlohmann.
template <class Json>
Json FormOf(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

template <class Json>
Json FormOf(const RankingGain& gain) {
  return {{"ndcg_at_5", FormOf<Json>(gain.ndcg_at_5)},
          {"hit_rate_at_1", FormOf<Json>(gain.hit_rate_at_1)},
          {"log_loss", FormOf<Json>(gain.log_loss)}};
}

template <class Json>
Json FormOf(const RankingQuality& quality) {
  Json reliability = Json::array();
  for (const ReliabilityBin& bin : quality.reliability) {
    reliability.push_back(
        {{"rows", bin.rows}, {"forecast", bin.forecast}, {"happened", bin.happened}});
  }
  return {{"ndcg_at_5", FormOf<Json>(quality.ndcg_at_5)},
          {"hit_rate_at_1", FormOf<Json>(quality.hit_rate_at_1)},
          {"log_loss", FormOf<Json>(quality.log_loss)},
          {"calibration_error", quality.calibration_error},
          {"reliability", std::move(reliability)}};
}

}  // namespace kstati::recommender::evaluation
