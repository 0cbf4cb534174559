// SPDX-License-Identifier: Apache-2.0
#include "recommender/trees/attribution.h"

#include <cmath>

#include "base/check.h"

namespace kstati::recommender::trees {

Attribution::Attribution(const TreeModel& model)
    : columns_(model.columns), mean_(model.base_margin) {
  for (const std::vector<TreeNode>& nodes : model.trees) {
    Tree tree;
    tree.reserve(nodes.size());
    for (const TreeNode& node : nodes) tree.push_back({node});
    mean_ += FillMeans(tree, 0);
    trees_.push_back(std::move(tree));
  }
}

// As deep as the tree, which kTreeDepthMax bounds.
float Attribution::FillMeans(Tree& tree, int32_t index) {
  Node& node = tree[static_cast<size_t>(index)];
  if (node.split.left < 0) return node.mean = node.split.value;
  const float left = FillMeans(tree, node.split.left);
  const float right = FillMeans(tree, node.split.right);
  const float left_cover = tree[static_cast<size_t>(node.split.left)].split.cover;
  const float right_cover = tree[static_cast<size_t>(node.split.right)].split.cover;
  const float cover = left_cover + right_cover;
  node.mean = cover > 0 ? (left * left_cover + right * right_cover) / cover : (left + right) / 2;
  return node.mean;
}

std::vector<float> Attribution::Shares(std::span<const float> row) const {
  KSTATI_CHECK(row.size() == columns_);
  std::vector<float> shares(columns_);
  for (const Tree& tree : trees_) {
    const Node* node = &tree.front();
    while (node->split.left >= 0) {
      const float value = row[node->split.feature];
      const bool left = std::isnan(value) ? node->split.missing_left : value < node->split.value;
      const Node* next = &tree[static_cast<size_t>(left ? node->split.left : node->split.right)];
      shares[node->split.feature] += next->mean - node->mean;
      node = next;
    }
  }
  return shares;
}

}  // namespace kstati::recommender::trees
