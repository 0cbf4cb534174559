// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/neighbours.h"

#include <cmath>

namespace kstati::recommender::models {
namespace {

constexpr float kMissingDecay = 1.5f;

void Divide(Eigen::VectorXf& sums, float weight) {
  if (weight > 0) sums /= weight;
}

}  // namespace

Neighbours::Neighbours(std::span<const std::vector<ItemIndex>> histories, size_t items)
    : histories_(histories), people_(items) {
  for (uint32_t person = 0; person < histories.size(); ++person) {
    for (const ItemIndex item : histories[person]) people_[item].push_back(person);
  }
}

Neighbours::Shares Neighbours::Of(std::span<const ItemIndex> taken) const {
  const auto items = static_cast<Eigen::Index>(people_.size());
  Shares shares;
  shares.by_cosine = shares.by_missing = shares.of_all = Eigen::VectorXf::Zero(items);
  std::vector<uint16_t> common(histories_.size());
  std::vector<uint32_t> found;
  for (const ItemIndex item : taken) {
    for (const uint32_t person : people_[item]) {
      if (common[person]++ == 0) found.push_back(person);
    }
  }
  float cosine_sum = 0;
  float missing_sum = 0;
  const auto count = static_cast<float>(taken.size());
  for (const uint32_t person : found) {
    const float both = common[person];
    const float cosine = both * both / (count * static_cast<float>(histories_[person].size()));
    const float missing = std::exp(-kMissingDecay * (count - both));
    const float all = both == count ? 1.0f : 0.0f;
    cosine_sum += cosine;
    missing_sum += missing;
    shares.people_with_all += all;
    for (const ItemIndex item : histories_[person]) {
      shares.by_cosine(item) += cosine;
      shares.by_missing(item) += missing;
      shares.of_all(item) += all;
    }
  }
  Divide(shares.by_cosine, cosine_sum);
  Divide(shares.by_missing, missing_sum);
  Divide(shares.of_all, shares.people_with_all);
  return shares;
}

}  // namespace kstati::recommender::models
