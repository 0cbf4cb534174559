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

constexpr size_t kMethodWidth = 28;

constexpr std::string_view kHeading =
    "                    person   unnoticed                      delay, days      false alarms\n"
    "                     years  events  recall  precision        median   p90   per 1,000 years\n";

// What each method has over the one that serves, with intervals.
std::string GainsOf(const std::vector<const KindEvaluation*>& methods) {
  std::string line = "    AUC over it";
  line.resize(20 + kMethodWidth, ' ');
  for (const KindEvaluation* method : methods) {
    if (!method->gain) continue;
    line += Cell(Figure(method->gain->value, 3) + " (" + Figure(method->gain->low, 3) + " to " +
                     Figure(method->gain->high, 3) + ")",
                 kMethodWidth);
  }
  return line + "\n";
}

// The methods beside each other at the thresholds that find the same share of unnoticed events.
std::string SideBySide(const KindEvaluation& served, const InferenceEvaluation& evaluation) {
  std::vector<const KindEvaluation*> methods{&served};
  for (const KindEvaluation& other : evaluation.compared) {
    if (other.kind == served.kind) methods.push_back(&other);
  }
  std::string table = "  precision, median delay in days, false alarms per 1,000 years\n";
  std::string heading(20, ' ');
  for (const KindEvaluation* method : methods) {
    heading += Cell(std::string(NameOf(method->method)) + " (AUC " + Figure(method->auc, 3) + ")",
                    kMethodWidth);
  }
  table += heading + "\n" + GainsOf(methods);
  for (size_t point = 0; point < served.points.size(); ++point) {
    const bool has_fixed_recall = served.points[point].name.starts_with("recall");
    if (!has_fixed_recall) continue;
    std::string reached = "  " + served.points[point].name + ", reached";
    reached.resize(20, ' ');
    for (const KindEvaluation* method : methods) {
      reached += Cell(Figure(method->points[point].groups.front().recall(), 3), kMethodWidth);
    }
    table += reached + "\n";
    for (size_t group = 0; group < served.points[point].groups.size(); ++group) {
      std::string line = "    " + served.points[point].groups[group].group;
      line.resize(20, ' ');
      for (const KindEvaluation* method : methods) {
        const QuestionMeasures& measures = method->points[point].groups[group];
        line += Cell(Figure(measures.precision(), 2), 12);
        line += Cell(Figure(measures.delay_days_median, 0), 7);
        line += Cell(Figure(measures.false_alarms_per_1000_years(), 1), 9);
      }
      table += line + "\n";
    }
  }
  return table;
}

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
    table += SideBySide(kind, evaluation);
  }
  return table;
}

}  // namespace kstati::population
