// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <utility>

#include "recommender/evaluation/plot.h"
#include "recommender/evaluation/report.h"

namespace kstati::recommender::evaluation {
namespace {

// Features in a report: the rest move scores by next to nothing.
constexpr size_t kWeightsShown = 20;

constexpr const char* kHowJudged =
    "Means over people whom no part of the model has seen, in brackets 95 % of resamplings of "
    "people. nDCG@5 and first hit: of lists in which something was taken up. Log loss and "
    "calibration error (over ten bins of equal mass): of everything shown.\n\n";

std::string FourDigits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

std::string WithInterval(const Estimate& estimate) {
  return FourDigits(estimate.value) + " (" + FourDigits(estimate.low) + " to " +
         FourDigits(estimate.high) + ")";
}

using Judged = std::vector<std::pair<std::string, const RankingQuality*>>;

std::string TableOf(const Judged& judged, const std::string& gain_of, const RankingGain& gain) {
  std::string text =
      "| order | nDCG@5 | first hit | log loss | calibration error |\n|---|---|---|---|---|\n";
  for (const auto& [name, quality] : judged) {
    text += "| " + name + " | " + WithInterval(quality->ndcg_at_5) + " | " +
            WithInterval(quality->hit_rate_at_1) + " | " + WithInterval(quality->log_loss) + " | " +
            FourDigits(quality->calibration_error) + " |\n";
  }
  text += "| " + gain_of + " | " + WithInterval(gain.ndcg_at_5) + " | " +
          WithInterval(gain.hit_rate_at_1) + " | " + WithInterval(gain.log_loss) + " | |\n\n";
  return text;
}

// Adds the plots and shows them at the end of the text.
ReportFiles WithPlots(std::string text, const Judged& judged) {
  std::vector<Bar> bars;
  std::vector<Curve> curves;
  for (const auto& [name, quality] : judged) {
    bars.push_back({name, quality->ndcg_at_5});
    Curve curve{name, {}};
    for (const ReliabilityBin& bin : quality->reliability) {
      curve.points.emplace_back(bin.forecast, bin.happened);
    }
    curves.push_back(std::move(curve));
  }
  text += "![nDCG@5 by order](ranking.svg)\n\n![scores and what came true](reliability.svg)\n";
  return {{"report.md", std::move(text)},
          {"ranking.svg", BarPlot("nDCG@5 by order", bars)},
          {"reliability.svg", ReliabilityPlot("Score and taken up, by tenths", curves)}};
}

std::string WeightsOf(const std::vector<FeatureWeight>& weights) {
  std::string text =
      "What moves the scores: mean absolute contribution to the log odds before calibration, exact "
      "Shapley values over what was shown to judged people.\n\n"
      "| feature | mean contribution |\n|---|---|\n";
  for (size_t i = 0; i < weights.size() && i < kWeightsShown; ++i) {
    text += "| " + weights[i].feature + " | " + FourDigits(weights[i].mean_contribution) + " |\n";
  }
  return text + "\n";
}

}  // namespace

ReportFiles ReportOf(const TrainReport& report) {
  std::string text =
      "# Model " + report.version + "\n\nData: " + std::to_string(report.data.interactions) +
      " interactions from " + report.data.first.ToString() + " to " + report.data.last.ToString() +
      " (fingerprint " + report.data.fingerprint + "), " + std::to_string(report.citizens) +
      " citizens, " + std::to_string(report.rows) + " rows learned from.\n\n";
  if (report.stage != "model") {
    text +=
        "There was too little to train, calibrate and judge trees by: the model is popularity "
        "alone, which was judged on nobody.\n";
    return {{"report.md", std::move(text)}};
  }
  const Judged judged{{"model", &report.model}, {"popularity", &report.popularity}};
  text += "Judged on " + std::to_string(report.held_out_groups) +
          " lists of people held out, in which something was taken up.\n\n" + kHowJudged +
          TableOf(judged, "model minus popularity, person by person", report.gain) +
          WeightsOf(report.weights);
  return WithPlots(std::move(text), judged);
}

ReportFiles ReportOf(const ModelComparison& comparison) {
  const Judged judged{{comparison.one.version, &comparison.one.quality},
                      {comparison.other.version, &comparison.other.quality}};
  std::string text =
      "# Models " + comparison.one.version + " and " + comparison.other.version + "\n\n" +
      std::to_string(comparison.people) + " people whom neither has seen, " +
      std::to_string(comparison.lists) + " lists with something taken up.\n\n" + kHowJudged +
      TableOf(judged, "the second minus the first, person by person", comparison.gain);
  return WithPlots(std::move(text), judged);
}

}  // namespace kstati::recommender::evaluation
