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

namespace kstati::recommender::internal {

// Earlier formats had no calibration.
inline constexpr int kModelFormat = 2;

// Rows kept with a model, and the calibrated scores it gave for them when it was trained: on
// loading it must give the same.
struct Sample {
  FeatureMatrix rows;
  std::vector<double> scores;
};

// What training gives a model folder beside popularity.
struct TrainedTrees {
  std::string trees;
  evaluation::PlattCalibration calibration;
  Sample sample;
};

// What a model folder holds; both parts may be absent.
struct ModelFolder {
  std::optional<trees::Forest> forest;  // gives the margins of the library on the sample rows
  std::optional<trees::Attribution> attribution;            // of the forest
  std::optional<evaluation::PlattCalibration> calibration;  // of the forest; its slope is above 0
  std::optional<Popularity> popularity;
  std::string version;  // empty without a record
};

// The version of a model: a digest of its trees, their calibration and the features they read.
std::string VersionOf(const std::string& trees, const evaluation::PlattCalibration& calibration);
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
