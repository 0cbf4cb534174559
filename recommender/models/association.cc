// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/association.h"

#include "base/check.h"

namespace kstati::recommender::models {

float ShareOf(const ItemCounts& counts, ItemIndex item) {
  // Half a person more, so that an item nobody took has a share.
  return (static_cast<float>(counts.Of(item)) + 0.5f) / static_cast<float>(counts.people() + 1);
}

float ProbabilityOf(const ItemCounts& counts, double prior_people, ItemIndex item,
                    ItemIndex given) {
  if (item == given) return 0;
  const auto prior = static_cast<float>(prior_people);
  return (static_cast<float>(counts.OfBoth(item, given)) + prior * ShareOf(counts, item)) /
         (static_cast<float>(counts.Of(given)) + prior);
}

Association::Association(const ItemCounts& counts, double prior_people) {
  KSTATI_CHECK(prior_people > 0);
  const auto items = static_cast<ItemIndex>(counts.items());
  shares_.resize(items);
  given_.resize(items, items);
  for (ItemIndex given = 0; given < items; ++given) {
    shares_(given) = ShareOf(counts, given);
    for (ItemIndex item = 0; item < items; ++item) {
      given_(given, item) = ProbabilityOf(counts, prior_people, item, given);
    }
  }
}

Eigen::VectorXf Association::Scores(std::span<const ItemIndex> taken) const {
  if (taken.empty()) return shares_;
  Eigen::VectorXf scores = Eigen::VectorXf::Zero(shares_.size());
  for (const ItemIndex item : taken) scores += given_.row(item).transpose();
  return scores / static_cast<float>(taken.size());
}

}  // namespace kstati::recommender::models
