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

// What the trees of a model read, and what orders.
struct Learning {
  bool with_history = false;     // what people did before
  bool with_popularity = false;  // what their segment takes up
  bool by_order = true;          // the trees that learned orders, else those of probabilities
};
// Of one objective on what the learning reads.
std::string NameOf(Objective objective, const Learning& learning);

// Without the columns that the learning does not read, which are missing then.
FeatureMatrix OnlyRead(FeatureMatrix rows, const Learning& learning);

// Tries on the set's people alone what orders those best of whom nothing was learned, and notes it.
// Popularity and history are read where nDCG@5 is higher with them beyond chance (the interval of
// the difference, person by person). rank:ndcg orders, unless its nDCG@5 is lower beyond chance, or
// the people are too few to try it on.
// What both together would order is noted as well and used by nobody.
Result<Learning> ChooseLearning(const TrainingSet& set, const TrainOptions& options,
                                TrainReport& report);

// Learns what comes to a result of what is taken up; nullopt where too little is known of it.
Result<std::optional<TrainedProbability>> LearnCompletion(const TrainingSet& training,
                                                          const TrainingSet& calibrating,
                                                          const TrainOptions& options);

// On people of whom nothing was learned; nullopt where nothing is known of them.
Result<std::optional<CompletionQuality>> JudgeCompletion(const TrainedProbability& completion,
                                                         const TrainingSet& training,
                                                         const TrainingSet& judged);

}  // namespace kstati::recommender::internal
