// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <span>

#include "recommender/models/histories.h"

namespace kstati::recommender::models {

// How many people have taken up each item, and each two of them: the Gram matrix of binary
// histories. A history is added or taken back in time quadratic in its length, so the counts follow
// every event; what is fitted on them is refitted when somebody asks, or follows (FollowingEase).
class ItemCounts {
 public:
  explicit ItemCounts(size_t items);
  // What was counted before: symmetric.
  ItemCounts(Eigen::MatrixXf both, double people);

  void Add(std::span<const ItemIndex> history) { Count(history, 1); }
  // The history must have been added before.
  void Remove(std::span<const ItemIndex> history) { Count(history, -1); }

  size_t items() const { return static_cast<size_t>(both_.rows()); }
  double people() const { return people_; }
  double Of(ItemIndex item) const { return both_(item, item); }
  double OfBoth(ItemIndex one, ItemIndex other) const { return both_(one, other); }
  // Symmetric; counts are exact up to 2^24.
  const Eigen::MatrixXf& both() const { return both_; }

 private:
  void Count(std::span<const ItemIndex> history, float weight);

  Eigen::MatrixXf both_;
  double people_ = 0;
};

}  // namespace kstati::recommender::models
