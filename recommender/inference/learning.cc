// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/learning.h"

#include <limits>

#include "base/clock.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/inference/infer.h"
#include "recommender/inference/signals.h"
#include "recommender/inference/told_events.h"
#include "recommender/ranker.h"

namespace kstati::recommender::inference {
namespace {

constexpr double kNotTeaching = 0.6;  // of the people: half of them calibrate, half are judged

Instant EndOf(Date day, const std::string& time_zone) {
  return {StartOfDay(day.AddDays(1), time_zone).micros - 1};
}

std::vector<profile::Consent> KnownThen(const std::vector<profile::Consent>& consents,
                                        Instant then) {
  std::vector<profile::Consent> known;
  for (const profile::Consent& consent : consents) {
    if (auto was = profile::AsKnownAt(consent, then)) known.push_back(*std::move(was));
  }
  return known;
}

evaluation::Forecasts ForecastsOf(const InferenceTable& table, const KindModel& model) {
  evaluation::Forecasts forecasts{{}, table.happened, table.person};
  std::vector<double> row(static_cast<size_t>(table.rows.cols()));
  for (Eigen::Index number = 0; number < table.rows.rows(); ++number) {
    for (size_t column = 0; column < row.size(); ++column) {
      row[column] = table.rows(number, static_cast<Eigen::Index>(column));
    }
    forecasts.probability.push_back(model.Probability(row));
  }
  return forecasts;
}

bool IsEnough(const InferenceRows& rows) {
  return rows.happened() >= Learning::kHappenedMin &&
         rows.size() - rows.happened() >= Learning::kHappenedMin;
}

}  // namespace

InferenceRows& Learning::PartOf(EventKind kind, CitizenId citizen) {
  Parts& parts = parts_[kind];
  switch (recommender::PartOf(citizen, options_.seed, kNotTeaching)) {
    case Part::kTraining: return parts.training;
    case Part::kCalibrating: return parts.calibration;
    case Part::kJudged: return parts.judged;
  }
  return parts.judged;
}

void Learning::Add(const profile::History& history, const std::vector<profile::Consent>& consents) {
  if (history.facts.empty() || history.erased) return;
  const std::vector<ToldEvent> events = ToldEventsOf(history, options_.time_zone);
  const Date known_since = LocalDate(history.facts.front().known_at, options_.time_zone);
  InferenceRequest now;
  now.on = options_.today;
  now.consents = consents;
  bool was_seen = false;
  for (Date on = options_.first; on <= options_.last; on = on.AddDays(kStepDays)) {
    if (on < known_since) continue;
    const Instant evening = EndOf(on, options_.time_zone);
    const profile::FactView person(history, {on, evening});
    InferenceRequest request;
    request.person = &person;
    request.on = on;
    request.consents = KnownThen(consents, evening);
    for (const EventKind kind : kEventKinds) {
      const bool may = MayInfer(kind, request, dictionary_) && MayInfer(kind, now, dictionary_);
      if (!may || !IsAtRisk(kind, person, on)) continue;
      PartOf(kind, history.citizen).Add(kind, person, on, HappenedUntold(events, kind, on));
      was_seen = true;
    }
  }
  people_ += was_seen ? 1 : 0;
}

Result<LearnedKind> Learning::LearnKind(EventKind kind, const Parts& parts,
                                        InferenceModel& model) const {
  LearnedKind learned;
  learned.kind = kind;
  learned.training = parts.training.happened();
  learned.calibration = parts.calibration.happened();
  learned.judged = parts.judged.happened();
  learned.estimates = parts.judged.size();
  learned.auc = std::numeric_limits<double>::quiet_NaN();
  learned.is_known = IsEnough(parts.training) && IsEnough(parts.calibration);
  if (!learned.is_known) return learned;
  KSTATI_TRY_VOID(model.Fit(kind, parts.training.Table(), parts.calibration.Table()));
  const auto forecasts = ForecastsOf(parts.judged.Table(), *model.Find(kind));
  learned.auc = evaluation::Auc(forecasts);
  if (learned.estimates > 0) learned.calibration_error = evaluation::CalibrationError(forecasts);
  return learned;
}

Result<Learned> Learning::Learn() const {
  Learned learned;
  learned.model = InferenceModel(LearnedFrom::kRecords);
  learned.people = people_;
  for (const EventKind kind : kEventKinds) {
    const auto parts = parts_.find(kind);
    KSTATI_TRY(const LearnedKind each,
               LearnKind(kind, parts == parts_.end() ? Parts{} : parts->second, learned.model));
    learned.kinds.push_back(each);
  }
  return learned;
}

}  // namespace kstati::recommender::inference
