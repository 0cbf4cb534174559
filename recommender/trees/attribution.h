// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recommender/trees/forest.h"

namespace kstati::recommender::trees {

// What each column adds to a margin, by the paths that a row takes: where a split sends the row,
// its column is given the difference between the mean of the side taken and the mean before the
// split, means being over what the model was trained on. It is what the library calls approximate
// contributions (Saabas, "Interpreting random forests", 2014): quick enough to tell of what is
// shown, and of columns that go together the one that is split first is given more. Immutable;
// safe from any thread.
class Attribution {
 public:
  // The model must have what its nodes rest on (TreeNode::cover); a side without any counts as much
  // as the other.
  explicit Attribution(const TreeModel& model);

  // One share per column, of a row of `columns()` values with NaN where missing. Together with
  // `mean()` they sum to the margin, but for rounding.
  std::vector<float> Shares(std::span<const float> row) const;
  // The margin of whoever nothing is known of.
  float mean() const { return mean_; }
  size_t columns() const { return columns_; }

 private:
  struct Node {
    TreeNode split;
    float mean = 0;
  };
  using Tree = std::vector<Node>;

  static float FillMeans(Tree& tree, int32_t node);

  size_t columns_ = 0;
  float mean_ = 0;
  std::vector<Tree> trees_;
};

}  // namespace kstati::recommender::trees
