// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>

#include "population/inference_evaluation.h"

namespace kstati::population {
namespace {

// "-" where there is nothing to divide by.
std::string Figure(double value, int digits) {
  if (std::isnan(value)) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string Cell(const std::string& text, size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

std::string Line(const QuestionMeasures& measures) {
  std::string line = "    " + measures.group;
  line.resize(20, ' ');
  line += Cell(Figure(measures.person_years, 0), 9);
  line += Cell(std::to_string(measures.events), 8);
  line += Cell(Figure(measures.recall(), 2), 8);
  line += Cell(Figure(measures.precision(), 2), 11);
  line += Cell(Figure(measures.delay_days_median, 0), 14);
  line += Cell(Figure(measures.delay_days_p90, 0), 6);
  line += Cell(Figure(measures.false_alarms_per_1000_years(), 1), 16);
  return line + "\n";
}

constexpr std::string_view kHeading =
    "                    person   unnoticed                      delay, days      false alarms\n"
    "                     years  events  recall  precision        median   p90   per 1,000 years\n";

}  // namespace

std::string TableOf(const InferenceEvaluation& evaluation) {
  std::string table = std::string(kSimulationNotice) + "\n";
  table += std::to_string(evaluation.training_people) + " people learned from, " +
           std::to_string(evaluation.calibration_people) + " calibrated on, " +
           std::to_string(evaluation.judged_people) + " judged\n";
  for (const KindEvaluation& kind : evaluation.kinds) {
    table += "\n" + std::string(NameOf(kind.kind));
    if (IsSensitive(kind.kind)) table += " (sensitive: consenting people alone)";
    table += ": " + std::to_string(kind.estimates) + " estimates, " +
             Figure(100 * kind.happened_share, 2) + " % had happened, AUC " + Figure(kind.auc, 3) +
             ", ECE " + Figure(kind.calibration_error, 4) + "\n";
    table += kHeading;
    for (const OperatingPoint& point : kind.points) {
      table += "  " + point.name + ": a question from " + Figure(point.ask_from, 3) + "\n";
      for (const QuestionMeasures& group : point.groups) table += Line(group);
    }
  }
  return table;
}

}  // namespace kstati::population
