// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "population/inference_methods.h"
#include "profile/dictionary.h"
#include "recommender/evaluation/bootstrap.h"
#include "recommender/inference/infer.h"
#include "recommender/inference/inference_model.h"

namespace kstati::population {

// What every output of this evaluation says beside its figures.
inline constexpr std::string_view kSimulationNotice =
    "SIMULATION: people, events and their traces are made up. The figures compare methods; they "
    "are "
    "no accuracy in the real world.";

struct InferenceEvaluationOptions {
  uint64_t seed = 1;
  uint64_t citizens = 20'000;  // children and the very old among them
  int64_t days = 3 * 365;
  double ask_from = recommender::inference::InferenceRequest::kAskFrom;
  std::vector<double> recalls = {0.3, 0.5};
  recommender::evaluation::BootstrapOptions bootstrap{200, 1};  // of gains
};

// What questions from some probability on would be, of one kind and among some people. An unnoticed
// event is one that no registry told of in time; it is found when a question comes within
// kFoundWithinDays. A question is right when the event has happened within that time before it and
// no registry has told of it yet; any other is a false alarm.
struct QuestionMeasures {
  std::string group;  // "everybody", "female", "18-29", ...
  double person_years = 0;
  size_t events = 0;  // unnoticed
  size_t found = 0;
  size_t questions = 0;
  size_t right = 0;
  double delay_days_median = 0;  // from an event that was found to its first question; NaN: none
  double delay_days_p90 = 0;

  double recall() const;
  double precision() const;  // NaN without questions
  double false_alarms_per_1000_years() const;
};
inline constexpr int64_t kFoundWithinDays = 180;

struct OperatingPoint {
  std::string name;                      // "recall 0.30", "served"
  double ask_from = 0;                   // the calibrated probability
  std::vector<QuestionMeasures> groups;  // everybody first
};

struct KindEvaluation {
  recommender::inference::EventKind kind;
  Method method = Method::kServed;
  size_t estimates = 0;
  double happened_share = 0;
  double calibration_error = 0;
  double auc = 0;
  // Of the AUC over that of the model that serves; nothing of that one itself. The interval is over
  // people.
  std::optional<recommender::evaluation::Estimate> gain;
  std::vector<OperatingPoint> points;
};

struct InferenceEvaluation {
  size_t training_people = 0;
  size_t calibration_people = 0;
  size_t judged_people = 0;
  recommender::inference::InferenceModel model;
  std::vector<KindEvaluation> kinds;     // by the method that serves
  std::vector<KindEvaluation> compared;  // of each kind by kComparedMethods: same people and days
};

// Simulates lives, learns from 40 % of the people, calibrates on 20 %, and asks the rest every ten
// days as it would be done in earnest: by Infer, with their consents. The other methods are asked
// about the same people on the same days. The thresholds for a recall are chosen on the people
// judged, so that precisions can be compared: it is reached with the questions that are put, and
// exceeded where many estimates are equal; "served" is `ask_from`. The same options give the same
// figures. kInvalidArgument when there are too few people.
Result<InferenceEvaluation> EvaluateInference(const InferenceEvaluationOptions& options);

// The figures as a table for people, with the notice above it.
std::string TableOf(const InferenceEvaluation& evaluation);

}  // namespace kstati::population
