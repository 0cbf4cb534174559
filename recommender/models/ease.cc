// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/ease.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace kstati::recommender::models {
namespace {

using Eigen::Index;

// Columns of the inverse that are multiplied out in double; all of them would cost as much as the
// fit.
constexpr Index kCheckedColumns = 32;

template <class Matrix>
bool Invert(const Matrix& regularised, Matrix& inverse) {
  const Eigen::LLT<Matrix> factor(regularised);
  if (factor.info() != Eigen::Success) return false;
  inverse = factor.solve(Matrix::Identity(regularised.rows(), regularised.cols()));
  return inverse.allFinite();
}

double ResidualOf(const Eigen::MatrixXd& regularised, const Eigen::MatrixXd& inverse) {
  const Index items = regularised.rows();
  const Index step = std::max<Index>(1, items / kCheckedColumns);
  double largest = 0;
  for (Index column = 0; column < items; column += step) {
    Eigen::VectorXd product = regularised * inverse.col(column);
    product(column) -= 1;
    largest = std::max(largest, product.cwiseAbs().maxCoeff());
  }
  return largest;
}

}  // namespace

Result<Ease> Ease::Fit(const ItemCounts& counts, double ridge) {
  if (counts.items() == 0 || !(ridge > 0)) {
    return Fail(ErrorCode::kInvalidArgument, "EASE needs items and a ridge above zero", "ridge",
                "give histories, and a ridge such as 20");
  }
  const Index items = counts.both().rows();
  Eigen::MatrixXf regularised = counts.both();
  regularised.diagonal().array() += static_cast<float>(ridge);
  Eigen::MatrixXf inverse;
  const bool inverted = Invert(regularised, inverse);
  Ease ease;
  Eigen::MatrixXd exact = counts.both().cast<double>();
  exact.diagonal().array() += ridge;
  if (inverted) ease.residual_ = ResidualOf(exact, inverse.cast<double>());
  if (!inverted || ease.residual_ > kResidualMax) {
    Eigen::MatrixXd precise;
    KSTATI_CHECK(Invert(exact, precise));  // a Gram matrix and a ridge: positive definite
    ease.residual_ = ResidualOf(exact, precise);
    inverse = precise.cast<float>();
  }
  ease.weights_.resize(items, items);
  for (Index item = 0; item < items; ++item) {
    ease.weights_.col(item) = inverse.col(item) / -inverse(item, item);
    ease.weights_(item, item) = 0;
  }
  return ease;
}

Ease::Ease(Weights weights) : weights_(std::move(weights)) {
  KSTATI_CHECK(weights_.rows() == weights_.cols());
}

Eigen::VectorXf Ease::Scores(std::span<const ItemIndex> taken) const {
  Eigen::VectorXf scores = Eigen::VectorXf::Zero(weights_.rows());
  for (const ItemIndex item : taken) scores += weights_.row(item).transpose();
  return scores;
}

std::vector<ItemReason> Ease::Reasons(std::span<const ItemIndex> taken, ItemIndex item) const {
  std::vector<ItemReason> reasons;
  for (const ItemIndex each : taken) reasons.push_back({each, Weight(each, item)});
  std::stable_sort(reasons.begin(), reasons.end(), [](const ItemReason& a, const ItemReason& b) {
    return std::abs(a.share) > std::abs(b.share);
  });
  return reasons;
}

}  // namespace kstati::recommender::models
