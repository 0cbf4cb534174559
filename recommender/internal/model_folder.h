// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/calibration.h"
#include "recommender/features.h"
#include "recommender/internal/booster.h"
#include "recommender/ranker.h"
#include "recommender/trees/attribution.h"
#include "recommender/trees/forest.h"
#include "recommender/use_models.h"

namespace kstati::recommender::internal {

// The first format had no calibration, the second no models of uses, the third one model of trees
// for orders and probabilities.
inline constexpr int kModelFormat = 4;

// Rows kept with a model, and what it gave for them when it was trained: on loading it must give
// the same.
struct Sample {
  FeatureMatrix rows;
  std::vector<double> needed;  // calibrated
  std::vector<float> order;    // margins, to the bit
};

// Trees that tell a probability, as they are stored.
struct TrainedProbability {
  std::string trees;
  evaluation::PlattCalibration calibration;
};

// What training gives a model folder beside popularity.
struct TrainedTrees {
  std::string order;  // trees that learned orders
  TrainedProbability needed;
  bool by_order = true;  // whether `order` orders, else `needed` does
  Sample sample;
  UseModels uses;  // whose scores are features of the trees
  std::optional<TrainedProbability> completes;
};

struct ProbabilityModel {
  trees::Forest forest;
  evaluation::PlattCalibration calibration;  // its slope is above 0
};

// The trees of a model. Each gives the margins of the library on the sample rows.
struct TreeHeads {
  trees::Forest order;
  ProbabilityModel needed;
  bool by_order;                   // as TrainedTrees
  trees::Attribution attribution;  // of what orders
  std::optional<ProbabilityModel> completes;
};

// What a model folder holds; trees with all that belongs to them, and popularity, may be absent.
struct ModelFolder {
  std::optional<TreeHeads> heads;
  std::optional<UseModels> uses;  // of the heads
  std::optional<Popularity> popularity;
  std::string version;  // empty without a record
};

// The version of a model: a digest of its trees, their calibration, the features they read, and the
// models of uses and the popularity behind some of these.
std::string VersionOf(const TrainedTrees& trained, const Popularity& popularity);
// Of popularity that stands alone: a digest of it.
std::string VersionOf(const Popularity& popularity);

// See Ranker::Load for what is refused.
Result<ModelFolder> ReadModelFolder(const std::string& folder);

// Replaces the folder as a whole: readers see the old one or the new one. `report.version` names
// it. Without trees it holds popularity alone.
Result<void> WriteModelFolder(const std::string& folder, const std::optional<TrainedTrees>& trained,
                              const Popularity& popularity, const TrainReport& report,
                              const TrainOptions& options);

}  // namespace kstati::recommender::internal
