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

// What a model folder holds; both parts may be absent.
struct ModelFolder {
  std::optional<trees::Forest> forest;  // gives the margins of the library on the sample rows
  std::optional<trees::Attribution> attribution;            // of the forest
  std::optional<evaluation::PlattCalibration> calibration;  // of the forest; its slope is above 0
  std::optional<Popularity> popularity;
  std::string version;
};

// The version of a model: a digest of its trees, their calibration and the features they read.
std::string VersionOf(const std::string& trees, const evaluation::PlattCalibration& calibration);

// See Ranker::Load for what is refused.
Result<ModelFolder> ReadModelFolder(const std::string& folder);

// Replaces the folder as a whole: readers see the old one or the new one. `report.version` names
// it.
Result<void> WriteModelFolder(const std::string& folder, const std::string& trees,
                              const evaluation::PlattCalibration& calibration,
                              const Popularity& popularity, const TrainReport& report,
                              const TrainOptions& options, const Sample& sample);

}  // namespace kstati::recommender::internal
