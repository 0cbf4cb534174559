// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "recommender/models/item_features.h"

namespace kstati::recommender::models {

struct ItemRankerOptions {
  ItemModelOptions models;
  int folds = 5;          // of the training people, for features that have not seen them
  size_t shortlist = 30;  // items that the trees put in order; the rest follows by the choice model
  size_t cases_max = 30'000;  // hidden items that the trees learn from
  int rounds = 100;
  int depth = 4;
  double learning_rate = 0.06;
  uint64_t seed = 1;
  std::function<void()> on_step = [] {};  // `StepsOf(options)` times
};

// Steps of a training, for progress.
uint64_t StepsOf(const ItemRankerOptions& options);

// The whole stack over histories: EASE, association, neighbours and the choice model, put together
// by boosted trees. The trees start from what the choice models say, and learn to find an item
// hidden from a history, from features of models that have not seen that person. Keeps the
// histories by reference. Immutable; safe from any thread.
class ItemRanker {
 public:
  // kInvalidArgument when no history has two items.
  static Result<ItemRanker> Train(std::span<const std::vector<ItemIndex>> histories, size_t items,
                                  const ItemRankerOptions& options);
  ItemRanker(ItemRanker&&) noexcept;
  ItemRanker& operator=(ItemRanker&&) noexcept;
  ~ItemRanker();

  // One score per item: a higher one comes first. Those of taken items mean nothing.
  std::vector<float> Scores(std::span<const ItemIndex> taken) const;
  const ItemModels& models() const;

 private:
  struct Implementation;
  explicit ItemRanker(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace kstati::recommender::models
