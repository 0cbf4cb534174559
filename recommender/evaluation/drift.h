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
  size_t people = 0;
  size_t lists = 0;
  size_t shown = 0;  // offers
  // Enough people in it, and in the model's first month, to tell a change from chance.
  bool judged = false;
  // Population stability index of the scores of all that might have been shown, against the model's
  // first month, over its tenths: the sum of (q - p) ln(q / p).
  double stability = 0;
  // Judged, and the stability is above kDriftedAbove by more than so many people give without any
  // change: (tenths - 1) (1 / n + 1 / m), for which people count, since their lists resemble each
  // other.
  bool drifted = false;
  double forecast = 0;  // mean score of what was shown
  // Share of it taken up; the interval draws people. Where nothing was, or all, it reaches as far
  // as nineteen in twenty samples of so many people allow (the rule of three).
  Estimate taken;
  double calibration_error = 0;
  bool settled = false;        // nothing of it can still be taken up and count
  bool miscalibrated = false;  // judged, settled, and the forecast lies outside of the interval
};
inline constexpr double kDriftedAbove = 0.25;
inline constexpr size_t kJudgedPeopleMin = 100;

// By model and month, oldest first, of lists that a model put in order, as of `today`.
std::vector<ModelMonth> MonthsOf(const std::vector<ExposureOutcome>& outcomes, Date today,
                                 const BootstrapOptions& bootstrap);

}  // namespace kstati::recommender::evaluation
