// SPDX-License-Identifier: Apache-2.0
#include "recommender/hazards/internal/logistic_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "recommender/hazards/logistic.h"

namespace kstati::recommender::hazards::internal {

using Eigen::Index;

Eigen::VectorXd FitLogistic(const Eigen::MatrixXd& design, const std::vector<uint8_t>& happened,
                            double share, double ridge_rows) {
  constexpr int kSteps = 30;
  constexpr double kPrecision = 1e-6;  // of a weight, in log odds per standard deviation
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(design.cols());
  Eigen::VectorXd ridge = Eigen::VectorXd::Constant(design.cols(), ridge_rows);
  ridge(design.cols() - 1) = 1e-9;
  share = std::clamp(share, 1e-6, 1 - 1e-6);
  weights(design.cols() - 1) = std::log(share / (1 - share));
  for (int step = 0; step < kSteps; ++step) {
    const Eigen::VectorXd probabilities = (design * weights).unaryExpr(&Logistic);
    Eigen::VectorXd excess = probabilities;
    for (Index row = 0; row < excess.size(); ++row) {
      excess(row) -= happened[static_cast<size_t>(row)];
    }
    const Eigen::VectorXd gradient = design.transpose() * excess + ridge.cwiseProduct(weights);
    const Eigen::VectorXd scale = (probabilities.array() * (1 - probabilities.array())).sqrt();
    const Eigen::MatrixXd scaled = scale.asDiagonal() * design;
    Eigen::MatrixXd hessian = Eigen::MatrixXd::Zero(design.cols(), design.cols());
    hessian.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
    hessian.diagonal() += ridge;
    const Eigen::VectorXd change =
        Eigen::LDLT<Eigen::MatrixXd, Eigen::Lower>(hessian).solve(gradient);
    weights -= change;
    if (change.cwiseAbs().maxCoeff() < kPrecision) break;
  }
  return weights;
}

}  // namespace kstati::recommender::hazards::internal
