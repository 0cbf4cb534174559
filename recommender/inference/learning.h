// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/consent.h"
#include "profile/dictionary.h"
#include "profile/fact.h"
#include "recommender/inference/inference_model.h"
#include "recommender/inference/inference_table.h"

namespace kstati::recommender::inference {

struct LearningOptions {
  Date first;  // of the days on which a person is looked at
  // The last one. What happened before it and nobody told yet counts as not happened, so it should
  // lie kWindowDays and more in the past.
  Date last;
  Date today;  // of learning: a consent that stands no more lets nothing be estimated
  std::string time_zone = "Europe/Moscow";
  uint64_t seed = 1;  // of who learns, calibrates and is judged
};

// How well a kind was learned.
struct LearnedKind {
  EventKind kind = EventKind::kMoved;
  bool is_known = false;  // to the model; false: too few rows in which it happened
  size_t training = 0;    // rows in which it had happened untold, by what people serve
  size_t calibration = 0;
  size_t judged = 0;
  size_t estimates = 0;  // rows of judged people
  double auc = 0;        // on judged people; NaN where there is nothing to judge by
  double calibration_error = 0;
};

struct Learned {
  InferenceModel model;
  size_t people = 0;  // looked at on some day
  std::vector<LearnedKind> kinds;
};

// Learns from people's own records when events were not known yet that are known now: on every
// kStepDays a person is seen by what was known that day. Of a sensitive kind only those teach who
// let it be estimated that day. The same people and options give the same model. Not thread-safe.
class Learning {
 public:
  static constexpr int64_t kStepDays = 30;
  // Rows in which the event had happened: fewer among those who teach, or among those who
  // calibrate, and the kind is left out.
  static constexpr size_t kHappenedMin = 30;

  Learning(const LearningOptions& options, const profile::Dictionary& dictionary)
      : options_(options), dictionary_(dictionary) {}

  void Add(const profile::History& history, const std::vector<profile::Consent>& consents);
  Result<Learned> Learn() const;

 private:
  struct Parts {
    InferenceRows training;
    InferenceRows calibration;
    InferenceRows judged;
  };

  InferenceRows& PartOf(EventKind kind, CitizenId citizen);
  Result<LearnedKind> LearnKind(EventKind kind, const Parts& parts, InferenceModel& model) const;

  LearningOptions options_;
  const profile::Dictionary& dictionary_;
  std::map<EventKind, Parts> parts_;
  size_t people_ = 0;
};

}  // namespace kstati::recommender::inference
