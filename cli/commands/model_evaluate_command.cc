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

std::string Number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

Json ColumnsOf(const evaluation::PeriodFile& file) {
  Json columns = Json::array();
  for (const evaluation::ColumnReading& column : file.columns) {
    Json read{{"column", column.column},
              {"read_as", column.is_number ? "number" : "category"},
              {"missing", column.missing}};
    if (!column.is_number) read["categories"] = column.categories;
    columns.push_back(std::move(read));
  }
  return columns;
}

// "read as numbers: period, pay; as categories: job (12)", and a line's end.
std::string HowRead(const evaluation::PeriodFile& file) {
  std::string numbers;
  std::string categories;
  for (const evaluation::ColumnReading& column : file.columns) {
    std::string& list = column.is_number ? numbers : categories;
    list += (list.empty() ? "" : ", ") + column.column;
    if (!column.is_number) list += " (" + std::to_string(column.categories) + ")";
  }
  return "read as numbers: " + (numbers.empty() ? "none" : numbers) +
         "; as categories: " + (categories.empty() ? "none" : categories) + "\n";
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
           "kstati model evaluate --interactions train.csv --fold-in known.csv --held-out "
           "rest.csv\n"
           "kstati model evaluate --periods births.csv --format json\n"
           "kstati model evaluate --off-policy store --policy 8c1f0d2e5b7a9364\n"
           "kstati model evaluate --simulated --people 20000 --seed 1";
  }

  void Declare(Options& options) override {
    options.Text("--interactions", "FILE", interactions_,
                 "CSV with user, item and perhaps time: who took up what");
    options.Text("--held-out", "FILE", held_out_,
                 "CSV like it, to judge by; without it people are held out in folds");
    options.Text(
        "--fold-in", "FILE", fold_in_,
        "CSV like it: what is known of the people of --held-out, who are others than those "
        "of --interactions; the rest of what they took up is to be found");
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
        interactions_.empty() == periods_.empty() || (!held_out_.empty() && !periods_.empty()) ||
        (!fold_in_.empty() && held_out_.empty())) {
      return Fail(ErrorCode::kInvalidArgument, "it is not clear what to judge", {},
                  "give --interactions, with or without --held-out (and that with or without "
                  "--fold-in), --periods, --off-policy, or --simulated");
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

  // What the files give to judge orders by.
  struct Given {
    std::vector<evaluation::InteractionSplit> splits;
    size_t items = 0;
    size_t repeated = 0;  // rows that say again what another one says
    std::optional<size_t>
        known_people;  // of those held out, found by name in what is known of them
    Json refused = Json::array();
  };

  // Adds a file to `table`, in which items of earlier files have their numbers.
  static Result<void> Add(const std::string& file, const Terminal& terminal,
                          evaluation::InteractionTable& table, Given& given) {
    KSTATI_TRY(const evaluation::Csv csv, evaluation::ReadCsv(file));
    KSTATI_TRY_VOID(evaluation::AddInteractions(csv, file, table));
    PrintRefused(terminal, file, table.refused);
    for (const Json& row : ToJson(table.refused)) given.refused.push_back(row);
    given.repeated += table.repeated;
    given.items = table.histories.items.size();
    return {};
  }

  Result<Given> ReadGiven(const Terminal& terminal) const {
    Given given;
    evaluation::InteractionTable training;
    KSTATI_TRY_VOID(Add(interactions_, terminal, training, given));
    if (held_out_.empty()) {
      given.splits = evaluation::SplitByPerson(training.histories, static_cast<int>(folds_));
      return given;
    }
    evaluation::InteractionTable known;
    known.histories.items = training.histories.items;
    if (!fold_in_.empty()) KSTATI_TRY_VOID(Add(fold_in_, terminal, known, given));
    evaluation::InteractionTable judged;
    judged.histories.items = known.histories.items;
    KSTATI_TRY_VOID(Add(held_out_, terminal, judged, given));
    if (!fold_in_.empty()) {
      given.known_people = evaluation::CountKnown(known, judged);
      given.splits.push_back(evaluation::FoldInSplit(training, known, judged));
    } else if (split_ == "people") {
      given.splits.push_back(evaluation::SplitOfOthers(training, judged));
    } else {
      given.known_people = evaluation::CountKnown(training, judged);
      given.splits.push_back(evaluation::GivenSplit(training, judged));
    }
    return given;
  }

  Result<int> JudgeOrders(const Terminal& terminal) {
    KSTATI_TRY(evaluation::InteractionEvaluationOptions options, OrderOptions());
    KSTATI_TRY(const Given given, ReadGiven(terminal));
    Progress progress("judging orders", evaluation::StepsOf(given.splits, options));
    options.on_step = [&progress] { progress.Advance(); };
    KSTATI_TRY(const auto judgement,
               evaluation::EvaluateInteractions(given.splits, given.items, options));
    if (!report_.empty()) {
      KSTATI_TRY_VOID(
          evaluation::WriteReport(evaluation::ReportOf(judgement, interactions_), report_));
    }
    PrintOrders(terminal, judgement, given);
    return kExitFine;
  }

  void PrintOrders(const Terminal& terminal, const evaluation::InteractionJudgement& judgement,
                   const Given& given) const {
    Json models = Json::array();
    std::string readable = std::to_string(judgement.people) + " people judged, " +
                           std::to_string(judgement.passed_over) + " passed over, " +
                           std::to_string(judgement.items) + " items, " +
                           std::to_string(given.repeated) + " rows said again\n";
    if (given.known_people) {
      readable += "something is known of " + std::to_string(*given.known_people) +
                  " of the people held out, by their names\n";
    }
    const auto percent = [](const char* name, const evaluation::Estimate& estimate) {
      return std::string("  ") + name + " " + Number(100 * estimate.value, 2) + " (" +
             Number(100 * estimate.low, 1) + " to " + Number(100 * estimate.high, 1) + ")";
    };
    for (const evaluation::JudgedModel& model : judgement.models) {
      models.push_back({{"model", model.name},
                        {"ranked_score", ToJson(model.ranked_score)},
                        {"hit_rate_at_5", ToJson(model.hit_at_5)},
                        {"ndcg_at_5", ToJson(model.ndcg_at_5)},
                        {"recall_at_20", ToJson(model.recall_at_20)},
                        {"recall_at_50", ToJson(model.recall_at_50)},
                        {"ndcg_at_100", ToJson(model.ndcg_at_100)},
                        {"gain_over_popularity", ToJson(model.gain)}});
      std::string name = model.name;
      name.resize(std::max<size_t>(name.size(), 11), ' ');
      readable +=
          name + percent("ranked score", model.ranked_score) + percent("HR@5", model.hit_at_5) +
          percent("nDCG@5", model.ndcg_at_5) + percent("gain", model.gain) + "\n" +
          std::string(11, ' ') + percent("recall@20", model.recall_at_20) +
          percent("recall@50", model.recall_at_50) + percent("nDCG@100", model.ndcg_at_100) + "\n";
    }
    Json object{{"items", judgement.items},   {"training_people", judgement.training_people},
                {"people", judgement.people}, {"passed_over", judgement.passed_over},
                {"repeated", given.repeated}, {"models", std::move(models)},
                {"refused", given.refused}};
    if (given.known_people) object["known_people"] = *given.known_people;
    output_.Print(terminal, object, readable);
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
    PrintForecasts(terminal, judgement, file);
    return kExitFine;
  }

  void PrintForecasts(const Terminal& terminal, const evaluation::PeriodJudgement& judgement,
                      const evaluation::PeriodFile& file) const {
    Json models = Json::array();
    std::string readable = std::to_string(judgement.rows) + " rows of " +
                           std::to_string(judgement.people) + " people, the event in " +
                           Number(100 * judgement.happened_share, 2) + " %\n" + HowRead(file);
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
                   {"columns", ColumnsOf(file)},
                   {"refused", ToJson(file.refused)}},
                  readable);
  }

  Output output_;
  Connection connection_;
  OffPolicyQuestion off_policy_;
  SimulatedQuestion simulated_;
  std::string interactions_;
  std::string held_out_;
  std::string fold_in_;
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
