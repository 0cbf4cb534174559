// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/model_fit.h"
#include "cli/output.h"
#include "cli/who_acts.h"
#include "recommender/evaluation/model_comparison.h"
#include "recommender/evaluation/report.h"
#include "recommender/stored_models.h"

namespace kstati::cli {
namespace {

namespace evaluation = recommender::evaluation;
using recommender::Activation;
using recommender::StoredModel;
using recommender::StoredModels;

constexpr const char* kFolderHelp = "folder of the models, instead of the configured one";

Json ToJson(const StoredModel& stored, bool active) {
  Json object{{"version", stored.version},
              {"stage", stored.stage},
              {"active", active},
              {"fits", stored.fits},
              {"feature_schema", stored.feature_schema},
              {"trained_at", stored.trained_at.ToString()},
              {"data",
               {{"fingerprint", stored.data.fingerprint},
                {"interactions", stored.data.interactions},
                {"first", stored.data.first.ToString()},
                {"last", stored.data.last.ToString()}}}};
  if (stored.inference) object["inference"] = *stored.inference;
  if (stored.stage != "model") return object;
  object["held_out_groups"] = stored.held_out_groups;
  object["model"] = cli::ToJson(stored.model);
  object["popularity"] = cli::ToJson(stored.popularity);
  if (stored.gain) object["gain"] = cli::ToJson(*stored.gain);
  return object;
}

Json ToJson(const Activation& activation) {
  return {{"version", activation.version},
          {"at", activation.at.ToString()},
          {"by", activation.by},
          {"reason", activation.reason},
          {"is_rollback", activation.is_rollback}};
}

std::string QualityOf(const StoredModel& stored) {
  if (stored.stage != "model") return "popularity alone";
  std::string quality = "ndcg@5 " + cli::Readable(stored.model.ndcg_at_5);
  if (stored.gain) quality += "  over popularity " + cli::Readable(stored.gain->ndcg_at_5);
  return quality + "  log loss " + cli::Readable(stored.model.log_loss);
}

std::string Readable(const StoredModel& stored, bool active) {
  return (active ? "* " : "  ") + stored.version + "  " + QualityOf(stored) + "  data " +
         stored.data.fingerprint + ", " + std::to_string(stored.data.interactions) +
         " interactions" +
         (stored.fits ? "" : "  of other features or an earlier format: train again") + "\n";
}

std::string Readable(const Activation& activation) {
  return "  " + activation.at.ToString() + "  " +
         (activation.version.empty() ? "none" : activation.version) + "  by " + activation.by +
         (activation.is_rollback ? "  rolled back" : "") +
         (activation.reason.empty() ? "" : "  " + activation.reason) + "\n";
}

class ModelInfo final : public Command {
 public:
  std::string_view path() const override { return "model info"; }
  std::string_view summary() const override {
    return "Tells which model orders suggestions and proves that it loads; which are stored, and "
           "who activated what.";
  }
  std::string_view examples() const override {
    return "kstati model info --model var/model --format json\n"
           "kstati model info --server 127.0.0.1:9090";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    connection_.DeclareRemote(options);
    options.Text("--model", "DIR", folder_, kFolderHelp);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    return connection_.is_remote() ? OfServer(terminal) : OfFolder(terminal);
  }

 private:
  Result<int> OfServer(const Terminal& terminal) {
    if (!folder_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "--model and --server exclude each other", {},
                  "name either a folder of this machine or a server");
    }
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    rpc::Status status;
    kstati->status(status, connection_.context());
    output_.Print(terminal, {{"ranked_by", status.ranked_by}, {"version", status.model_version}},
                  Order({status.ranked_by, status.model_version}));
    return kExitFine;
  }

  Result<int> OfFolder(const Terminal& terminal) {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    const StoredModels models(folder);
    const Result<recommender::Ranker> loaded = recommender::Ranker::Load(folder);
    KSTATI_TRY(const auto stored, models.All());
    KSTATI_TRY(const auto activations, models.Activations());
    const recommender::Ranker none;
    const recommender::RankedBy& by = (loaded ? *loaded : none).ranked_by();
    Json object{{"folder", folder}, {"ranked_by", by.stage}, {"version", by.model_version}};
    std::string readable = folder + ": " + Order(by);
    if (!stored.empty()) readable += "stored\n";
    for (const StoredModel& model : stored) {
      object["stored"].push_back(ToJson(model, model.version == by.model_version));
      readable += Readable(model, model.version == by.model_version);
    }
    if (!activations.empty()) readable += "activated\n";
    for (const Activation& activation : activations) {
      object["activations"].push_back(ToJson(activation));
      readable += Readable(activation);
    }
    output_.Print(terminal, object, readable);
    if (!loaded) return Fail(loaded.error());
    return kExitFine;
  }

  static std::string Order(const recommender::RankedBy& by) {
    return "services are ordered by " + by.stage +
           (by.model_version.empty() ? "" : " " + by.model_version) + "\n";
  }

  Connection connection_;
  Output output_;
  std::string folder_;
};

// What activate and rollback share: where, by whom, why, and what came of it.
class ActivationCommand : public Command {
 public:
  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, kFolderHelp);
    options.Text("--by", "NAME", by_, "who decided it, instead of this account");
    options.Text("--reason", "TEXT", reason_, "why, for whoever looks later");
    output_.Declare(options);
  }

 protected:
  Result<Config> ReadConfig() { return connection_.ReadConfig(); }
  std::string FolderBy(const Config& config) const {
    return folder_.empty() ? config.Text("model.folder") : folder_;
  }
  Activation Now(std::string version) const {
    return {std::move(version), SystemClock().Now(), by_.empty() ? WhoActs() : by_, reason_};
  }
  void Print(const Terminal& terminal, const Activation& activation,
             const std::vector<std::string>& passed_over = {}) const {
    Json object = ToJson(activation);
    std::string told;
    for (const std::string& version : passed_over) {
      object["passed_over"].push_back(version);
      told += version + " stood before and no longer loads: passed over\n";
    }
    output_.Print(terminal, object,
                  told +
                      (activation.version.empty() ? "no stored model orders suggestions"
                                                  : activation.version + " orders suggestions") +
                      std::string(" from now on\n"));
  }

 private:
  Connection connection_;
  Output output_;
  std::string folder_;
  std::string by_;
  std::string reason_;
};

class ModelActivate final : public ActivationCommand {
 public:
  std::string_view path() const override { return "model activate"; }
  std::string_view summary() const override {
    return "Lets a stored model order suggestions, unless its stored sample does not verify, it "
           "orders worse than popularity, or it was trained on the estimates of another "
           "model.inference than the configured one.";
  }
  std::string_view examples() const override {
    return "kstati model activate 8c1f0d2e5b7a9364 --reason \"better on held-out people\"";
  }
  void Declare(Options& options) override {
    options.Argument("VERSION", version_, "which model; `kstati model info` lists them");
    options.Flag("--anyway", anyway_,
                 "though it orders worse than popularity, or on other estimates");
    ActivationCommand::Declare(options);
  }
  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, ReadConfig());
    const StoredModels models(FolderBy(config));
    const Activation activation = Now(version_);
    KSTATI_TRY(const StoredModel model, models.Find(version_));
    if (!anyway_) KSTATI_TRY_VOID(RequireFit(model, config));
    KSTATI_TRY_VOID(models.Activate(activation));
    Print(terminal, activation);
    return kExitFine;
  }

 private:
  std::string version_;
  bool anyway_ = false;
};

class ModelRollback final : public ActivationCommand {
 public:
  std::string_view path() const override { return "model rollback"; }
  std::string_view summary() const override {
    return "Takes the latest activation back: what it took the place of orders suggestions again, "
           "or what stood before that where it no longer loads.";
  }
  std::string_view examples() const override {
    return "kstati model rollback --reason \"more declines since\"";
  }
  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, ReadConfig());
    KSTATI_TRY(const auto back, StoredModels(FolderBy(config)).Rollback(Now({})));
    Print(terminal, back.activation, back.passed_over);
    return kExitFine;
  }
};

class ModelCompare final : public Command {
 public:
  std::string_view path() const override { return "model compare"; }
  std::string_view summary() const override {
    return "Sets two stored models side by side on people whom neither has seen.";
  }
  std::string_view examples() const override {
    return "kstati model compare 8c1f0d2e5b7a9364 01d2c3b4a5968778 --data var/store";
  }

  void Declare(Options& options) override {
    options.Argument("ONE", one_, "the version of the one; `kstati model info` lists them");
    options.Argument("OTHER", other_, "the version of the other");
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, kFolderHelp);
    options.Number("--resamples", "COUNT", resamples_, 1, 100'000, "drawings for the intervals");
    options.Text("--report", "DIR", report_, "folder for a report in Markdown with plots");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto interactions, ReadInteractions(*system));
    KSTATI_TRY(const auto comparison,
               evaluation::CompareModels(StoredModels(folder), one_, other_, interactions,
                                         HouseholdsOf(*system), system->world().catalogue(),
                                         {static_cast<int>(resamples_), 1}));
    if (!report_.empty()) {
      KSTATI_TRY_VOID(evaluation::WriteReport(evaluation::ReportOf(comparison), report_));
    }
    Print(terminal, comparison);
    return kExitFine;
  }

 private:
  void Print(const Terminal& terminal, const evaluation::ModelComparison& found) const {
    Json object{{"people", found.people}, {"lists", found.lists}};
    std::string readable = std::to_string(found.people) + " people whom neither has seen, " +
                           std::to_string(found.lists) + " lists with something taken up\n";
    for (const evaluation::ComparedModel* model : {&found.one, &found.other}) {
      Json judged{{"version", model->version}};
      judged.update(cli::ToJson(model->quality));
      object["models"].push_back(std::move(judged));
      readable += model->version + "  " + cli::Readable(model->quality) + "\n";
    }
    object["gain"] = cli::ToJson(found.gain);
    readable += "the second minus the first  " + cli::Readable(found.gain) + "\n";
    output_.Print(terminal, object, readable);
  }

  Connection connection_;
  Output output_;
  std::string folder_;
  std::string one_;
  std::string other_;
  std::string report_;
  int64_t resamples_ = 1'000;
};

}  // namespace

void AddStoredModels(CommandList& commands) {
  commands.push_back(std::make_unique<ModelCompare>());
  commands.push_back(std::make_unique<ModelActivate>());
  commands.push_back(std::make_unique<ModelRollback>());
  commands.push_back(std::make_unique<ModelInfo>());
}

}  // namespace kstati::cli
