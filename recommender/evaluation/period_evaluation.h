// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/hazards/hazard_models.h"

namespace kstati::recommender::evaluation {

inline constexpr std::string_view kMarkovModel = "markov";
inline constexpr std::string_view kLogisticModel = "logistic";
inline constexpr std::string_view kTreesModel = "trees";
// Logistic regression with everything that varies within a state of its own for each.
inline constexpr std::string_view kInteractionsModel = "interactions";
// Log odds of trees and that regression, mixed by the share that does best within training.
inline constexpr std::string_view kBlendModel = "blend";

struct PeriodEvaluationOptions {
  int folds = 5;
  int inner_folds = 4;  // of the training people: for the choice of trees and for calibration
  // Tried on training people alone; the lowest log loss wins.
  std::vector<hazards::TreeOptions> trees{{100, 3, 0.05, 1}, {150, 2, 0.05, 1}, {300, 2, 0.05, 1}};
  // Likewise.
  std::vector<hazards::InteractionOptions> interactions{{10, false}, {30, false}, {100, false},
                                                        {10, true},  {30, true},  {100, true}};
  BootstrapOptions bootstrap{200, 1};
  double bytes_max = 4e9;                 // that one regression may need: most machines have more
  std::function<void()> on_step = [] {};  // StepsOf(options) times
};
uint64_t StepsOf(const PeriodEvaluationOptions& options);

struct JudgedForecast {
  std::string name;
  Forecasts forecasts;  // of all rows, each made by a model that has not seen the person
  Estimate auc;
  Estimate log_loss;
  double calibration_error = 0;
  std::vector<ReliabilityBin> reliability;
};

struct PeriodJudgement {
  size_t rows = 0;
  size_t people = 0;
  double happened_share = 0;
  std::vector<JudgedForecast> models;    // Markov, logistic, interactions, trees, blend
  std::vector<std::string> tree_choice;  // what each fold chose
};

// Cross-validation over whole persons: `fold` of each person, or the person's number modulo folds.
// Trees and blend are calibrated (Platt) on forecasts within the training people. kInvalidArgument
// when there is no feature, there are fewer than two folds, or a fold is empty or has but one
// outcome in training; kLimitExceeded when a regression would need more than `bytes_max`.
Result<PeriodJudgement> EvaluatePeriods(const hazards::PeriodTable& table,
                                        const std::vector<uint32_t>& fold,
                                        const PeriodEvaluationOptions& options);
std::vector<uint32_t> FoldsByNumber(size_t people, int folds);

}  // namespace kstati::recommender::evaluation
