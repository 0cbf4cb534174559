// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/ranker.h"
#include "recommender/stored_models.h"

namespace kstati::recommender::evaluation {

// One of two models on the same people.
struct ComparedModel {
  std::string version;
  Estimate ndcg_at_5;      // of lists in which something was taken up, mean over people
  Estimate hit_rate_at_1;  // likewise
  Estimate log_loss;
  double calibration_error = 0;
};

struct ModelComparison {
  size_t people = 0;
  size_t lists = 0;  // in which something was taken up
  ComparedModel one;
  ComparedModel other;
  // Other minus one, on the same people.
  Estimate ndcg_gain;
  Estimate hit_gain;
  Estimate log_loss_gain;  // below zero: the other is better
};

// Two stored models on the interactions of citizens whom neither has seen. kInvalidArgument when
// there are none in whose lists something was taken up; whatever Ranker::Load refuses.
Result<ModelComparison> CompareModels(const StoredModels& models, const std::string& one,
                                      const std::string& other,
                                      const std::vector<Interaction>& interactions,
                                      const LoadHouseholdOn& load,
                                      const graph::Catalogue& catalogue,
                                      const BootstrapOptions& bootstrap);

}  // namespace kstati::recommender::evaluation
