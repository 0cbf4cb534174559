// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "recommender/features.h"

namespace kstati::recommender::hazards {

// Log odds that are a constant and a weight for each column: small enough to keep and to read.
struct LinearHazard {
  Eigen::VectorXd weights;
  double constant = 0;
};

// Logistic regression on the columns as they are, without missing values; a ridge of one row on
// standardised columns. A column that never varies gets no weight.
LinearHazard FitLinear(const FeatureMatrix& rows, const std::vector<uint8_t>& happened);

}  // namespace kstati::recommender::hazards
