// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "recommender/evaluation/bootstrap.h"
#include "recommender/exposure.h"

namespace kstati::recommender::evaluation {

// How a model fared in one month of what was shown.
struct ModelMonth {
  std::string model_version;
  Date first;  // of the month
  size_t lists = 0;
  size_t shown = 0;  // offers
  // Population stability index of the scores of all that might have been shown, against the model's
  // first month, over its tenths: the sum of (q - p) ln(q / p).
  double stability = 0;
  bool drifted = false;  // stability above kDriftedAbove
  double forecast = 0;   // mean score of what was shown
  Estimate taken;        // share of it taken up; the interval draws people
  double calibration_error = 0;
  bool settled = false;        // nothing of it can still be taken up and count
  bool miscalibrated = false;  // settled, and the forecast lies outside of the interval
};
inline constexpr double kDriftedAbove = 0.25;

// By model and month, oldest first, of lists that a model put in order, as of `today`.
std::vector<ModelMonth> MonthsOf(const std::vector<ExposureOutcome>& outcomes, Date today,
                                 const BootstrapOptions& bootstrap);

}  // namespace kstati::recommender::evaluation
