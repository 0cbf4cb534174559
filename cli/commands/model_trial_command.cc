// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "base/small_groups.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/commands/model_data.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "recommender/evaluation/trial_report.h"

namespace kstati::cli {
namespace {

using recommender::Trial;
using recommender::evaluation::ArmFigures;
using recommender::evaluation::TrialFinding;
using recommender::evaluation::TrialReport;

std::string TextOf(TrialFinding finding) {
  switch (finding) {
    case TrialFinding::kPasses: return "passes";
    case TrialFinding::kDiffers: return "arms differ though nothing was done to them";
    case TrialFinding::kOtherShares: return "people are not split as declared: nothing is told";
    case TrialFinding::kNotSettled: return "not settled: nothing is told yet";
    case TrialFinding::kTooFewPeople: return "too few people";
    case TrialFinding::kNothingTaken: return "nothing was taken up";
    case TrialFinding::kNoSameAgainstSame: return "judge an A/A of the same shares first";
    case TrialFinding::kTold: return "settled";
  }
  return {};
}

Json RecordOf(const TrialReport& report, const ArmFigures& figures) {
  const Trial& trial = report.trial;
  Json record{{"days", trial.from.ToString() + " to " + trial.until.ToString()},
              {"kind", trial.IsSameAgainstSame() ? "A/A" : "A/B"},
              {"arm", figures.arm.name},
              {"version", figures.arm.version},
              {"percent", figures.arm.percent}};
  if (figures.people == 0) {
    record["people"] = "fewer than " + std::to_string(kLeastGroup);
  } else {
    record["people"] = figures.people;
    record["lists"] = figures.lists;
    record["shown"] = figures.shown;
  }
  if (figures.taken) record["taken"] = Readable(*figures.taken);
  if (figures.difference) record["difference"] = Readable(*figures.difference);
  if (report.split_chance) record["split_chance"] = *report.split_chance;
  record["finding"] = TextOf(report.finding);
  return record;
}

// kNotFound when there is none of the name.
Result<std::vector<Trial>> TrialsNamed(const std::string& folder, const std::string& name) {
  KSTATI_TRY(std::vector<Trial> trials, recommender::ReadTrials(folder));
  std::erase_if(trials, [&](const Trial& trial) { return trial.name != name; });
  if (!trials.empty()) return trials;
  return Fail(ErrorCode::kNotFound, "no trial of this name is declared", name,
              "declare it in " + recommender::TrialsFile(folder));
}

class ModelTrialCommand final : public Command {
 public:
  std::string_view path() const override { return "model trial"; }
  std::string_view summary() const override {
    return "Sets the arms of a trial side by side: people, lists, what was taken up of what was "
           "shown within thirty days, and the difference, with intervals over people. What was "
           "taken up is told once nothing more can be, of people split as declared; an A/B once "
           "an A/A of the same shares has passed; nothing of arms under 10 people.";
  }
  std::string_view examples() const override {
    return "kstati model trial spring --data var/store\n"
           "kstati model trial spring --data var/store --format json";
  }

  void Declare(Options& options) override {
    options.Argument("NAME", name_, "which trial; `trials.json` in the folder of models names it");
    connection_.DeclareLocal(options);
    options.Text("--model", "DIR", folder_, "folder of the models, instead of the configured one");
    options.Number("--resamples", "COUNT", resamples_, 1, 100'000, "drawings for the intervals");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    log::SetLevel(log::Level::kError);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    const std::string folder = folder_.empty() ? config.Text("model.folder") : folder_;
    KSTATI_TRY(const auto trials, TrialsNamed(folder, name_));
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const auto outcomes, ReadOutcomes(system->store()));
    std::vector<Json> records;
    for (const TrialReport& report : recommender::evaluation::ReportOnTrials(
             trials, outcomes, system->world().Today(), {static_cast<int>(resamples_), 1})) {
      for (const ArmFigures& figures : report.arms) records.push_back(RecordOf(report, figures));
    }
    output_.Print(terminal, records,
                  {{"days", "DAYS"},
                   {"kind", "KIND"},
                   {"arm", "ARM"},
                   {"version", "VERSION"},
                   {"percent", "PERCENT"},
                   {"people", "PEOPLE"},
                   {"lists", "LISTS"},
                   {"shown", "SHOWN"},
                   {"taken", "TAKEN UP"},
                   {"difference", "DIFFERENCE"},
                   {"finding", "FINDING"}});
    return kExitFine;
  }

 private:
  Connection connection_;
  Output output_;
  std::string name_;
  std::string folder_;
  int64_t resamples_ = 1'000;
};

}  // namespace

void AddModelTrial(CommandList& commands) {
  commands.push_back(std::make_unique<ModelTrialCommand>());
}

}  // namespace kstati::cli
