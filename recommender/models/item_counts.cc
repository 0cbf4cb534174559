// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/item_counts.h"

#include "base/check.h"

namespace kstati::recommender::models {

ItemCounts::ItemCounts(size_t items)
    : both_(Eigen::MatrixXf::Zero(static_cast<Eigen::Index>(items),
                                  static_cast<Eigen::Index>(items))) {}

void ItemCounts::Count(std::span<const ItemIndex> history, float weight) {
  for (const ItemIndex one : history) {
    KSTATI_CHECK(one < items());
    for (const ItemIndex other : history) both_(other, one) += weight;
  }
  people_ += weight;
}

}  // namespace kstati::recommender::models
