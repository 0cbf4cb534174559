// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/item_counts.h"

#include <utility>

#include "base/check.h"

namespace kstati::recommender::models {

ItemCounts::ItemCounts(size_t items)
    : both_(Eigen::MatrixXf::Zero(static_cast<Eigen::Index>(items),
                                  static_cast<Eigen::Index>(items))) {}

ItemCounts::ItemCounts(Eigen::MatrixXf both, double people)
    : both_(std::move(both)), people_(people) {
  KSTATI_CHECK(both_.rows() == both_.cols());
}

void ItemCounts::Count(std::span<const ItemIndex> history, float weight) {
  for (const ItemIndex one : history) {
    KSTATI_CHECK(one < items());
    for (const ItemIndex other : history) both_(other, one) += weight;
  }
  people_ += weight;
}

}  // namespace kstati::recommender::models
