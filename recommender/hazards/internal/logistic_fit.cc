// SPDX-License-Identifier: Apache-2.0
#include "recommender/hazards/internal/logistic_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "recommender/hazards/logistic.h"

namespace kstati::recommender::hazards::internal {

using Eigen::Index;

namespace {

// Minus the log likelihood and the ridge's part.
double LossOf(const Eigen::VectorXd& margins, const std::vector<uint8_t>& happened,
              const Eigen::VectorXd& weights, const Eigen::VectorXd& ridge) {
  double loss = weights.cwiseAbs2().dot(ridge) / 2;
  for (Index row = 0; row < margins.size(); ++row) {
    const double against = happened[static_cast<size_t>(row)] != 0 ? -margins(row) : margins(row);
    loss += against > 0 ? against + std::log1p(std::exp(-against)) : std::log1p(std::exp(against));
  }
  return loss;
}

}  // namespace

Eigen::VectorXd FitLogistic(const Eigen::MatrixXd& design, const std::vector<uint8_t>& happened,
                            double share, double ridge_rows) {
  constexpr int kSteps = 30;
  constexpr int kHalvingsMax = 20;
  constexpr double kPrecision = 1e-6;  // of a weight, in log odds per standard deviation
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(design.cols());
  Eigen::VectorXd ridge = Eigen::VectorXd::Constant(design.cols(), ridge_rows);
  ridge(design.cols() - 1) = 1e-9;
  share = std::clamp(share, 1e-6, 1 - 1e-6);
  weights(design.cols() - 1) = std::log(share / (1 - share));
  Eigen::VectorXd margins = design * weights;
  double loss = LossOf(margins, happened, weights, ridge);
  for (int step = 0; step < kSteps; ++step) {
    const Eigen::VectorXd probabilities = margins.unaryExpr(&Logistic);
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
    Eigen::VectorXd change = Eigen::LDLT<Eigen::MatrixXd, Eigen::Lower>(hessian).solve(gradient);
    // A whole step may lead too far; a part of it never leads up.
    for (int halving = 0; halving < kHalvingsMax; ++halving) {
      margins = design * (weights - change);
      const double next = LossOf(margins, happened, weights - change, ridge);
      if (next <= loss) break;
      change /= 2;
    }
    weights -= change;
    loss = LossOf(margins, happened, weights, ridge);
    if (change.cwiseAbs().maxCoeff() < kPrecision) break;
  }
  return weights;
}

}  // namespace kstati::recommender::hazards::internal
