// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "base/result.h"
#include "recommender/models/item_counts.h"

namespace kstati::recommender::models {

// One reason of a score: how much having taken `item` adds to it. May be negative.
struct ItemReason {
  ItemIndex item = 0;
  float share = 0;
};

// The linear item-item model in closed form of Steck, "Embarrassingly Shallow Autoencoders for
// Sparse Data" (2019). With P = (G + ridge I)^-1 the weight of i for j is -P(i,j) / P(j,j), and 0
// for i = j. A score is the sum of the weights of what a person has taken, hence its own
// explanation. Immutable; safe from any thread.
class Ease {
 public:
  using Weights = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  // Of weights that were fitted before: square, row i what having taken i adds to each item.
  explicit Ease(Weights weights);
  // kInvalidArgument when there is no item or the ridge is not above zero. The inverse is made in
  // float (Cholesky); where its residual, computed in double, is above `kResidualMax`, it is made
  // again in double.
  static Result<Ease> Fit(const ItemCounts& counts, double ridge);
  static constexpr double kResidualMax = 1e-3;

  size_t items() const { return static_cast<size_t>(weights_.rows()); }
  float Weight(ItemIndex taken, ItemIndex item) const { return weights_(taken, item); }
  // One score per item; those of taken items mean nothing.
  Eigen::VectorXf Scores(std::span<const ItemIndex> taken) const;
  // Of a score, the strongest first; the shares sum to the score.
  std::vector<ItemReason> Reasons(std::span<const ItemIndex> taken, ItemIndex item) const;
  // Largest |(G + ridge I) P - I| that was found, in double; 0 of weights fitted before.
  double residual() const { return residual_; }

 private:
  Ease() = default;

  Weights weights_;
  double residual_ = 0;
};

}  // namespace kstati::recommender::models
