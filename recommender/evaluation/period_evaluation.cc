// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/period_evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "base/check.h"
#include "recommender/evaluation/calibration.h"

namespace kstati::recommender::evaluation {
namespace {

using hazards::InteractionOptions;
using hazards::PeriodTable;
using hazards::TreeOptions;

struct Parts {
  std::vector<size_t> training;
  std::vector<size_t> held_out;
};

// Rows of a table by the fold of their person.
Parts PartsOf(const PeriodTable& table, const std::vector<uint32_t>& fold, uint32_t held_out) {
  Parts parts;
  for (size_t row = 0; row < table.size(); ++row) {
    (fold[table.person[row]] == held_out ? parts.held_out : parts.training).push_back(row);
  }
  return parts;
}

double LogOdds(double probability) {
  constexpr double kMin = 1e-6;
  const double kept = std::clamp(probability, kMin, 1 - kMin);
  return std::log(kept / (1 - kept));
}

// Forecasts for `asked` by what was learned from `training`.
using Forecaster = std::function<Result<std::vector<double>>(const PeriodTable& training,
                                                             const PeriodTable& asked)>;

// The rows of the held-out people of every fold, forecast by a model that has not seen them.
Result<std::vector<double>> ForecastWithin(const PeriodTable& table,
                                           const std::vector<uint32_t>& fold, uint32_t folds,
                                           const Forecaster& forecast) {
  std::vector<double> forecasts(table.size());
  for (uint32_t held_out = 0; held_out < folds; ++held_out) {
    const Parts parts = PartsOf(table, fold, held_out);
    KSTATI_TRY(const auto made, forecast(hazards::Select(table, parts.training),
                                         hazards::Select(table, parts.held_out)));
    for (size_t i = 0; i < made.size(); ++i) forecasts[parts.held_out[i]] = made[i];
  }
  return forecasts;
}

struct Chosen {
  TreeOptions trees;
  std::vector<double> within;  // its forecasts within training
};

// People keep their numbers in a part of the table, so their places are counted anew.
std::vector<uint32_t> InnerFolds(const PeriodTable& training, int folds) {
  std::vector<uint32_t> fold(training.people, 0);
  std::vector<bool> is_seen(training.people);
  uint32_t next = 0;
  for (const uint32_t person : training.person) {
    if (is_seen[person]) continue;
    is_seen[person] = true;
    fold[person] = next++ % static_cast<uint32_t>(folds);
  }
  return fold;
}

Result<Chosen> ChooseTrees(const PeriodTable& training, const std::vector<uint32_t>& fold,
                           const PeriodEvaluationOptions& options) {
  KSTATI_CHECK(!options.trees.empty());
  Chosen best;
  double best_loss = 0;
  for (const TreeOptions& trees : options.trees) {
    const auto by_trees = [&](const PeriodTable& known, const PeriodTable& asked) {
      options.on_step();
      return hazards::ForecastByTrees(known, asked, trees);
    };
    KSTATI_TRY(auto within, ForecastWithin(training, fold,
                                           static_cast<uint32_t>(options.inner_folds), by_trees));
    const double loss = LogLoss({within, training.happened, training.person});
    if (!best.within.empty() && loss >= best_loss) continue;
    best = {trees, std::move(within)};
    best_loss = loss;
  }
  return best;
}

struct ChosenInteractions {
  InteractionOptions options;
  std::vector<double> within;  // its forecasts within training
};

Result<ChosenInteractions> ChooseInteractions(const PeriodTable& training,
                                              const std::vector<uint32_t>& fold,
                                              const PeriodEvaluationOptions& options) {
  KSTATI_CHECK(!options.interactions.empty());
  ChosenInteractions best;
  double best_loss = 0;
  for (const InteractionOptions& tried : options.interactions) {
    const auto forecast = [&](const PeriodTable& known, const PeriodTable& asked) {
      options.on_step();
      return Result<std::vector<double>>(hazards::ForecastByInteractions(known, asked, tried));
    };
    KSTATI_TRY(auto within, ForecastWithin(training, fold,
                                           static_cast<uint32_t>(options.inner_folds), forecast));
    const double loss = LogLoss({within, training.happened, training.person});
    if (!best.within.empty() && loss >= best_loss) continue;
    best = {tried, std::move(within)};
    best_loss = loss;
  }
  return best;
}

// Log odds of the one, by `share`, and of the other.
std::vector<double> Mix(const std::vector<double>& one, const std::vector<double>& other,
                        double share) {
  std::vector<double> mixed(one.size());
  for (size_t i = 0; i < one.size(); ++i) {
    mixed[i] = share * LogOdds(one[i]) + (1 - share) * LogOdds(other[i]);
  }
  return mixed;
}

std::vector<double> Calibrated(const std::vector<double>& margins,
                               const PlattCalibration& calibrate) {
  std::vector<double> forecasts;
  for (const double margin : margins) forecasts.push_back(calibrate(margin));
  return forecasts;
}

struct FoldForecasts {
  std::vector<double> logistic;
  std::vector<double> interactions;
  std::vector<double> trees;
  std::vector<double> blend;
  std::string choice;
};

// A mixture and its calibration: the share of the trees with the lowest log loss within training.
struct Blend {
  double share = 1;
  double loss = 0;
  std::optional<PlattCalibration> calibrate;
};

Blend ChooseBlend(const std::vector<double>& trees, const std::vector<double>& interactions,
                  const PeriodTable& training, std::initializer_list<double> shares) {
  Blend best;
  for (const double share : shares) {
    const std::vector<double> margins = Mix(trees, interactions, share);
    const PlattCalibration calibrate(margins, training.happened);
    const double loss =
        LogLoss({Calibrated(margins, calibrate), training.happened, training.person});
    if (!best.calibrate || loss < best.loss) best = {share, loss, calibrate};
  }
  return best;
}

Result<FoldForecasts> ForecastFold(const PeriodTable& training, const PeriodTable& asked,
                                   const PeriodEvaluationOptions& options) {
  const std::vector<uint32_t> fold = InnerFolds(training, options.inner_folds);
  KSTATI_TRY(const Chosen chosen, ChooseTrees(training, fold, options));
  KSTATI_TRY(const ChosenInteractions interactions, ChooseInteractions(training, fold, options));
  const Blend alone = ChooseBlend(chosen.within, interactions.within, training, {1.0});
  const Blend mixed =
      ChooseBlend(chosen.within, interactions.within, training, {0.2, 0.4, 0.6, 0.8});
  FoldForecasts made;
  made.logistic = hazards::ForecastByLogistic(training, asked);
  made.interactions = hazards::ForecastByInteractions(training, asked, interactions.options);
  options.on_step();
  KSTATI_TRY(const auto trees, hazards::ForecastByTrees(training, asked, chosen.trees));
  options.on_step();
  made.trees = Calibrated(Mix(trees, made.interactions, alone.share), *alone.calibrate);
  made.blend = Calibrated(Mix(trees, made.interactions, mixed.share), *mixed.calibrate);
  made.choice = std::to_string(chosen.trees.rounds) + " trees of depth " +
                std::to_string(chosen.trees.depth) + ", " +
                std::to_string(std::lround(100 * mixed.share)) + " % of the blend, ridge of " +
                std::to_string(std::lround(interactions.options.ridge_rows)) +
                (interactions.options.over_period ? " with slopes over the period" : "");
  return made;
}

JudgedForecast JudgeForecasts(std::string name, Forecasts forecasts, size_t people,
                              const BootstrapOptions& bootstrap) {
  JudgedForecast judged;
  judged.name = std::move(name);
  std::vector<double> weights(forecasts.person.size());
  const auto weigh = [&](const Multiplicity& times) {
    for (size_t row = 0; row < weights.size(); ++row) weights[row] = times[forecasts.person[row]];
    return std::span<const double>(weights);
  };
  const std::vector<size_t> order = ByProbability(forecasts);
  judged.auc = Bootstrap(
      people, [&](const auto& times) { return Auc(forecasts, order, weigh(times)); }, bootstrap);
  judged.log_loss = Bootstrap(
      people, [&](const auto& times) { return LogLoss(forecasts, weigh(times)); }, bootstrap);
  judged.calibration_error = CalibrationError(forecasts);
  judged.reliability = Reliability(forecasts);
  judged.forecasts = std::move(forecasts);
  return judged;
}

Result<void> CheckTable(const PeriodTable& table, const PeriodEvaluationOptions& options) {
  if (table.rows.cols() == 0) {
    return Fail(ErrorCode::kInvalidArgument, "there is no feature column", "columns",
                "give a period, a state or anything else that is known of each row");
  }
  if (options.folds < 2) {
    return Fail(ErrorCode::kInvalidArgument, "there are fewer than two folds", "fold",
                "put people into at least two folds, numbered from 0");
  }
  for (const InteractionOptions& tried : options.interactions) {
    const double bytes = hazards::BytesToInteract(table, tried);
    if (bytes <= options.bytes_max) continue;
    return Fail(ErrorCode::kLimitExceeded,
                "a regression would need about " + std::to_string(std::lround(bytes / 1e6)) +
                    " MB for its " + std::to_string(table.size()) + " rows and " +
                    std::to_string(table.rows.cols()) + " columns",
                "rows", "leave rows or columns out; people at random keep the figures true");
  }
  return {};
}

}  // namespace

uint64_t StepsOf(const PeriodEvaluationOptions& options) {
  const uint64_t tried = options.trees.size() + options.interactions.size();
  const uint64_t inner = tried * static_cast<uint64_t>(options.inner_folds);
  return static_cast<uint64_t>(options.folds) * (inner + 2);
}

std::vector<uint32_t> FoldsByNumber(size_t people, int folds) {
  std::vector<uint32_t> fold;
  for (size_t person = 0; person < people; ++person) {
    fold.push_back(static_cast<uint32_t>(person % static_cast<size_t>(folds)));
  }
  return fold;
}

Result<PeriodJudgement> EvaluatePeriods(const PeriodTable& table, const std::vector<uint32_t>& fold,
                                        const PeriodEvaluationOptions& options) {
  KSTATI_CHECK(fold.size() == table.people);
  KSTATI_TRY_VOID(CheckTable(table, options));
  const Forecasts empty{std::vector<double>(table.size()), table.happened, table.person};
  Forecasts markov = empty;
  Forecasts logistic = empty;
  Forecasts interactions = empty;
  Forecasts trees = empty;
  Forecasts blend = empty;
  PeriodJudgement judgement;
  for (uint32_t held_out = 0; held_out < static_cast<uint32_t>(options.folds); ++held_out) {
    const Parts parts = PartsOf(table, fold, held_out);
    if (parts.training.empty() || parts.held_out.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "a fold has nobody to judge or to learn from",
                  "fold " + std::to_string(held_out),
                  "number folds from 0 without gaps, or give more people");
    }
    const PeriodTable training = hazards::Select(table, parts.training);
    const PeriodTable asked = hazards::Select(table, parts.held_out);
    KSTATI_TRY(const FoldForecasts made, ForecastFold(training, asked, options));
    judgement.tree_choice.push_back(made.choice);
    const auto by_markov = hazards::ForecastByMarkov(training, asked);
    for (size_t i = 0; i < parts.held_out.size(); ++i) {
      markov.probability[parts.held_out[i]] = by_markov[i];
      logistic.probability[parts.held_out[i]] = made.logistic[i];
      interactions.probability[parts.held_out[i]] = made.interactions[i];
      trees.probability[parts.held_out[i]] = made.trees[i];
      blend.probability[parts.held_out[i]] = made.blend[i];
    }
  }
  judgement.rows = table.size();
  judgement.people = table.people;
  judgement.happened_share = std::accumulate(table.happened.begin(), table.happened.end(), 0.0) /
                             static_cast<double>(table.size());
  for (auto& [name, forecasts] : {std::pair(kMarkovModel, &markov),
                                  {kLogisticModel, &logistic},
                                  {kInteractionsModel, &interactions},
                                  {kTreesModel, &trees},
                                  {kBlendModel, &blend}}) {
    judgement.models.push_back(
        JudgeForecasts(std::string(name), std::move(*forecasts), table.people, options.bootstrap));
  }
  return judgement;
}

}  // namespace kstati::recommender::evaluation
