// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>

#include "base/log.h"
#include "base/progress.h"
#include "cli/bulk_use.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "recommender/inference/learning.h"

namespace kstati::cli {
namespace {

namespace inference = recommender::inference;

constexpr CitizenId kLastCitizen(999'999'999'999);
constexpr int64_t kDaysOfYear = 365;
// What happened so long ago and was not told yet is taken for what will not be.
constexpr int64_t kToldWithinDays = 180;

Json Figure(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

Json ToJson(const inference::LearnedKind& kind) {
  return {
      {"event", NameOf(kind.kind)},
      {"sensitive", IsSensitive(kind.kind)},
      {"known", kind.is_known},
      {"happened",
       {{"training", kind.training}, {"calibration", kind.calibration}, {"judged", kind.judged}}},
      {"estimates", kind.estimates},
      {"auc", Figure(kind.auc)},
      {"calibration_error", kind.calibration_error}};
}

std::string Readable(const inference::LearnedKind& kind) {
  char line[160];
  if (!kind.is_known) {
    std::snprintf(line, sizeof line,
                  "%-16s not learned: happened in %zu and %zu rows, %zu needed\n",
                  std::string(NameOf(kind.kind)).c_str(), kind.training, kind.calibration,
                  inference::Learning::kHappenedMin);
    return line;
  }
  std::snprintf(line, sizeof line, "%-16s AUC %.3f, calibration error %.4f on %zu rows of others\n",
                std::string(NameOf(kind.kind)).c_str(), kind.auc, kind.calibration_error,
                kind.estimates);
  return line;
}

class ModelLearnEvents final : public Command {
 public:
  std::string_view path() const override { return "model learn-events"; }
  std::string_view summary() const override {
    return "Learns from the store's own past how events look before a registry tells of them, and "
           "writes a model for the setting model.inference.";
  }
  std::string_view examples() const override {
    return "kstati model learn-events inference.json\n"
           "kstati model learn-events inference.json --years 5 --data var/store";
  }

  void Declare(Options& options) override {
    options.Argument("FILE", file_, "where the model is written");
    connection_.DeclareLocal(options);
    options.Number("--years", "COUNT", years_, 1, 50, "of the past that are looked at");
    options.Number("--seed", "NUMBER", seed_, 0, INT64_MAX, "of who teaches and who is judged");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const inference::Learned learned, Learn(*system));
    KSTATI_TRY_VOID(learned.model.Write(file_));
    Json kinds = Json::array();
    std::string readable = std::to_string(learned.people) + " people looked at\n";
    for (const inference::LearnedKind& kind : learned.kinds) {
      kinds.push_back(ToJson(kind));
      readable += Readable(kind);
    }
    output_.Print(terminal,
                  {{"file", file_}, {"people", learned.people}, {"events", std::move(kinds)}},
                  readable);
    return kExitFine;
  }

 private:
  Result<inference::Learned> Learn(const System& system) const {
    inference::LearningOptions options;
    options.today = system.world().Today();
    options.last = options.today.AddDays(-kToldWithinDays);
    options.first = options.last.AddDays(-kDaysOfYear * years_);
    options.time_zone = system.world().time_zone;
    options.seed = static_cast<uint64_t>(seed_);
    inference::Learning learning(options, system.world().program->dictionary());
    Progress progress("people", 0);
    BulkUse use(system, "learn_or_judge_models");
    Result<void> failed;
    KSTATI_TRY_VOID(system.store().ForEachHistory(
        CitizenId(), kLastCitizen, [&](const profile::History& history) {
          const auto consents = system.store().Consents(history.citizen);
          if (!consents) {
            failed = Fail(consents.error());
            return false;
          }
          failed = use.Of(history.citizen);
          if (!failed) return false;
          learning.Add(history, *consents);
          progress.Advance();
          return true;
        }));
    KSTATI_TRY_VOID(failed);
    return learning.Learn();
  }

  Connection connection_;
  Output output_;
  std::string file_;
  int64_t years_ = 3;
  int64_t seed_ = 1;
};

}  // namespace

void AddModelLearnEvents(CommandList& commands) {
  commands.push_back(std::make_unique<ModelLearnEvents>());
}

}  // namespace kstati::cli
