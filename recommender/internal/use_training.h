// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "recommender/interaction.h"
#include "recommender/use_models.h"

namespace kstati::recommender::internal {

// Models of uses for training a ranker by: the trees learn from people of whom the models they read
// have seen nothing, as they will serve. Training people are in five folds by a digest of their
// number; what a fold is told comes of the other four.
class UseTraining {
 public:
  // Of what the training people took up, at any time.
  explicit UseTraining(const std::vector<const Interaction*>& interactions);

  // Of the other folds; null where they took nothing up.
  const UseModels* ForTraining(CitizenId citizen) const;
  // Of all training people: for everybody else, and to be stored.
  const UseModels* Whole() const { return whole_ ? &*whole_ : nullptr; }

  static constexpr size_t kFolds = 5;
  static size_t FoldOf(CitizenId citizen);

 private:
  std::optional<UseModels> whole_;
  std::array<std::optional<UseModels>, kFolds> without_;  // that fold
};

}  // namespace kstati::recommender::internal
