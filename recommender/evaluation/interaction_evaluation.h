// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/interaction_file.h"
#include "recommender/evaluation/ranking_measures.h"
#include "recommender/models/item_ranker.h"

namespace kstati::recommender::evaluation {

inline constexpr std::string_view kPopularityModel = "popularity";
inline constexpr std::string_view kAssociationModel = "association";
inline constexpr std::string_view kEaseModel = "ease";
inline constexpr std::string_view kRankerModel = "ranker";

struct InteractionEvaluationOptions {
  // Which models are judged beside popularity, which always is.
  std::vector<std::string> models{std::string(kAssociationModel), std::string(kEaseModel),
                                  std::string(kRankerModel)};
  models::ItemRankerOptions ranker;  // with the options of the other models
  BootstrapOptions bootstrap;
  std::function<void()> on_step = [] {};  // each person judged, and StepsOf(ranker) a ranker
  size_t items_max = 30'000;  // models keep several numbers for each two items: 3.6 GB each then
};

// Measures in [0, 1]: means over people, with intervals over people.
struct JudgedModel {
  std::string name;
  Estimate ranked_score;
  Estimate hit_at_5;
  Estimate ndcg_at_5;
  Estimate gain;  // of the ranked score over popularity's, person by person
  // What tables of films and songs tell of their orders.
  Estimate recall_at_20;
  Estimate recall_at_50;
  Estimate ndcg_at_100;
};

struct InteractionJudgement {
  size_t items = 0;
  size_t training_people = 0;  // of the last split
  size_t people = 0;           // judged
  size_t passed_over = 0;      // with nothing to go by or nothing to find
  std::vector<JudgedModel> models;
};

// A split: who is learned from and who is judged. Somebody of whom nothing is known is judged by
// hiding each wanted item in turn (all but one), others by the wanted items that they do not have.
struct InteractionSplit {
  std::vector<std::vector<models::ItemIndex>> training;
  std::vector<HeldOutPerson> held_out;
};

// The split that two files give. People of the same name in both are the same.
InteractionSplit GivenSplit(const InteractionTable& training, const InteractionTable& held_out);
// Likewise, but nobody is in both, whatever the names.
InteractionSplit SplitOfOthers(const InteractionTable& training, const InteractionTable& held_out);
// People whom training has not seen (strong generalisation): of those of the same name, the rows of
// `known` are gone by and those of `held_out` are to be found. Who is not in `known` is passed
// over.
InteractionSplit FoldInSplit(const InteractionTable& training, const InteractionTable& known,
                             const InteractionTable& held_out);
// People by number, from 0, modulo `folds`: each is held out once.
std::vector<InteractionSplit> SplitByPerson(const models::Histories& histories, int folds);

// Trains on each split's training people and judges its held-out ones. `items`: their number, those
// of the held-out people included. kInvalidArgument when nobody can be judged or learned from,
// kLimitExceeded when there are more than `items_max`.
Result<InteractionJudgement> EvaluateInteractions(const std::vector<InteractionSplit>& splits,
                                                  size_t items,
                                                  const InteractionEvaluationOptions& options);
// How often `on_step` is called.
uint64_t StepsOf(const std::vector<InteractionSplit>& splits,
                 const InteractionEvaluationOptions& options);

}  // namespace kstati::recommender::evaluation
