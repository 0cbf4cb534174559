// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "recommender/models/histories.h"

namespace kstati::recommender::models {

struct ChoiceOptions {
  int epochs = 30;
  float rate = 0.3f;    // of the first epoch; falls to a tenth of it
  float ridge = 1e-4f;  // pull of the weights towards zero, per person
  uint64_t seed = 1;
  // Multiplications of one fit, about: on long histories over many items only a share of the cases
  // is seen, so that no fit takes longer than a minute or so.
  double work_max = 4e10;
  std::function<void()> on_epoch = [] {};
};

// Multinomial logistic regression of the next item on the set of the others: an item that is hidden
// from a history should be the most probable of all that remain. Scores are linear in what was
// taken (scaled by the root of its count). Fitted by AdaGrad; a person weighs as much as another
// one, however long the history. The same histories and options give the same model. Immutable;
// safe from any thread.
class ChoiceModel {
 public:
  static ChoiceModel Fit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                         const ChoiceOptions& options);

  // Natural logarithms of the probabilities of the items that are not taken; those of taken ones
  // mean nothing.
  Eigen::VectorXf LogProbabilities(std::span<const ItemIndex> taken) const;

 private:
  friend class ChoiceFit;
  Eigen::MatrixXf weights_;  // column i: what having taken i adds to each item
  Eigen::VectorXf offsets_;
};

}  // namespace kstati::recommender::models
