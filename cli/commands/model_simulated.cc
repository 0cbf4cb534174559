// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_simulated.h"

#include <cmath>

#include "cli/command_line.h"
#include "cli/commands/model_data.h"
#include "population/inference_evaluation.h"

namespace kstati::cli {
namespace {

constexpr int64_t kDaysOfYear = 365;

Json Figure(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

Json ToJson(const population::QuestionMeasures& measures) {
  return {{"group", measures.group},
          {"person_years", measures.person_years},
          {"unnoticed_events", measures.events},
          {"found", measures.found},
          {"questions", measures.questions},
          {"recall", Figure(measures.recall())},
          {"precision", Figure(measures.precision())},
          {"delay_days_median", Figure(measures.delay_days_median)},
          {"delay_days_p90", Figure(measures.delay_days_p90)},
          {"false_alarms_per_1000_years", Figure(measures.false_alarms_per_1000_years())}};
}

Json ToJson(const population::KindEvaluation& kind) {
  Json points = Json::array();
  for (const population::OperatingPoint& point : kind.points) {
    Json groups = Json::array();
    for (const population::QuestionMeasures& group : point.groups) groups.push_back(ToJson(group));
    points.push_back(
        {{"point", point.name}, {"ask_from", point.ask_from}, {"groups", std::move(groups)}});
  }
  Json judged{{"event", NameOf(kind.kind)},
              {"method", NameOf(kind.method)},
              {"sensitive", IsSensitive(kind.kind)},
              {"estimates", kind.estimates},
              {"happened_share", kind.happened_share},
              {"auc", Figure(kind.auc)},
              {"calibration_error", kind.calibration_error},
              {"points", std::move(points)}};
  if (kind.gain) judged["auc_over_served"] = cli::ToJson(*kind.gain);
  return judged;
}

}  // namespace

Result<int> JudgeSimulated(const SimulatedQuestion& question, int64_t seed, const Output& output,
                           const Terminal& terminal) {
  population::InferenceEvaluationOptions options;
  options.seed = static_cast<uint64_t>(seed);
  options.citizens = static_cast<uint64_t>(question.people);
  options.days = question.years * kDaysOfYear;
  KSTATI_TRY(const auto evaluation, population::EvaluateInference(options));
  if (!question.keep.empty()) KSTATI_TRY_VOID(evaluation.model.Write(question.keep));
  Json kinds = Json::array();
  for (const population::KindEvaluation& kind : evaluation.kinds) kinds.push_back(ToJson(kind));
  Json compared = Json::array();
  for (const auto& kind : evaluation.compared) compared.push_back(ToJson(kind));
  output.Print(terminal,
               {{"notice", population::kSimulationNotice},
                {"seed", seed},
                {"training_people", evaluation.training_people},
                {"calibration_people", evaluation.calibration_people},
                {"judged_people", evaluation.judged_people},
                {"events", std::move(kinds)},
                {"compared", std::move(compared)}},
               population::TableOf(evaluation));
  return kExitFine;
}

}  // namespace kstati::cli
