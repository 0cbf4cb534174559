// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <span>

#include "recommender/models/item_counts.h"

namespace kstati::recommender::models {

// Share of everybody who took the item by these counts, never zero.
float ShareOf(const ItemCounts& counts, ItemIndex item);
// P(item | given) by these counts; see Association.
float ProbabilityOf(const ItemCounts& counts, double prior_people, ItemIndex item, ItemIndex given);

// P(j | i): of the people who took i, the share that took j as well, shrunk towards the share of
// everybody by `prior_people` people. Good from the first signal on. Immutable; safe from any
// thread.
class Association {
 public:
  Association(const ItemCounts& counts, double prior_people);

  // In [0, 1]; 0 for an item given itself.
  float Probability(ItemIndex item, ItemIndex given) const { return given_(given, item); }
  // Share of everybody who took the item, never zero.
  const Eigen::VectorXf& shares() const { return shares_; }
  // Row i: the probabilities given i.
  auto Given(ItemIndex item) const { return given_.row(item); }
  // The mean over what was taken; everybody's share when nothing was.
  Eigen::VectorXf Scores(std::span<const ItemIndex> taken) const;

 private:
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> given_;
  Eigen::VectorXf shares_;
};

}  // namespace kstati::recommender::models
