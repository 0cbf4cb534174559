// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "recommender/models/histories.h"

namespace kstati::recommender::models {

// What people took up whose histories are like this one. Immutable; safe from any thread.
class Neighbours {
 public:
  Neighbours(std::span<const std::vector<ItemIndex>> histories, size_t items);

  // Weighted shares of the neighbours that took each item, 0 where there are none.
  struct Shares {
    Eigen::VectorXf by_cosine;   // weight: squared cosine of the two sets
    Eigen::VectorXf by_missing;  // weight: e^-1.5 for each taken item that the neighbour has not
    Eigen::VectorXf of_all;      // only who has taken all of it
    float people_with_all = 0;
  };
  Shares Of(std::span<const ItemIndex> taken) const;

 private:
  std::span<const std::vector<ItemIndex>> histories_;  // of the caller
  std::vector<std::vector<uint32_t>> people_;          // by item
};

}  // namespace kstati::recommender::models
