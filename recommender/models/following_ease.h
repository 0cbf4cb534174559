// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <condition_variable>
#include <cstddef>
#include <shared_mutex>
#include <span>
#include <thread>
#include <vector>

#include "recommender/models/item_counts.h"

namespace kstati::recommender::models {

// EASE that follows what people take up between two fits. With G the counts and P = (G + ridge
// I)^-1 in double, a history that comes or goes changes G by x x^T, and P exactly with it (Sherman
// and Morrison): in time quadratic in the items, seen by the next call.
// 1. P is that of the counts as they are after each change, but for rounding.
// 2. Rounding is watched: the residual |(G + ridge I) P - I| is computed on columns spread over the
//    catalogue, and above `residual_max` P is made anew; so it is after `refitted_every` changes.
// 3. P is made by a thread of its own from a snapshot of the counts. What changes meanwhile is
//    applied to the new P before it takes the place of the old one, so that nothing is lost.
// The first P is made at the first change: until then there are no weights. Safe from any thread.
class FollowingEase {
 public:
  struct Options {
    double ridge = 0;              // above zero
    double residual_max = 1e-8;    // a hundred thousandth of what a fit in float is allowed
    size_t checked_every = 64;     // changes
    size_t refitted_every = 4096;  // changes
  };

  FollowingEase(const ItemCounts& counts, Options options);
  ~FollowingEase();
  FollowingEase(const FollowingEase&) = delete;
  FollowingEase& operator=(const FollowingEase&) = delete;

  // In place of one history another one is counted; empty: none. `before` must have been counted.
  void Replace(std::span<const ItemIndex> before, std::span<const ItemIndex> after);
  // What having taken up each adds to the score of the item (0 for itself); empty before the first
  // fit.
  std::vector<float> Weights(std::span<const ItemIndex> taken, ItemIndex item) const;

  // Returns when no fit is wanted or under way.
  void Settle();
  size_t fits() const;
  // Of the present P, on all columns.
  double Residual() const;

 private:
  struct Change {
    std::vector<ItemIndex> before;
    std::vector<ItemIndex> after;
  };

  // False when rounding has left nothing to divide by.
  static bool Apply(const Change& change, Eigen::MatrixXd& inverse);
  bool HasDrifted() const;
  void Run();

  const Options options_;
  mutable std::shared_mutex mutex_;
  std::condition_variable_any changed_;
  Eigen::MatrixXd regularised_;    // G + ridge I
  Eigen::MatrixXd inverse_;        // P; without rows before the first fit
  std::vector<Change> meanwhile_;  // since the snapshot of the fit under way
  size_t changes_ = 0;             // since the last fit
  size_t fits_ = 0;
  bool wanted_ = false;
  bool fitting_ = false;
  bool stop_ = false;
  std::thread thread_;  // from the first change on
};

}  // namespace kstati::recommender::models
