// SPDX-License-Identifier: Apache-2.0
// How well the recommender's models order and forecast on data of the world:
//   recommender_bench [FOLDER] [--check] [--validate] [--orders] [--forecasts] [--simulated]
// FOLDER holds msweb/train.txt, msweb/test.txt, biofam.csv and ui_takeup_benefits.csv; without it
// "recommender" of $KSTATI_ACCEPTANCE_DIR. Seeds are those of the options' defaults (1).
//
// Orders: train and test people as published; people of the test with two areas or more; each area
// hidden in turn; full ranking; ranked score with half-life 5; means over people. The options of
// the models were chosen with --validate, which holds out every tenth person of the training file
// and does not read the test file.
// Forecasts: five folds by the row number of the person; trees chosen and calibrated within the
// training people of each fold.
//
// --orders leaves the forecasts out, --forecasts the orders. --simulated needs no folder: events
// that no registry announced in simulated lives, and when people would be asked; no accuracy in the
// real world. --check is a run of seconds on a part of the people. Exit code 77 when the folder is
// not there.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "population/inference_evaluation.h"
#include "recommender/evaluation/interaction_evaluation.h"
#include "recommender/evaluation/period_evaluation.h"
#include "recommender/evaluation/period_file.h"
#include "tests/bench/figures.h"
#include "tests/bench/recommender_data.h"
#include "tests/bench/thread_clock.h"

namespace kstati::bench {
namespace {

using recommender::evaluation::Csv;
using recommender::evaluation::Estimate;
using recommender::evaluation::InteractionEvaluationOptions;
using recommender::evaluation::InteractionSplit;
using recommender::evaluation::InteractionTable;
using recommender::evaluation::JudgedForecast;
using recommender::evaluation::JudgedModel;
using recommender::evaluation::PeriodEvaluationOptions;

struct Settings {
  bool check = false;
  bool validate = false;
  bool orders_alone = false;
  bool forecasts_alone = false;
  bool simulated = false;
};

void PrintPercent(const char* name, const Estimate& estimate) {
  std::printf("  %s %5.2f (%.1f to %.1f)", name, 100 * estimate.value, 100 * estimate.low,
              100 * estimate.high);
}

Result<InteractionSplit> SplitOf(const std::string& folder, const Settings& settings,
                                 size_t& items) {
  KSTATI_TRY(InteractionTable training, ReadVisits(folder + "/train.txt"));
  InteractionSplit split;
  if (settings.validate) {
    constexpr size_t kEveryTenth = 10;
    items = training.histories.items.size();
    for (size_t person = 0; person < training.histories.people.size(); ++person) {
      auto& history = training.histories.people[person];
      if (person % kEveryTenth == kEveryTenth - 1) {
        split.held_out.push_back({{}, std::move(history)});
      } else {
        split.training.push_back(std::move(history));
      }
    }
    return split;
  }
  KSTATI_TRY(InteractionTable test, ReadVisits(folder + "/test.txt", training.histories.items));
  items = test.histories.items.size();
  split.training = std::move(training.histories.people);
  for (auto& history : test.histories.people) split.held_out.push_back({{}, std::move(history)});
  return split;
}

Result<void> JudgeOrders(const std::string& folder, const Settings& settings) {
  size_t items = 0;
  KSTATI_TRY(InteractionSplit split, SplitOf(folder + "/msweb", settings, items));
  InteractionEvaluationOptions options;
  if (settings.check) {
    split.training.resize(2000);
    split.held_out.resize(200);
    options.ranker.rounds = 20;
    options.ranker.models.choice.epochs = 5;
    options.ranker.models.hidden.epochs = 5;
    options.ranker.cases_max = 1000;
    options.bootstrap.resamples = 100;
  }
  const double start = ThreadMicros();
  KSTATI_TRY(const auto judgement,
             recommender::evaluation::EvaluateInteractions({split}, items, options));
  std::printf("msweb: %zu areas, %zu people learned from, %zu judged, %.1f s of CPU\n",
              judgement.items, judgement.training_people, judgement.people,
              (ThreadMicros() - start) / 1e6);
  for (const JudgedModel& model : judgement.models) {
    std::printf("  %-12s", model.name.c_str());
    PrintPercent("ranked score", model.ranked_score);
    PrintPercent("HR@5", model.hit_at_5);
    PrintPercent("nDCG@5", model.ndcg_at_5);
    PrintPercent("gain", model.gain);
    std::printf("\n");
  }
  std::fflush(stdout);
  return {};
}

Result<void> JudgeForecasts(const char* name, Result<Csv> rows, const Settings& settings) {
  if (!rows) return Fail(rows.error());
  if (settings.check) rows->rows.resize(std::min<size_t>(rows->rows.size(), 2000));
  KSTATI_TRY(const auto file, recommender::evaluation::ReadPeriods(*rows, name));
  PeriodEvaluationOptions options;
  if (settings.check) {
    options.trees = {{20, 2, 0.1, 1}};
    options.bootstrap.resamples = 20;
  }
  const double start = ThreadMicros();
  std::vector<uint32_t> folds =
      recommender::evaluation::FoldsByNumber(file.table.people, options.folds);
  for (size_t person = 0; person < folds.size(); ++person) {
    folds[person] = file.fold[person].value_or(folds[person]);
  }
  KSTATI_TRY(const auto judgement,
             recommender::evaluation::EvaluatePeriods(file.table, folds, options));
  std::printf("%s: %zu rows of %zu people, %.2f %% happened, %.1f s of CPU\n", name, judgement.rows,
              judgement.people, 100 * judgement.happened_share, (ThreadMicros() - start) / 1e6);
  for (const JudgedForecast& model : judgement.models) {
    std::printf("  %-12s AUC %.4f (%.3f to %.3f)  log loss %.4f (%.4f to %.4f)  ECE %.4f\n",
                model.name.c_str(), model.auc.value, model.auc.low, model.auc.high,
                model.log_loss.value, model.log_loss.low, model.log_loss.high,
                model.calibration_error);
  }
  for (const std::string& choice : judgement.tree_choice) std::printf("  %s;", choice.c_str());
  std::printf("\n");
  std::fflush(stdout);
  return {};
}

Result<void> JudgeSimulated(const Settings& settings) {
  population::InferenceEvaluationOptions options;
  if (settings.check) options.citizens = 4'000;
  const double start = ThreadMicros();
  KSTATI_TRY(const auto evaluation, population::EvaluateInference(options));
  std::printf("%s%.1f s of CPU, seed %llu\n", population::TableOf(evaluation).c_str(),
              (ThreadMicros() - start) / 1e6, static_cast<unsigned long long>(options.seed));
  return {};
}

Result<void> Run(const std::string& folder, const Settings& settings) {
  if (settings.simulated) return JudgeSimulated(settings);
  if (!settings.forecasts_alone) KSTATI_TRY_VOID(JudgeOrders(folder, settings));
  if (settings.validate || settings.orders_alone) return {};
  const std::string family = folder + "/biofam.csv";
  KSTATI_TRY_VOID(JudgeForecasts("first child next year",
                                 FamilyPeriods(family, FamilyEvent::kFirstChild), settings));
  if (!settings.check) {
    KSTATI_TRY_VOID(JudgeForecasts("leaves home next year",
                                   FamilyPeriods(family, FamilyEvent::kLeavesHome), settings));
    KSTATI_TRY_VOID(JudgeForecasts("marries next year",
                                   FamilyPeriods(family, FamilyEvent::kMarries), settings));
  }
  return JudgeForecasts("take-up of unemployment benefit",
                        TakeUpRows(folder + "/ui_takeup_benefits.csv"), settings);
}

}  // namespace
}  // namespace kstati::bench

int main(int argc, char** argv) {
  kstati::bench::Settings settings;
  std::string folder;
  if (const char* data = std::getenv("KSTATI_ACCEPTANCE_DIR")) {
    folder = std::string(data) + "/recommender";
  }
  if (!kstati::ReadOptions(argc, argv,
                           {{"--check", nullptr, [&] { settings.check = true; }},
                            {"--simulated", nullptr, [&] { settings.simulated = true; }},
                            {"--validate", nullptr, [&] { settings.validate = true; }},
                            {"--orders", nullptr, [&] { settings.orders_alone = true; }},
                            {"--forecasts", nullptr, [&] { settings.forecasts_alone = true; }}},
                           &folder)) {
    return 2;
  }
  if (!settings.simulated && !std::filesystem::exists(folder + "/biofam.csv")) {
    std::printf("skipped: no data; name its folder or set KSTATI_ACCEPTANCE_DIR\n");
    return 77;
  }
  const auto done = kstati::bench::Run(folder, settings);
  if (!done) std::fprintf(stderr, "%s\n", done.error().ToString().c_str());
  return done ? 0 : 1;
}
