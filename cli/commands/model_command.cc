// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/model_fit.h"
#include "cli/output.h"
#include "cli/who_acts.h"
#include "recommender/evaluation/report.h"
#include "recommender/stored_models.h"

namespace kstati::cli {
namespace {

constexpr size_t kWeightsNamed = 5;

// Of trees: how well they do. Popularity alone is judged on nobody.
void AddQuality(const recommender::TrainReport& report, Json& object) {
  object["held_out_groups"] = report.held_out_groups;
  object["model"] = ToJson(report.model);
  object["popularity"] = ToJson(report.popularity);
  object["gain"] = ToJson(report.gain);
  object["objective"] = report.objective;
  for (const recommender::ObjectiveTrial& trial : report.trials) {
    object["trials"].push_back(
        {{"objective", trial.objective}, {"ndcg_at_5", ToJson(trial.ndcg_at_5)}});
  }
  if (!report.trials.empty()) object["trial_gain"] = ToJson(report.ndcg_gain);
  if (const auto& completes = report.completes) {
    object["completes"] = {{"learned_rows", completes->learned_rows},
                           {"judged_rows", completes->judged_rows},
                           {"share", completes->share},
                           {"log_loss", completes->log_loss},
                           {"share_log_loss", completes->share_log_loss}};
  }
  for (const recommender::FeatureWeight& weight : report.weights) {
    object["weights"].push_back(
        {{"feature", weight.feature}, {"mean_contribution", weight.mean_contribution}});
  }
}

class ModelTrain final : public Command {
 public:
  std::string_view path() const override { return "model train"; }
  std::string_view summary() const override {
    return "Trains a ranking model from recorded interactions, stores it, and tells how well it "
           "orders.";
  }
  std::string_view examples() const override {
    return "kstati model train\n"
           "kstati model train --data var/store --model var/model --seed 7";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, "folder of the models, instead of the configured one");
    options.Number("--rounds", "COUNT", rounds_, 1, 10'000, "trees of the model");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "seed of everything random");
    options.Number("--resamples", "COUNT", resamples_, 1, 100'000, "drawings for the intervals");
    options.Text("--report", "DIR", report_, "folder for a report in Markdown with plots");
    options.Flag("--activate", activate_,
                 "let the model order suggestions from now on, unless it does worse than "
                 "popularity");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto interactions, ReadInteractions(*system));
    const auto load = HouseholdsOf(*system);
    recommender::TrainOptions options;
    options.rounds = static_cast<int>(rounds_);
    options.seed = static_cast<uint64_t>(seed_);
    options.now = system->world().Now();
    options.inference = DigestOf(system->inference());
    options.bootstrap = {static_cast<int>(resamples_), options.seed};
    Progress progress("training steps", interactions.size() + static_cast<uint64_t>(rounds_));
    options.on_step = [&progress] { progress.Advance(); };
    const recommender::StoredModels models(folder);
    KSTATI_TRY(const recommender::TrainReport report,
               models.Train(interactions, load, system->world().catalogue(), options));
    const std::string kept = activate_ ? WhyKept(report, folder) : "";
    const bool activates = activate_ && kept.empty();
    if (activates) {
      KSTATI_TRY_VOID(models.Activate({report.version, options.now, WhoActs(), "trained"}));
    }
    if (!report_.empty()) {
      KSTATI_TRY_VOID(
          recommender::evaluation::WriteReport(recommender::evaluation::ReportOf(report), report_));
    }
    Json object{{"version", report.version},
                {"stage", report.stage},
                {"folder", folder},
                {"active", activates},
                {"data", report.data.fingerprint},
                {"interactions", interactions.size()},
                {"citizens", report.citizens},
                {"rows", report.rows}};
    if (report.stage == "model") AddQuality(report, object);
    output_.Print(terminal, object, Readable(report, folder) + kept);
    return kExitFine;
  }

 private:
  // Nobody who asks for a better model wants a lesser one without being told. Empty: nothing keeps
  // it from being activated.
  static std::string WhyKept(const recommender::TrainReport& report, const std::string& folder) {
    if (report.stage == "model") {
      if (!(report.gain.ndcg_at_5.high < 0)) return {};
      return "not activated, since it orders worse than popularity; `kstati model activate " +
             report.version + " --anyway` does it all the same\n";
    }
    const auto active = recommender::Ranker::Load(folder);
    if (!active || active->ranked_by().stage != "model") return {};
    return "not activated, since a model of trees is active; `kstati model activate " +
           report.version + "` puts popularity in its place\n";
  }

  static std::string Readable(const recommender::TrainReport& report, const std::string& folder) {
    const std::string people =
        std::to_string(report.citizens) + " citizens, " + std::to_string(report.rows) + " rows";
    if (report.stage != "model") {
      return "popularity " + report.version + " in " + folder + "\n" + people +
             ": too little to train, calibrate and judge trees by\n";
    }
    std::string heaviest;
    for (size_t i = 0; i < std::min(report.weights.size(), kWeightsNamed); ++i) {
      heaviest += (i == 0 ? "" : ", ") + report.weights[i].feature;
    }
    return "model " + report.version + " in " + folder + "\n" + people + ", judged on " +
           std::to_string(report.held_out_groups) + " lists of people held out\n" + "model       " +
           cli::Readable(report.model) + "\n" + "popularity  " + cli::Readable(report.popularity) +
           "\n" + "gain        " + cli::Readable(report.gain) + "\n" + "moved most by " + heaviest +
           "\n" + HowLearned(report);
  }

  // Which objective the trees have and why, and whether what comes to a result is told too.
  static std::string HowLearned(const recommender::TrainReport& report) {
    std::string text = "places by   " + report.objective + ", probabilities by binary:logistic\n";
    for (const recommender::ObjectiveTrial& trial : report.trials) {
      text += "  tried on training people: " + trial.objective + "  ndcg@5 " +
              cli::Readable(trial.ndcg_at_5) + "\n";
    }
    if (!report.trials.empty()) {
      text += "  rank:ndcg gains " + cli::Readable(report.ndcg_gain) + "\n";
    }
    if (const auto& completes = report.completes) {
      char line[160];
      std::snprintf(line, sizeof line,
                    "completes   log loss %.4f (of the share alone %.4f) on %zu rows of judged "
                    "people, %zu learned from\n",
                    completes->log_loss, completes->share_log_loss, completes->judged_rows,
                    completes->learned_rows);
      text += line;
    }
    return text;
  }

  Connection connection_;
  Output output_;
  std::string folder_;
  std::string report_;
  bool activate_ = false;
  int64_t rounds_ = recommender::TrainOptions().rounds;
  int64_t seed_ = 1;
  int64_t resamples_ = 1'000;
};

}  // namespace

void AddModel(CommandList& commands) { commands.push_back(std::make_unique<ModelTrain>()); }

}  // namespace kstati::cli
