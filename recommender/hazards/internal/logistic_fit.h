// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace kstati::recommender::hazards::internal {

// Weights of a logistic regression by Newton's method, a ridge of so many rows on all columns but
// the last one, which is the constant. `share`: of rows in which it happened, where it starts.
Eigen::VectorXd FitLogistic(const Eigen::MatrixXd& design, const std::vector<uint8_t>& happened,
                            double share, double ridge);

}  // namespace kstati::recommender::hazards::internal
