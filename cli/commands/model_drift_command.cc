// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "recommender/evaluation/drift.h"

namespace kstati::cli {
namespace {

using recommender::evaluation::ModelMonth;

std::string Figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

std::string FindingOf(const ModelMonth& month) {
  std::string finding;
  if (month.drifted) finding = "drifted";
  if (month.miscalibrated) finding += finding.empty() ? "miscalibrated" : ", miscalibrated";
  if (finding.empty() && !month.judged) finding = "too few people";
  if (finding.empty()) finding = month.settled ? "fine" : "not settled";
  return finding;
}

Json RecordOf(const ModelMonth& month) {
  return {{"model", month.model_version},
          {"month", month.first.ToString().substr(0, 7)},
          {"lists", month.lists},
          {"shown", month.shown},
          {"stability", Figure(month.stability)},
          {"forecast", Figure(month.forecast)},
          {"taken", Readable(month.taken)},
          {"calibration_error", Figure(month.calibration_error)},
          {"finding", FindingOf(month)}};
}

class ModelDriftCommand final : public Command {
 public:
  std::string_view path() const override { return "model drift"; }
  std::string_view summary() const override {
    return "Shows month by month whether a model's scores have moved and whether what it forecast "
           "came true, from the lists that were shown.";
  }
  std::string_view examples() const override {
    return "kstati model drift --data var/store\n"
           "kstati model drift --data var/store --format json";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Number("--resamples", "COUNT", resamples_, 1, 100'000, "drawings for the intervals");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto outcomes, ReadOutcomes(system->store()));
    std::vector<Json> records;
    for (const ModelMonth& month : recommender::evaluation::MonthsOf(
             outcomes, system->world().Today(), {static_cast<int>(resamples_), 1})) {
      records.push_back(RecordOf(month));
    }
    output_.Print(terminal, records,
                  {{"model", "MODEL"},
                   {"month", "MONTH"},
                   {"lists", "LISTS"},
                   {"shown", "SHOWN"},
                   {"stability", "PSI"},
                   {"forecast", "FORECAST"},
                   {"taken", "TAKEN UP"},
                   {"calibration_error", "ECE"},
                   {"finding", "FINDING"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
  int64_t resamples_ = 1'000;
};

}  // namespace

void AddModelDrift(CommandList& commands) {
  commands.push_back(std::make_unique<ModelDriftCommand>());
}

}  // namespace kstati::cli
