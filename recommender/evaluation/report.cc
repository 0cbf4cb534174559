// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/report.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "recommender/evaluation/plot.h"

namespace kstati::recommender::evaluation {
namespace {

std::string Number(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

// "66.22 (65.1 to 67.3)"
std::string Percent(const Estimate& estimate) {
  return Number(100 * estimate.value, 2) + " (" + Number(100 * estimate.low, 1) + " to " +
         Number(100 * estimate.high, 1) + ")";
}

std::string Plain(const Estimate& estimate) {
  return Number(estimate.value, 4) + " (" + Number(estimate.low, 3) + " to " +
         Number(estimate.high, 3) + ")";
}

std::string Image(const std::string& text, const std::string& file) {
  return "![" + text + "](" + file + ")\n\n";
}

}  // namespace

ReportFiles ReportOf(const InteractionJudgement& judgement, const std::string& source) {
  std::string text = "# Orders of items, judged\n\n";
  text += "Data: " + source + ". " + std::to_string(judgement.items) + " items, " +
          std::to_string(judgement.training_people) + " people learned from, " +
          std::to_string(judgement.people) + " judged, " + std::to_string(judgement.passed_over) +
          " passed over (nothing to go by or nothing to find).\n\n";
  text +=
      "Orders are over everything that a person does not have (full ranking). Means over people "
      "in percent; in brackets 95 % of resamplings of people. Ranked score: the worth of a place "
      "halves every five places. Gain: of the ranked score over popularity, person by person.\n\n";
  text += "| model | ranked score | HR@5 | nDCG@5 | gain |\n|---|---|---|---|---|\n";
  std::vector<Bar> bars;
  for (const JudgedModel& model : judgement.models) {
    text += "| " + model.name + " | " + Percent(model.ranked_score) + " | " +
            Percent(model.hit_at_5) + " | " + Percent(model.ndcg_at_5) + " | " +
            (model.name == kPopularityModel ? "" : Percent(model.gain)) + " |\n";
    bars.push_back({model.name, model.ranked_score});
  }
  text += "\n" + Image("ranked score by model", "ranking.svg");
  return {{"report.md", text}, {"ranking.svg", BarPlot("Ranked score by model", bars)}};
}

ReportFiles ReportOf(const PeriodJudgement& judgement, const std::string& source) {
  std::string text = "# Forecasts of an event, judged\n\n";
  text += "Data: " + source + ". " + std::to_string(judgement.rows) + " person-periods of " +
          std::to_string(judgement.people) + " people; the event happened in " +
          Number(100 * judgement.happened_share, 2) + " % of them.\n\n";
  text +=
      "Every forecast is by a model that has not seen the person. In brackets 95 % of resamplings "
      "of people. Calibration error: over ten bins of equal mass. Trees are chosen and calibrated "
      "on training people alone: ";
  for (size_t i = 0; i < judgement.tree_choice.size(); ++i) {
    text += (i == 0 ? "" : "; ") + judgement.tree_choice[i];
  }
  text += ".\n\n| model | AUC | log loss | calibration error |\n|---|---|---|---|\n";
  std::vector<Curve> curves;
  for (const JudgedForecast& model : judgement.models) {
    text += "| " + model.name + " | " + Plain(model.auc) + " | " + Plain(model.log_loss) + " | " +
            Number(model.calibration_error, 4) + " |\n";
    Curve curve{model.name, {}};
    for (const ReliabilityBin& bin : model.reliability) {
      curve.points.emplace_back(bin.forecast, bin.happened);
    }
    curves.push_back(std::move(curve));
  }
  text += "\n" + Image("reliability of the forecasts", "reliability.svg");
  return {{"report.md", text},
          {"reliability.svg", ReliabilityPlot("Forecast and happened, by tenths", curves)}};
}

Result<void> WriteReport(const ReportFiles& files, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto& [name, text] : files) {
    const std::string path = folder + "/" + name;
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    stream.close();
    if (error || !stream) {
      return Fail(ErrorCode::kUnavailable, "a file of the report cannot be written", path,
                  "check the disk and the permissions of the folder");
    }
  }
  return {};
}

}  // namespace kstati::recommender::evaluation
