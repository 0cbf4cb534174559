// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/order_record.h"
#include "recommender/ranker.h"
#include "recommender/stored_models.h"

namespace kstati::recommender::evaluation {

// One of two models on the same people.
struct ComparedModel {
  std::string version;
  RankingQuality quality;
};

struct ModelComparison {
  size_t people = 0;
  size_t lists = 0;  // in which something was taken up
  ComparedModel one;
  ComparedModel other;
  RankingGain gain;  // other minus one
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
