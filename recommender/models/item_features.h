// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/models/association.h"
#include "recommender/models/choice_model.h"
#include "recommender/models/ease.h"
#include "recommender/models/hidden_choice_model.h"
#include "recommender/models/neighbours.h"

namespace kstati::recommender::models {

// One row per item, one column per score.
using ItemFeatures = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct ItemModelOptions {
  double ridge = 20;          // of EASE
  double strong_ridge = 300;  // of a second one that keeps to what is frequent
  double prior_people = 2;    // of the association
  ChoiceOptions choice;
  HiddenChoiceOptions hidden;
};

// The models over histories fitted together, and what they say about each item: the columns that
// the ranker of items learns from. Keeps the histories by reference. Immutable; safe from any
// thread.
class ItemModels {
 public:
  // kInvalidArgument when there is no item or no history.
  static Result<ItemModels> Fit(std::span<const std::vector<ItemIndex>> histories, size_t items,
                                const ItemModelOptions& options);

  static std::span<const std::string_view> Columns();
  // Which column the trees over these start from: log probabilities.
  static int StartColumn();
  ItemFeatures Features(std::span<const ItemIndex> taken) const;

  const Ease& ease() const { return ease_; }
  const Association& association() const { return association_; }
  const ChoiceModel& choice() const { return choice_; }
  const HiddenChoiceModel& hidden() const { return hidden_; }
  // Mean of what both choice models say: natural logarithms of probabilities, about.
  Eigen::VectorXf ChoiceOf(std::span<const ItemIndex> taken) const {
    return (choice_.LogProbabilities(taken) + hidden_.LogProbabilities(taken)) / 2;
  }

 private:
  ItemModels(Ease ease, Ease strong, const ItemCounts& counts, ChoiceModel choice,
             HiddenChoiceModel hidden, Neighbours neighbours, double prior_people)
      : ease_(std::move(ease)),
        strong_(std::move(strong)),
        association_(counts, prior_people),
        choice_(std::move(choice)),
        hidden_(std::move(hidden)),
        neighbours_(std::move(neighbours)) {}

  Ease ease_;
  Ease strong_;
  Association association_;
  ChoiceModel choice_;
  HiddenChoiceModel hidden_;
  Neighbours neighbours_;
};

}  // namespace kstati::recommender::models
