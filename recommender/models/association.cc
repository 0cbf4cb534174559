// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/association.h"

#include "base/check.h"

namespace kstati::recommender::models {

Association::Association(const ItemCounts& counts, double prior_people) {
  KSTATI_CHECK(prior_people > 0);
  const Eigen::Index items = counts.both().rows();
  const float prior = static_cast<float>(prior_people);
  // Half a person more, so that an item nobody took has a share.
  shares_ = (counts.both().diagonal().array() + 0.5f) / static_cast<float>(counts.people() + 1);
  given_.resize(items, items);
  for (Eigen::Index given = 0; given < items; ++given) {
    given_.row(given) = (counts.both().col(given) + prior * shares_).transpose() /
                        (counts.both()(given, given) + prior);
    given_(given, given) = 0;
  }
}

Eigen::VectorXf Association::Scores(std::span<const ItemIndex> taken) const {
  if (taken.empty()) return shares_;
  Eigen::VectorXf scores = Eigen::VectorXf::Zero(shares_.size());
  for (const ItemIndex item : taken) scores += given_.row(item).transpose();
  return scores / static_cast<float>(taken.size());
}

}  // namespace kstati::recommender::models
