// SPDX-License-Identifier: Apache-2.0
#include "population/inference_evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "population/population.h"
#include "population/random.h"
#include "population/unannounced_lives.h"
#include "recommender/evaluation/probability_measures.h"

namespace kstati::population {
namespace {

using profile::FactView;
using recommender::evaluation::Forecasts;
using recommender::inference::EventKind;
using recommender::inference::InferenceModel;
using recommender::inference::InferenceRequest;
using recommender::inference::InferenceRows;
using recommender::inference::InferenceTable;
using recommender::inference::kEventKinds;
using recommender::inference::kQuietDays;
using recommender::inference::kWindowDays;

constexpr int64_t kTrainingStepDays = 30;
constexpr int64_t kAskingStepDays = 10;
constexpr Date kFirstDay{20'454};  // 1 January 2026

FactView ViewOn(const SimulatedLife& life, Date day) {
  return FactView(life.history, {day, EveningOf(day)});
}

// Whether it happened at most so many days before `day`, and no registry has told of it.
bool IsUnnoticed(const TrueEvent& event, Date day, int64_t days) {
  return event.on <= day && day <= event.on.AddDays(days) &&
         (!event.announced_on || day < *event.announced_on);
}

bool HappenedUnnoticed(const SimulatedLife& life, EventKind kind, Date day) {
  return std::ranges::any_of(life.events, [&](const TrueEvent& event) {
    return event.kind == kind && IsUnnoticed(event, day, kWindowDays);
  });
}

// Lives by what they serve.
struct Division {
  std::vector<const SimulatedLife*> training;
  std::vector<const SimulatedLife*> calibration;
  std::vector<const SimulatedLife*> judged;
};

Division Divide(const std::vector<SimulatedLife>& lives, uint64_t seed) {
  Division division;
  for (const SimulatedLife& life : lives) {
    const double share = Fraction(Mix(seed ^ 0x5eed, life.history.citizen.number()));
    auto& part = share < 0.4   ? division.training
                 : share < 0.6 ? division.calibration
                               : division.judged;
    part.push_back(&life);
  }
  return division;
}

// The rows of each kind.
std::map<EventKind, InferenceRows> RowsOf(const std::vector<const SimulatedLife*>& lives,
                                          const InferenceEvaluationOptions& options) {
  std::map<EventKind, InferenceRows> rows;
  for (const SimulatedLife* life : lives) {
    for (int64_t day = kWindowDays; day < options.days; day += kTrainingStepDays) {
      const Date on = kFirstDay.AddDays(day);
      const FactView person = ViewOn(*life, on);
      for (const EventKind kind : kEventKinds) {
        if (IsSensitive(kind) && !life->consents) continue;
        if (!recommender::inference::IsAtRisk(kind, person, on)) continue;
        rows[kind].Add(kind, person, on, HappenedUnnoticed(*life, kind, on));
      }
    }
  }
  return rows;
}

using Tables = std::map<EventKind, InferenceTable>;

Tables TablesOf(const std::vector<const SimulatedLife*>& lives,
                const InferenceEvaluationOptions& options) {
  Tables tables;
  for (const auto& [kind, rows] : RowsOf(lives, options)) tables[kind] = rows.Table();
  return tables;
}

Result<InferenceModel> Learn(Tables& training, Tables& calibration) {
  InferenceModel model(recommender::inference::LearnedFrom::kSimulation);
  for (const EventKind kind : kEventKinds) {
    KSTATI_TRY_VOID(model.Fit(kind, training[kind], calibration[kind]));
  }
  return model;
}

// The estimates of one kind over a life, by day.
struct Series {
  const SimulatedLife* life = nullptr;
  std::vector<std::pair<Date, double>> estimates;
};

profile::Consent ConsentTo(EventKind kind, CitizenId citizen) {
  profile::ConsentVersion version;
  version.by = {citizen, profile::Capacity::kSelf};
  version.scope.purpose = profile::Purpose::kInferEvents;
  version.scope.situation = SituationOf(kind);
  version.valid = {kFirstDay, std::nullopt};
  return {
      ConsentId("K-" + citizen.ToString() + "-" + std::string(NameOf(kind))), citizen, {version}};
}

std::map<EventKind, std::vector<Series>> AskAll(const std::vector<const SimulatedLife*>& lives,
                                                const InferenceModel& model,
                                                const InferenceEvaluationOptions& options) {
  const profile::Dictionary dictionary;
  std::map<EventKind, std::vector<Series>> all;
  for (size_t i = 0; i < lives.size(); ++i) {
    const SimulatedLife& life = *lives[i];
    InferenceRequest request;
    request.ask_from = options.ask_from;
    for (const EventKind kind : kEventKinds) {
      if (IsSensitive(kind) && life.consents) {
        request.consents.push_back(ConsentTo(kind, life.history.citizen));
      }
      all[kind].push_back({&life, {}});
    }
    for (int64_t day = kWindowDays; day < options.days; day += kAskingStepDays) {
      request.on = kFirstDay.AddDays(day);
      const FactView person = ViewOn(life, request.on);
      request.person = &person;
      for (const auto& event : recommender::inference::Infer(request, model, dictionary)) {
        all[event.kind()].back().estimates.emplace_back(request.on, event.probability());
      }
    }
  }
  return all;
}

// What the methods are asked: the days on which the served model was.
InferenceTable AskedOf(EventKind kind, const std::vector<Series>& series) {
  InferenceRows asked;
  for (const Series& each : series) {
    for (const auto& [day, probability] : each.estimates) {
      asked.Add(kind, ViewOn(*each.life, day), day, HappenedUnnoticed(*each.life, kind, day));
    }
  }
  return asked.Table();
}

std::vector<Series> WithForecasts(std::vector<Series> series,
                                  const std::vector<double>& forecasts) {
  size_t row = 0;
  for (Series& each : series) {
    for (auto& [day, probability] : each.estimates) probability = forecasts[row++];
  }
  return series;
}

// Unnoticed events that could have been found: estimates exist on all days in which to find them.
std::vector<const TrueEvent*> EventsToFind(EventKind kind, const Series& series) {
  std::vector<const TrueEvent*> events;
  if (series.estimates.empty()) return events;
  const Date first = series.estimates.front().first;
  const Date last = series.estimates.back().first;
  for (const TrueEvent& event : series.life->events) {
    const Date until = event.on.AddDays(kFoundWithinDays);
    if (event.kind != kind || event.on < first || until > last) continue;
    if (event.announced_on && *event.announced_on <= until) continue;
    events.push_back(&event);
  }
  return events;
}

struct Tally {
  QuestionMeasures measures;
  std::vector<double> delays;
};

void CountLife(EventKind kind, const Series& series, double ask_from, Tally& tally) {
  QuestionMeasures& measures = tally.measures;
  measures.person_years +=
      static_cast<double>(series.estimates.size()) * kAskingStepDays / kDaysOfMeanYear;
  std::vector<Date> asked;
  for (const auto& [day, probability] : series.estimates) {
    const bool is_quiet = !asked.empty() && day < asked.back().AddDays(kQuietDays);
    if (probability < ask_from || is_quiet) continue;
    asked.push_back(day);
    measures.questions += 1;
    measures.right += std::ranges::any_of(series.life->events, [&, on = day](const auto& event) {
      return event.kind == kind && IsUnnoticed(event, on, kFoundWithinDays);
    });
  }
  for (const TrueEvent* event : EventsToFind(kind, series)) {
    measures.events += 1;
    const auto found = std::ranges::find_if(
        asked, [&](Date day) { return IsUnnoticed(*event, day, kFoundWithinDays); });
    if (found == asked.end()) continue;
    measures.found += 1;
    tally.delays.push_back(static_cast<double>(found->days - event->on.days));
  }
}

// Highest estimates, in descending order, within the time in which each event is to be found.
std::vector<double> HighestInTime(EventKind kind, const std::vector<Series>& all) {
  std::vector<double> highest;
  for (const Series& series : all) {
    for (const TrueEvent* event : EventsToFind(kind, series)) {
      double most = 0;
      for (const auto& [day, probability] : series.estimates) {
        if (IsUnnoticed(*event, day, kFoundWithinDays)) most = std::max(most, probability);
      }
      highest.push_back(most);
    }
  }
  std::ranges::sort(highest, std::greater<>());
  return highest;
}

// From which probability on so large a share of the unnoticed events is found. An estimate in time
// does not suffice: within kQuietDays of a question no other one comes, so that a lower threshold
// may find less; where several reach the share, it is one below which less is found.
double ThresholdFor(double recall, EventKind kind, const std::vector<Series>& all) {
  const std::vector<double> highest = HighestInTime(kind, all);
  if (highest.empty()) return 1;
  const double wanted = std::ceil(recall * static_cast<double>(highest.size()));
  const auto reaches = [&](size_t place) {
    Tally tally;
    for (const Series& series : all) CountLife(kind, series, highest[place], tally);
    return static_cast<double>(tally.measures.found) >= wanted;
  };
  auto high = static_cast<size_t>(std::max(0.0, wanted - 1));
  size_t low = highest.size() - 1;
  while (high < low) {
    const size_t middle = high + (low - high) / 2;
    if (reaches(middle)) {
      low = middle;
    } else {
      high = middle + 1;
    }
  }
  return highest[low];
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

QuestionMeasures Measure(EventKind kind, const std::vector<Series>& all, double ask_from,
                         const std::string& group) {
  Tally tally;
  tally.measures.group = group;
  for (const Series& series : all) {
    const SimulatedLife& life = *series.life;
    const bool belongs = group == "everybody" || group == life.sex || group == life.age_band ||
                         group == life.region_type;
    if (belongs) CountLife(kind, series, ask_from, tally);
  }
  tally.measures.delay_days_median = Quantile(tally.delays, 0.5);
  tally.measures.delay_days_p90 = Quantile(tally.delays, 0.9);
  return tally.measures;
}

OperatingPoint PointAt(std::string name, EventKind kind, const std::vector<Series>& all,
                       double ask_from) {
  OperatingPoint point{std::move(name), ask_from, {}};
  for (const char* group :
       {"everybody", "female", "male", "18-29", "30-44", "45-75", "capital", "other region"}) {
    point.groups.push_back(Measure(kind, all, ask_from, group));
  }
  return point;
}

Forecasts ForecastsOf(EventKind kind, const std::vector<Series>& all) {
  Forecasts forecasts;
  for (uint32_t person = 0; person < all.size(); ++person) {
    for (const auto& [day, probability] : all[person].estimates) {
      forecasts.probability.push_back(probability);
      forecasts.happened.push_back(HappenedUnnoticed(*all[person].life, kind, day) ? 1 : 0);
      forecasts.person.push_back(person);
    }
  }
  return forecasts;
}

// Of the AUC of the one over that of the other, on the same rows.
recommender::evaluation::Estimate GainOf(const Forecasts& one, const Forecasts& other,
                                         size_t people,
                                         const recommender::evaluation::BootstrapOptions& options) {
  const auto order = ByProbability(one);
  const auto other_order = ByProbability(other);
  std::vector<double> weights(one.person.size());
  return recommender::evaluation::Bootstrap(
      people,
      [&](const recommender::evaluation::Multiplicity& times) {
        for (size_t row = 0; row < weights.size(); ++row) weights[row] = times[one.person[row]];
        return Auc(one, order, weights) - Auc(other, other_order, weights);
      },
      options);
}

KindEvaluation Judge(EventKind kind, Method method, const std::vector<Series>& all,
                     const InferenceEvaluationOptions& options) {
  const Forecasts forecasts = ForecastsOf(kind, all);
  KindEvaluation judged;
  judged.kind = kind;
  judged.method = method;
  judged.estimates = forecasts.happened.size();
  judged.happened_share = static_cast<double>(std::ranges::count(forecasts.happened, 1)) /
                          static_cast<double>(std::max<size_t>(1, judged.estimates));
  judged.calibration_error = recommender::evaluation::CalibrationError(forecasts);
  judged.auc = recommender::evaluation::Auc(forecasts);
  for (const double recall : options.recalls) {
    char name[32];
    std::snprintf(name, sizeof name, "recall %.2f", recall);
    judged.points.push_back(PointAt(name, kind, all, ThresholdFor(recall, kind, all)));
  }
  judged.points.push_back(PointAt("served", kind, all, options.ask_from));
  return judged;
}

// Adds what the other methods say, if anybody was asked.
Result<void> Compare(EventKind kind, const std::vector<Series>& served,
                     const InferenceTable& training, const InferenceTable& calibration,
                     const InferenceEvaluationOptions& options,
                     std::vector<KindEvaluation>& compared) {
  const InferenceTable asked = AskedOf(kind, served);
  if (asked.happened.empty()) return {};
  const Forecasts by_served = ForecastsOf(kind, served);
  for (const Method method : kComparedMethods) {
    KSTATI_TRY(const auto forecasts, ForecastBy(method, kind, training, calibration, asked));
    const std::vector<Series> series = WithForecasts(served, forecasts);
    KindEvaluation& judged = compared.emplace_back(Judge(kind, method, series, options));
    judged.gain = GainOf(ForecastsOf(kind, series), by_served, served.size(), options.bootstrap);
  }
  return {};
}

}  // namespace

double QuestionMeasures::recall() const {
  return events == 0 ? std::numeric_limits<double>::quiet_NaN()
                     : static_cast<double>(found) / static_cast<double>(events);
}

double QuestionMeasures::precision() const {
  return questions == 0 ? std::numeric_limits<double>::quiet_NaN()
                        : static_cast<double>(right) / static_cast<double>(questions);
}

double QuestionMeasures::false_alarms_per_1000_years() const {
  return person_years == 0 ? std::numeric_limits<double>::quiet_NaN()
                           : 1'000 * static_cast<double>(questions - right) / person_years;
}

Result<InferenceEvaluation> EvaluateInference(const InferenceEvaluationOptions& options) {
  PopulationOptions people;
  people.citizens = options.citizens;
  people.seed = options.seed;
  people.today = kFirstDay;
  const Population population = Population::Generate(people, graph::Catalogue());
  UnannouncedLivesOptions life_options;
  life_options.seed = options.seed;
  life_options.from = kFirstDay;
  life_options.days = options.days;
  const std::vector<SimulatedLife> lives = SimulateUnannouncedLives(population, life_options);
  const Division division = Divide(lives, options.seed);
  InferenceEvaluation evaluation;
  evaluation.training_people = division.training.size();
  evaluation.calibration_people = division.calibration.size();
  evaluation.judged_people = division.judged.size();
  Tables training = TablesOf(division.training, options);
  Tables calibration = TablesOf(division.calibration, options);
  KSTATI_TRY(evaluation.model, Learn(training, calibration));
  const auto all = AskAll(division.judged, evaluation.model, options);
  for (const EventKind kind : kEventKinds) {
    const std::vector<Series>& served = all.at(kind);
    evaluation.kinds.push_back(Judge(kind, Method::kServed, served, options));
    KSTATI_TRY_VOID(
        Compare(kind, served, training[kind], calibration[kind], options, evaluation.compared));
  }
  return evaluation;
}

}  // namespace kstati::population
