// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "recommender/features.h"
#include "recommender/ranker.h"

namespace kstati::recommender::internal {

// What was shown, as a model sees it: rows of lists, one list after the other.
struct TrainingSet {
  FeatureMatrix rows;
  std::vector<float> labels;                   // 1: taken up
  std::vector<std::optional<bool>> completed;  // as Interaction::Shown
  std::vector<uint32_t> lists;                 // rows of each list
  std::vector<CitizenId> people;               // of each list
  Popularity popularity;
};

}  // namespace kstati::recommender::internal
