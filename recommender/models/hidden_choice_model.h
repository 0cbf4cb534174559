// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "recommender/models/histories.h"

namespace kstati::recommender::models {

struct HiddenChoiceOptions {
  int units = 64;
  int epochs = 20;
  float rate = 0.3f;    // of the first epoch; falls to a tenth of it
  float ridge = 3e-5f;  // pull of the weights towards zero, per person
  uint64_t seed = 1;
  // Multiplications of one fit, about; see ChoiceOptions.
  double work_max = 4e11;
  std::function<void()> on_epoch = [] {};
};

// The choice of a hidden item by a network with one hidden layer: what was taken (scaled by the
// root of its count) goes through `units` units of tanh, and a softmax over all items that are not
// taken says how probable each is. Sees combinations that a linear model cannot. Fitted by AdaGrad
// in batches; a person weighs as much as another one, however long the history. The same histories
// and options give the same model. Immutable; safe from any thread.
class HiddenChoiceModel {
 public:
  static HiddenChoiceModel Fit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                               const HiddenChoiceOptions& options);

  // As ChoiceModel::LogProbabilities.
  Eigen::VectorXf LogProbabilities(std::span<const ItemIndex> taken) const;

 private:
  friend class HiddenChoiceFit;
  Eigen::MatrixXf inputs_;   // column i: what having taken i adds to each unit
  Eigen::VectorXf biases_;   // of the units
  Eigen::MatrixXf outputs_;  // row i: what each unit adds to item i
  Eigen::VectorXf offsets_;  // of the items
};

}  // namespace kstati::recommender::models
