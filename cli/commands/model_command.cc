// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "profile/household.h"
#include "recommender/interaction.h"
#include "recommender/ranker.h"

namespace kstati::cli {
namespace {

Result<std::vector<recommender::Interaction>> ReadInteractions(const profile::Store& store) {
  std::vector<recommender::Interaction> interactions;
  const auto take = [&interactions](const profile::LogRecord& record) -> Result<bool> {
    KSTATI_TRY(auto interaction, recommender::DecodeInteraction(*record.value));
    interactions.push_back(std::move(interaction));
    return true;
  };
  KSTATI_TRY_VOID(store.ForEachEntry(recommender::kInteractionLog, take));
  return interactions;
}

Json QualityJson(const recommender::RankingQuality& quality) {
  return {{"ndcg_at_5", quality.ndcg_at_5},
          {"hit_rate_at_1", quality.hit_rate_at_1},
          {"log_loss", quality.log_loss}};
}

class ModelTrain final : public Command {
 public:
  std::string_view path() const override { return "model train"; }
  std::string_view summary() const override {
    return "Trains the ranking model from recorded interactions and tells how well it orders.";
  }
  std::string_view examples() const override {
    return "kstati model train\n"
           "kstati model train --data var/store --model var/model --seed 7";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, "folder of the model, instead of the configured one");
    options.Number("--rounds", "COUNT", rounds_, 1, 10'000, "trees of the model");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "seed of everything random");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto interactions, ReadInteractions(system->store()));
    const Instant now = system->world().Now();
    const auto load = [&](CitizenId citizen, Date on) {
      return profile::LoadHousehold(citizen, {on, now},
                                    [&](CitizenId who) { return system->store().Load(who); });
    };
    recommender::TrainOptions options;
    options.rounds = static_cast<int>(rounds_);
    options.seed = static_cast<uint64_t>(seed_);
    Progress progress("training steps", interactions.size() + static_cast<uint64_t>(rounds_));
    options.on_step = [&progress] { progress.Advance(); };
    KSTATI_TRY(
        const recommender::TrainReport report,
        recommender::Train(interactions, load, system->world().catalogue(), options, folder));
    output_.Print(terminal,
                  {{"version", report.version},
                   {"folder", folder},
                   {"interactions", interactions.size()},
                   {"citizens", report.citizens},
                   {"rows", report.rows},
                   {"held_out_groups", report.held_out_groups},
                   {"model", QualityJson(report.model)},
                   {"popularity", QualityJson(report.popularity)}},
                  Readable(report, folder));
    return kExitFine;
  }

 private:
  static std::string Readable(const recommender::TrainReport& report, const std::string& folder) {
    const auto line = [](const char* name, const recommender::RankingQuality& quality) {
      return std::string(name) + "  ndcg@5 " + std::to_string(quality.ndcg_at_5) + "  first hit " +
             std::to_string(quality.hit_rate_at_1) + "  log loss " +
             std::to_string(quality.log_loss) + "\n";
    };
    return "model " + report.version + " in " + folder + "\n" + std::to_string(report.citizens) +
           " citizens, " + std::to_string(report.rows) + " rows, judged on " +
           std::to_string(report.held_out_groups) + " held-out groups\n" +
           line("model     ", report.model) + line("popularity", report.popularity);
  }

  Connection connection_;
  Output output_;
  std::string folder_;
  int64_t rounds_ = recommender::TrainOptions().rounds;
  int64_t seed_ = 1;
};

class ModelInfo final : public Command {
 public:
  std::string_view path() const override { return "model info"; }
  std::string_view summary() const override {
    return "Tells which model orders the suggestions, and proves that it loads.";
  }
  std::string_view examples() const override {
    return "kstati model info --model var/model --format json\n"
           "kstati model info --server 127.0.0.1:9090";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    connection_.DeclareRemote(options);
    options.Text("--model", "DIR", folder_, "folder of the model, instead of the configured one");
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
    Print(terminal, {}, {status.ranked_by, status.model_version});
    return kExitFine;
  }

  Result<int> OfFolder(const Terminal& terminal) {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const recommender::Ranker ranker, recommender::Ranker::Load(folder));
    Print(terminal, folder, ranker.ranked_by());
    return kExitFine;
  }

  // `folder` empty: the server's.
  void Print(const Terminal& terminal, const std::string& folder,
             const recommender::RankedBy& by) const {
    Json object = Json::object();
    if (!folder.empty()) object["folder"] = folder;
    object.update({{"ranked_by", by.stage}, {"version", by.model_version}});
    output_.Print(terminal, object,
                  (folder.empty() ? "" : folder + ": ") + "services are ordered by " + by.stage +
                      (by.model_version.empty() ? "" : " " + by.model_version) + "\n");
  }

  Connection connection_;
  Output output_;
  std::string folder_;
};

}  // namespace

void AddModel(CommandList& commands) {
  commands.push_back(std::make_unique<ModelTrain>());
  commands.push_back(std::make_unique<ModelInfo>());
}

}  // namespace kstati::cli
