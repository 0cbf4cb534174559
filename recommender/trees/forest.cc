// SPDX-License-Identifier: Apache-2.0
#include "recommender/trees/forest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace kstati::recommender::trees {
namespace {

// A tree of this depth still has few enough leaves (1,024) to be made full.
constexpr int kFullDepthMax = 10;
constexpr uint32_t kMissingRight = 0x80000000U;
// Trees whose steps run beside each other, so that they wait for memory together.
constexpr size_t kInterleaved = 8;
// What a vector of splits or leaves may read past the last one.
constexpr size_t kPadding = 16;

int DepthOf(const std::vector<TreeNode>& tree) {
  int deepest = 0;
  std::vector<std::pair<size_t, int>> waiting{{0, 0}};
  while (!waiting.empty()) {
    const auto [node, depth] = waiting.back();
    waiting.pop_back();
    deepest = std::max(deepest, depth);
    if (tree[node].left < 0) continue;
    waiting.push_back({static_cast<size_t>(tree[node].left), depth + 1});
    waiting.push_back({static_cast<size_t>(tree[node].right), depth + 1});
  }
  return deepest;
}

// 1 when the value goes right.
inline uint32_t GoesRight(float value, float threshold, uint32_t feature) {
  const uint32_t is_above = value >= threshold ? 1 : 0;
  const uint32_t is_missing = value != value ? 1 : 0;
  return is_above | (is_missing & (feature >> 31));
}

}  // namespace

Forest::Forest(const TreeModel& model) : columns_(model.columns), base_margin_(model.base_margin) {
  const bool is_deep = std::any_of(model.trees.begin(), model.trees.end(),
                                   [](const auto& tree) { return DepthOf(tree) > kFullDepthMax; });
  if (is_deep) {
    deep_ = model.trees;
    return;
  }
  for (const auto& tree : model.trees) AddFull(tree, DepthOf(tree));
  thresholds_.resize(thresholds_.size() + kPadding);
  features_.resize(features_.size() + kPadding);
  leaves_.resize(leaves_.size() + kPadding);
}

void Forest::AddFull(const std::vector<TreeNode>& tree, int depth) {
  const FullTree full{depth, thresholds_.size(), leaves_.size()};
  std::vector<size_t> level{0};
  for (int i = 0; i < depth; ++i) {
    std::vector<size_t> next;
    for (const size_t node : level) {
      const TreeNode& split = tree[node];
      // Below a leaf every way leads to it.
      const bool is_leaf = split.left < 0;
      thresholds_.push_back(is_leaf ? 0 : split.value);
      features_.push_back(is_leaf ? 0 : split.feature | (split.missing_left ? 0 : kMissingRight));
      next.push_back(is_leaf ? node : static_cast<size_t>(split.left));
      next.push_back(is_leaf ? node : static_cast<size_t>(split.right));
    }
    level = std::move(next);
  }
  for (const size_t node : level) leaves_.push_back(tree[node].value);
  trees_.push_back(full);
}

void Forest::Margins(const float* rows, size_t count, float* margins) const {
  // So few rows are not worth a vector of their own.
  constexpr size_t kVectorRowsMin = 5;
  constexpr size_t kVectorRows = 16;
  const size_t rest = HasVectorPath() ? count % kVectorRows : count;
  const size_t scalar = rest < kVectorRowsMin || !HasVectorPath() ? rest : 0;
  const size_t vector = count - scalar;
  if (vector > 0) Margins(rows, vector, margins, ForestPath::kVector);
  if (scalar == 0) return;
  Margins(rows + vector * columns_, scalar, margins + vector, ForestPath::kScalar);
}

void Forest::Margins(const float* rows, size_t count, float* margins, ForestPath path) const {
  if (!deep_.empty()) {
    for (size_t row = 0; row < count; ++row) margins[row] = WalkAll(rows + row * columns_);
  } else if (path == ForestPath::kVector) {
    KSTATI_CHECK(HasVectorPath());
    VectorMargins(rows, count, margins);
  } else {
    ScalarMargins(rows, count, margins);
  }
}

void Forest::ScalarMargins(const float* rows, size_t count, float* margins) const {
  std::fill(margins, margins + count, base_margin_);
  for (size_t first = 0; first < trees_.size(); first += kInterleaved) {
    const size_t group = std::min(kInterleaved, trees_.size() - first);
    const FullTree* trees = trees_.data() + first;
    int depth_max = 0;
    std::array<const float*, kInterleaved> thresholds{};
    std::array<const uint32_t*, kInterleaved> features{};
    for (size_t i = 0; i < kInterleaved; ++i) {
      const FullTree& tree = trees[std::min(i, group - 1)];
      thresholds[i] = thresholds_.data() + tree.splits;
      features[i] = features_.data() + tree.splits;
      depth_max = std::max(depth_max, tree.depth);
    }
    const bool is_even = std::all_of(trees, trees + group,
                                     [&](const FullTree& tree) { return tree.depth == depth_max; });
    for (size_t row = 0; row < count; ++row) {
      const float* values = rows + row * columns_;
      std::array<uint32_t, kInterleaved> at{};
      const auto step = [&](size_t i) {
        const uint32_t feature = features[i][at[i]];
        const float value = values[feature & ~kMissingRight];
        at[i] = 2 * at[i] + 1 + GoesRight(value, thresholds[i][at[i]], feature);
      };
      if (is_even) {
        for (int level = 0; level < depth_max; ++level) {
          for (size_t i = 0; i < kInterleaved; ++i) step(i);
        }
      } else {
        for (size_t i = 0; i < group; ++i) {
          for (int level = 0; level < trees[i].depth; ++level) step(i);
        }
      }
      for (size_t i = 0; i < group; ++i) {
        const uint32_t first_leaf = (1U << trees[i].depth) - 1;
        margins[row] += leaves_[trees[i].leaves + at[i] - first_leaf];
      }
    }
  }
}

float Forest::WalkAll(const float* row) const {
  float margin = base_margin_;
  for (const auto& tree : deep_) {
    size_t at = 0;
    while (tree[at].left >= 0) {
      const TreeNode& split = tree[at];
      const uint32_t missing = split.missing_left ? 0 : kMissingRight;
      const bool right = GoesRight(row[split.feature], split.value, missing) != 0;
      at = static_cast<size_t>(right ? split.right : split.left);
    }
    margin += tree[at].value;
  }
  return margin;
}

float Forest::Probability(float margin) { return 1.0f / (1.0f + std::exp(-margin)); }

}  // namespace kstati::recommender::trees
