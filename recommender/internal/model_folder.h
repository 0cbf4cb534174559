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

// The first format had no calibration, the second no models of uses.
inline constexpr int kModelFormat = 3;

// Rows kept with a model, and the calibrated scores it gave for them when it was trained: on
// loading it must give the same.
struct Sample {
  FeatureMatrix rows;
  std::vector<double> scores;
};

// Trees that tell what comes to a result of what is taken up.
struct TrainedCompletion {
  std::string trees;
  evaluation::PlattCalibration calibration;
};

// What training gives a model folder beside popularity.
struct TrainedTrees {
  std::string trees;
  evaluation::PlattCalibration calibration;
  Sample sample;
  UseModels uses;  // whose scores are features of the trees
  std::optional<TrainedCompletion> completes;
};

struct CompletionModel {
  trees::Forest forest;
  evaluation::PlattCalibration calibration;
};

// What a model folder holds; trees with all that belongs to them, and popularity, may be absent.
struct ModelFolder {
  std::optional<trees::Forest> forest;  // gives the margins of the library on the sample rows
  std::optional<trees::Attribution> attribution;            // of the forest
  std::optional<evaluation::PlattCalibration> calibration;  // of the forest; its slope is above 0
  std::optional<UseModels> uses;                            // of the forest
  std::optional<CompletionModel> completes;
  std::optional<Popularity> popularity;
  std::string version;  // empty without a record
};

// The version of a model: a digest of its trees, their calibration, the features they read and the
// models of uses behind some of these.
std::string VersionOf(const TrainedTrees& trained);
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
