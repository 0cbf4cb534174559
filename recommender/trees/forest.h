// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kstati::recommender::trees {

// A node of a tree as the model's file has it.
struct TreeNode {
  int32_t left = -1;  // -1: a leaf
  int32_t right = -1;
  uint32_t feature = 0;
  float value = 0;  // threshold of a split, or what a leaf adds
  bool missing_left = false;
  float cover = 0;  // how much evidence of the training came here; 0 where the file does not say
};

// What a file says: trees in the order in which they are added, each with its root first.
struct TreeModel {
  size_t columns = 0;
  float base_margin = 0;
  bool is_logistic = false;  // a margin is the log odds of a probability
  bool is_ranking = false;   // a margin orders the rows of a list
  std::vector<std::vector<TreeNode>> trees;
};

// Reads a model that xgboost saved as UBJSON. The bytes may be anybody's: kCorrupt when they are no
// such model or their trees are none (a child outside, a node reached twice, a column outside);
// kUnsupported for what we do not evaluate (categories, several outputs, other boosters and
// objectives, trees deeper than `kTreeDepthMax`).
Result<TreeModel> ReadTreeModel(std::string_view ubjson);
inline constexpr int kTreeDepthMax = 64;
inline constexpr size_t kTreeColumnsMax = 1'000'000;

// How margins are computed. Both give the same bits as the library: leaves are added in float in
// the order of the trees, a value goes left where it is below the threshold as float, a NaN goes
// where the split says.
enum class ForestPath { kScalar, kVector };

// Evaluates the trees: full binary trees without branches, several trees of a row at a time
// (scalar) or sixteen rows at a time (AVX-512). Immutable; safe from any thread.
class Forest {
 public:
  explicit Forest(const TreeModel& model);

  // Whether this processor has what the vector path needs.
  static bool HasVectorPath();

  // One margin per row; `rows` holds `count` rows of `columns()` values, NaN where missing. On the
  // best path of this processor.
  void Margins(const float* rows, size_t count, float* margins) const;
  // On a path that must be there.
  void Margins(const float* rows, size_t count, float* margins, ForestPath path) const;
  // 1 / (1 + e^-margin) in float.
  static float Probability(float margin);

  size_t columns() const { return columns_; }

 private:
  // A tree as levels of 1, 2, 4 ... splits and 2^depth leaves.
  struct FullTree {
    int depth = 0;
    size_t splits = 0;  // first of `thresholds_` and `features_`
    size_t leaves = 0;  // first of `leaves_`
  };

  void AddFull(const std::vector<TreeNode>& tree, int depth);
  void ScalarMargins(const float* rows, size_t count, float* margins) const;
  void VectorMargins(const float* rows, size_t count, float* margins) const;
  float WalkAll(const float* row) const;

  size_t columns_ = 0;
  float base_margin_ = 0;
  std::vector<FullTree> trees_;
  // Of all trees, level by level; the highest bit of a feature says that a missing value goes
  // right. Padded so that sixteen may be read from any.
  std::vector<float> thresholds_;
  std::vector<uint32_t> features_;
  std::vector<float> leaves_;
  // Kept instead where a tree is too deep to be made full.
  std::vector<std::vector<TreeNode>> deep_;
};

}  // namespace kstati::recommender::trees
