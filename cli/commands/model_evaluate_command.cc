// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/commands/model_off_policy.h"
#include "cli/commands/model_simulated.h"
#include "cli/output.h"
#include "recommender/evaluation/period_file.h"
#include "recommender/evaluation/report.h"

namespace kstati::cli {
namespace {

namespace evaluation = recommender::evaluation;

constexpr size_t kRefusedShownMax = 20;

std::string Number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

Json RefusedJson(const std::vector<evaluation::RefusedRow>& refused) {
  Json rows = Json::array();
  for (const auto& row : refused) rows.push_back({{"line", row.line}, {"reason", row.reason}});
  return rows;
}

class ModelEvaluate final : public Command {
 public:
  std::string_view path() const override { return "model evaluate"; }
  std::string_view summary() const override {
    return "Judges models on data: orders of items, forecasts of an event, an order by what "
           "another one showed, or questions about events that nobody announced in simulated "
           "lives.";
  }
  std::string_view examples() const override {
    return "kstati model evaluate --interactions train.csv --held-out test.csv --report report\n"
           "kstati model evaluate --periods births.csv --format json\n"
           "kstati model evaluate --off-policy store --policy 8c1f0d2e5b7a9364\n"
           "kstati model evaluate --simulated --people 20000 --seed 1";
  }

  void Declare(Options& options) override {
    options.Text("--interactions", "FILE", interactions_,
                 "CSV with user, item and perhaps time: who took up what");
    options.Text("--held-out", "FILE", held_out_,
                 "CSV like it, to judge by; without it people are held out in folds");
    options.Choice("--split", split_, {"names", "people"},
                   "whom --held-out is about: the same people where a name is in both files, or "
                   "other people whatever their names");
    options.Text("--periods", "FILE", periods_,
                 "CSV with event (0 or 1), perhaps person, period, state, fold, and features");
    options.Text("--off-policy", "SOURCE", off_policy_.source,
                 "`store`: the lists that were shown; or a CSV with propensity, new_propensity, "
                 "outcome, perhaps person, expected, new_expected");
    options.Text("--policy", "VERSION", off_policy_.version,
                 "the stored model judged by the store's lists; without it they are only checked");
    options.Flag("--simulated", simulated_.asked,
                 "simulate lives with events that no registry announced, and judge whether and "
                 "when people would be asked; this is no accuracy in the real world");
    options.Number("--people", "COUNT", simulated_.people, 2'000, 1'000'000,
                   "of --simulated: so many citizens");
    options.Number("--years", "COUNT", simulated_.years, 1, 20, "of --simulated: of each life");
    options.Text("--keep", "FILE", simulated_.keep,
                 "of --simulated: where to write the model that was learned");
    options.Text("--model", "DIR", off_policy_.folder,
                 "folder of the models, instead of the configured one");
    connection_.DeclareLocal(options);
    options.Text("--models", "NAMES", models_,
                 "which orders to judge beside popularity, with commas between them");
    options.Number("--folds", "COUNT", folds_, 2, 100,
                   "parts of the people by their number, where the files give no split");
    options.Number("--ridge", "NUMBER", ridge_, 1, 1'000'000, "regularisation of EASE");
    options.Number("--resamples", "COUNT", resamples_, 1, 100'000, "drawings for the intervals");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "seed of everything random");
    options.Text("--report", "DIR", report_,
                 "of --interactions and --periods: folder for a report in Markdown with plots");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    if (!report_.empty() && (simulated_.asked || !off_policy_.source.empty())) {
      return Fail(ErrorCode::kInvalidArgument, "there is no such report of this judgement",
                  "--report", "leave it out; --format markdown prints what was found");
    }
    if (simulated_.asked && off_policy_.source.empty() && interactions_.empty() &&
        periods_.empty()) {
      return JudgeSimulated(simulated_, seed_, output_, terminal);
    }
    if (!off_policy_.source.empty() && interactions_.empty() && periods_.empty()) {
      off_policy_.bootstrap = {static_cast<int>(resamples_), static_cast<uint64_t>(seed_)};
      return JudgeOffPolicy(off_policy_, connection_, output_, terminal);
    }
    if (simulated_.asked || !off_policy_.source.empty() ||
        interactions_.empty() == periods_.empty() || (!held_out_.empty() && !periods_.empty())) {
      return Fail(ErrorCode::kInvalidArgument, "it is not clear what to judge", {},
                  "give --interactions, with or without --held-out, --periods, --off-policy, or "
                  "--simulated");
    }
    return periods_.empty() ? JudgeOrders(terminal) : JudgeForecasts(terminal);
  }

 private:
  Result<evaluation::InteractionEvaluationOptions> OrderOptions() const {
    evaluation::InteractionEvaluationOptions options;
    const std::vector<std::string> known = options.models;
    options.models.clear();
    size_t begin = 0;
    while (begin <= models_.size()) {
      const size_t end = std::min(models_.find(',', begin), models_.size());
      const std::string name = models_.substr(begin, end - begin);
      begin = end + 1;
      if (name.empty() || name == evaluation::kPopularityModel) continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        return Fail(ErrorCode::kInvalidArgument, "there is no model " + name, "--models",
                    "name some of association, ease and ranker");
      }
      options.models.push_back(name);
    }
    options.ranker.models.ridge = static_cast<double>(ridge_);
    options.ranker.seed = static_cast<uint64_t>(seed_);
    options.ranker.models.choice.seed = static_cast<uint64_t>(seed_);
    options.bootstrap = {static_cast<int>(resamples_), static_cast<uint64_t>(seed_)};
    return options;
  }

  Result<int> JudgeOrders(const Terminal& terminal) {
    KSTATI_TRY(evaluation::InteractionEvaluationOptions options, OrderOptions());
    evaluation::InteractionTable training;
    KSTATI_TRY(const evaluation::Csv csv, evaluation::ReadCsv(interactions_));
    KSTATI_TRY_VOID(evaluation::AddInteractions(csv, interactions_, training));
    PrintRefused(terminal, interactions_, training.refused);
    std::vector<evaluation::InteractionSplit> splits;
    size_t items = training.histories.items.size();
    Json refused = RefusedJson(training.refused);
    if (held_out_.empty()) {
      splits = evaluation::SplitByPerson(training.histories, static_cast<int>(folds_));
    } else {
      evaluation::InteractionTable judged;
      judged.histories.items = training.histories.items;
      KSTATI_TRY(const evaluation::Csv held_out, evaluation::ReadCsv(held_out_));
      KSTATI_TRY_VOID(evaluation::AddInteractions(held_out, held_out_, judged));
      PrintRefused(terminal, held_out_, judged.refused);
      for (const Json& row : RefusedJson(judged.refused)) refused.push_back(row);
      items = judged.histories.items.size();
      splits.push_back(split_ == "people" ? evaluation::SplitOfOthers(training, judged)
                                          : evaluation::GivenSplit(training, judged));
    }
    Progress progress("judging orders", evaluation::StepsOf(splits, options));
    options.on_step = [&progress] { progress.Advance(); };
    KSTATI_TRY(const auto judgement, evaluation::EvaluateInteractions(splits, items, options));
    if (!report_.empty()) {
      KSTATI_TRY_VOID(
          evaluation::WriteReport(evaluation::ReportOf(judgement, interactions_), report_));
    }
    PrintOrders(terminal, judgement, std::move(refused));
    return kExitFine;
  }

  void PrintOrders(const Terminal& terminal, const evaluation::InteractionJudgement& judgement,
                   Json refused) const {
    Json models = Json::array();
    std::string readable = std::to_string(judgement.people) + " people judged, " +
                           std::to_string(judgement.passed_over) + " passed over, " +
                           std::to_string(judgement.items) + " items\n";
    const auto percent = [](const char* name, const evaluation::Estimate& estimate) {
      return std::string("  ") + name + " " + Number(100 * estimate.value, 2) + " (" +
             Number(100 * estimate.low, 1) + " to " + Number(100 * estimate.high, 1) + ")";
    };
    for (const evaluation::JudgedModel& model : judgement.models) {
      models.push_back({{"model", model.name},
                        {"ranked_score", ToJson(model.ranked_score)},
                        {"hit_rate_at_5", ToJson(model.hit_at_5)},
                        {"ndcg_at_5", ToJson(model.ndcg_at_5)},
                        {"gain_over_popularity", ToJson(model.gain)}});
      std::string name = model.name;
      name.resize(std::max<size_t>(name.size(), 11), ' ');
      readable += name + percent("ranked score", model.ranked_score) +
                  percent("HR@5", model.hit_at_5) + percent("nDCG@5", model.ndcg_at_5) +
                  percent("gain", model.gain) + "\n";
    }
    output_.Print(terminal,
                  {{"items", judgement.items},
                   {"training_people", judgement.training_people},
                   {"people", judgement.people},
                   {"passed_over", judgement.passed_over},
                   {"models", std::move(models)},
                   {"refused", std::move(refused)}},
                  readable);
  }

  Result<int> JudgeForecasts(const Terminal& terminal) {
    KSTATI_TRY(const evaluation::Csv csv, evaluation::ReadCsv(periods_));
    KSTATI_TRY(const evaluation::PeriodFile file, evaluation::ReadPeriods(csv, periods_));
    PrintRefused(terminal, periods_, file.refused);
    evaluation::PeriodEvaluationOptions options;
    options.folds = static_cast<int>(folds_);
    std::vector<uint32_t> folds = evaluation::FoldsByNumber(file.table.people, options.folds);
    if (file.fold.front()) {
      std::transform(file.fold.begin(), file.fold.end(), folds.begin(),
                     [](const auto& fold) { return fold.value_or(0); });
      options.folds = static_cast<int>(*std::max_element(folds.begin(), folds.end())) + 1;
    }
    options.bootstrap = {static_cast<int>(resamples_), static_cast<uint64_t>(seed_)};
    for (auto& trees : options.trees) trees.seed = static_cast<uint64_t>(seed_);
    Progress progress("judging forecasts", evaluation::StepsOf(options));
    options.on_step = [&progress] { progress.Advance(); };
    KSTATI_TRY(const auto judgement, evaluation::EvaluatePeriods(file.table, folds, options));
    if (!report_.empty()) {
      KSTATI_TRY_VOID(evaluation::WriteReport(evaluation::ReportOf(judgement, periods_), report_));
    }
    PrintForecasts(terminal, judgement, file.refused);
    return kExitFine;
  }

  void PrintForecasts(const Terminal& terminal, const evaluation::PeriodJudgement& judgement,
                      const std::vector<evaluation::RefusedRow>& refused) const {
    Json models = Json::array();
    std::string readable = std::to_string(judgement.rows) + " rows of " +
                           std::to_string(judgement.people) + " people, the event in " +
                           Number(100 * judgement.happened_share, 2) + " %\n";
    const auto plain = [](const char* name, const evaluation::Estimate& estimate) {
      return std::string("  ") + name + " " + Number(estimate.value, 4) + " (" +
             Number(estimate.low, 3) + " to " + Number(estimate.high, 3) + ")";
    };
    for (const evaluation::JudgedForecast& model : judgement.models) {
      Json reliability = Json::array();
      for (const auto& bin : model.reliability) {
        reliability.push_back(
            {{"rows", bin.rows}, {"forecast", bin.forecast}, {"happened", bin.happened}});
      }
      models.push_back({{"model", model.name},
                        {"auc", ToJson(model.auc)},
                        {"log_loss", ToJson(model.log_loss)},
                        {"calibration_error", model.calibration_error},
                        {"reliability", std::move(reliability)}});
      std::string name = model.name;
      name.resize(std::max<size_t>(name.size(), 8), ' ');
      readable += name + plain("AUC", model.auc) + plain("log loss", model.log_loss) + "  ECE " +
                  Number(model.calibration_error, 4) + "\n";
    }
    output_.Print(terminal,
                  {{"rows", judgement.rows},
                   {"people", judgement.people},
                   {"happened_share", judgement.happened_share},
                   {"models", std::move(models)},
                   {"trees", judgement.tree_choice},
                   {"refused", RefusedJson(refused)}},
                  readable);
  }

  static void PrintRefused(const Terminal& terminal, const std::string& file,
                           const std::vector<evaluation::RefusedRow>& refused) {
    for (size_t i = 0; i < std::min(refused.size(), kRefusedShownMax); ++i) {
      terminal.err << file << ":" << refused[i].line << ": left out: " << refused[i].reason << "\n";
    }
    if (refused.size() > kRefusedShownMax) {
      terminal.err << file << ": " << refused.size() - kRefusedShownMax << " more rows left out\n";
    }
  }

  Output output_;
  Connection connection_;
  OffPolicyQuestion off_policy_;
  SimulatedQuestion simulated_;
  std::string interactions_;
  std::string held_out_;
  std::string split_ = "names";
  std::string periods_;
  std::string models_ = "association,ease,ranker";
  std::string report_;
  int64_t folds_ = 5;
  int64_t ridge_ = 20;
  int64_t resamples_ = 1000;
  int64_t seed_ = 1;
};

}  // namespace

void AddModelEvaluate(CommandList& commands) {
  commands.push_back(std::make_unique<ModelEvaluate>());
}

}  // namespace kstati::cli
