// SPDX-License-Identifier: Apache-2.0
#include "recommender/hazards/linear_hazard.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "recommender/hazards/internal/logistic_fit.h"

namespace kstati::recommender::hazards {

LinearHazard FitLinear(const FeatureMatrix& rows, const std::vector<uint8_t>& happened) {
  KSTATI_CHECK(rows.rows() > 0 && static_cast<size_t>(rows.rows()) == happened.size());
  const Eigen::MatrixXd raw = rows.cast<double>();
  const Eigen::RowVectorXd mean = raw.colwise().mean();
  const Eigen::RowVectorXd variance = (raw.rowwise() - mean).colwise().squaredNorm() / raw.rows();
  const Eigen::RowVectorXd scale =
      variance.unaryExpr([](double v) { return v > 1e-12 ? 1 / std::sqrt(v) : 0.0; });
  Eigen::MatrixXd design(raw.rows(), raw.cols() + 1);
  design.leftCols(raw.cols()) = ((raw.rowwise() - mean).array().rowwise() * scale.array()).matrix();
  design.rightCols(1).setOnes();
  const auto yes = static_cast<double>(std::ranges::count(happened, 1));
  const Eigen::VectorXd fitted =
      internal::FitLogistic(design, happened, yes / static_cast<double>(happened.size()), 1);
  LinearHazard hazard;
  hazard.weights = fitted.head(raw.cols()).cwiseProduct(scale.transpose());
  hazard.constant = fitted(raw.cols()) - mean.dot(hazard.weights);
  return hazard;
}

}  // namespace kstati::recommender::hazards
