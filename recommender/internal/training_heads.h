// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "recommender/internal/booster.h"
#include "recommender/internal/model_folder.h"
#include "recommender/internal/training_set.h"

namespace kstati::recommender::internal {

// Options of trees for an objective, on_round called once a tree.
BoosterOptions BoosterOptionsOf(const TrainOptions& options, const TrainingSet& set,
                                Objective objective);

// Fitted on people of whom the trees have seen nothing. nullopt when nothing can be learned from
// them: they had too little of one outcome, or the trees order them worse than chance.
std::optional<evaluation::PlattCalibration> Calibrate(const FeatureMatrix& rows,
                                                      const std::vector<uint8_t>& happened,
                                                      const Booster& booster);

// How the trees of an order are learned.
struct Learning {
  Objective objective = Objective::kLogistic;
  bool with_history = true;  // whether they read what people did before
};
std::string NameOf(const Learning& learning);

// Without the columns of what people did before, which are missing then.
FeatureMatrix WithoutHistory(FeatureMatrix rows);

// Tries on the set's people alone what orders those best of whom nothing was learned, and notes it.
// Whatever is more than binary:logistic without history is chosen where its nDCG@5 is higher beyond
// chance (the interval of the difference, person by person); rank:ndcg only where its scores come
// no less true besides, since they are served as probabilities.
Result<Learning> ChooseLearning(const TrainingSet& set, const TrainOptions& options,
                                TrainReport& report);

// Learns what comes to a result of what is taken up; nullopt where too little is known of it.
Result<std::optional<TrainedCompletion>> LearnCompletion(const TrainingSet& training,
                                                         const TrainingSet& calibrating,
                                                         const TrainOptions& options);

// On people of whom nothing was learned; nullopt where nothing is known of them.
Result<std::optional<CompletionQuality>> JudgeCompletion(const TrainedCompletion& completion,
                                                         const TrainingSet& training,
                                                         const TrainingSet& judged);

}  // namespace kstati::recommender::internal
