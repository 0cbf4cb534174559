// SPDX-License-Identifier: Apache-2.0
#include "population/inference_methods.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.h"
#include "recommender/evaluation/calibration.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/hazards/hazard_models.h"
#include "recommender/inference/signals.h"

namespace kstati::population {
namespace {

using recommender::hazards::MarkovOptions;
using recommender::hazards::PeriodTable;
using recommender::hazards::TreeOptions;
using recommender::inference::EventKind;
using recommender::inference::InferenceTable;

constexpr float kGrownUp = 18;
constexpr uint32_t kHalves = 2;

// What a person is, beside the age.
constexpr std::array<std::string_view, 5> kState{"female", "married", "employed", "student",
                                                 "children"};
constexpr std::array<std::string_view, 2> kStateAlone{"owner", "years since youngest"};

constexpr std::array kBandYears{1.0F, 3.0F, 6.0F};
constexpr std::array kPriorRows{1.0, 30.0, 300.0};
// Rare events with rare signs need leaves of few rows.
constexpr std::array kTreeSizes{
    TreeOptions{.rounds = 150, .depth = 3, .learning_rate = 0.08, .leaf_weight_min = 0.2},
    TreeOptions{.rounds = 150, .depth = 3, .learning_rate = 0.08, .leaf_weight_min = 1},
    TreeOptions{.rounds = 300, .depth = 2, .learning_rate = 0.08, .leaf_weight_min = 0.2}};

Eigen::Index ColumnOf(EventKind kind, std::string_view name) {
  const auto columns = recommender::inference::ColumnsOf(kind);
  const auto found = std::ranges::find(columns, name);
  KSTATI_CHECK(found != columns.end());
  return found - columns.begin();
}

// Periods are years of age; a state says all that kState names.
PeriodTable PeriodsOf(EventKind kind, const InferenceTable& table) {
  PeriodTable periods;
  periods.columns = recommender::inference::ColumnsOf(kind);
  periods.rows = table.rows;
  periods.happened = table.happened;
  periods.person = table.person;
  periods.people = table.person.back() + 1;
  const Eigen::Index tens_over_18 = ColumnOf(kind, "age over 18");
  std::array<Eigen::Index, kState.size()> state_columns{};
  std::ranges::transform(kState, state_columns.begin(),
                         [kind](std::string_view name) { return ColumnOf(kind, name); });
  for (Eigen::Index row = 0; row < table.rows.rows(); ++row) {
    periods.period.push_back(kGrownUp + 10 * table.rows(row, tens_over_18));
    uint32_t state = 0;
    for (const Eigen::Index column : state_columns) {
      state = 2 * state + (table.rows(row, column) > 0 ? 1 : 0);
    }
    periods.state.push_back(state);
  }
  return periods;
}

// Without the columns of signals, and those of age, for which the period stands.
PeriodTable StateAlone(EventKind kind, PeriodTable table) {
  std::vector<std::string_view> names(kState.begin(), kState.end());
  names.insert(names.end(), kStateAlone.begin(), kStateAlone.end());
  recommender::FeatureMatrix rows(table.rows.rows(), static_cast<Eigen::Index>(names.size()));
  table.columns.clear();
  for (size_t i = 0; i < names.size(); ++i) {
    rows.col(static_cast<Eigen::Index>(i)) = table.rows.col(ColumnOf(kind, names[i]));
    table.columns.emplace_back(names[i]);
  }
  table.rows = std::move(rows);
  return table;
}

PeriodTable InBands(PeriodTable table, float years) {
  for (float& period : table.period) period = std::floor((period - kGrownUp) / years);
  return table;
}

InferenceTable Stacked(const InferenceTable& upper, const InferenceTable& lower) {
  InferenceTable both = upper;
  both.rows.resize(upper.rows.rows() + lower.rows.rows(), upper.rows.cols());
  both.rows << upper.rows, lower.rows;
  both.happened.insert(both.happened.end(), lower.happened.begin(), lower.happened.end());
  const uint32_t people = upper.person.back() + 1;
  for (const uint32_t person : lower.person) both.person.push_back(people + person);
  return both;
}

uint32_t HalfOf(const PeriodTable& table, size_t row) { return table.person[row] % kHalves; }

// Whether it happened, and did not, in each half of the people.
bool CanBeHalved(const PeriodTable& table) {
  std::array<std::array<size_t, 2>, kHalves> rows{};
  for (size_t row = 0; row < table.size(); ++row) {
    rows[HalfOf(table, row)][table.happened[row]] += 1;
  }
  return std::ranges::all_of(rows, [](const auto& half) { return half[0] > 0 && half[1] > 0; });
}

// Of forecasts of each half of the people by what was learned from the other one.
template <typename Forecast>
Result<double> LossWithin(const PeriodTable& table, const Forecast& forecast) {
  recommender::evaluation::Forecasts made{std::vector<double>(table.size()), table.happened,
                                          table.person};
  for (uint32_t half = 0; half < kHalves; ++half) {
    std::vector<size_t> known;
    std::vector<size_t> asked;
    for (size_t row = 0; row < table.size(); ++row) {
      (HalfOf(table, row) == half ? asked : known).push_back(row);
    }
    KSTATI_TRY(const std::vector<double> forecasts,
               forecast(Select(table, known), Select(table, asked)));
    for (size_t i = 0; i < asked.size(); ++i) made.probability[asked[i]] = forecasts[i];
  }
  return recommender::evaluation::LogLoss(made);
}

Result<std::vector<double>> ByTrees(const PeriodTable& training, const PeriodTable& asked) {
  if (!CanBeHalved(training)) return ForecastByTrees(training, asked, kTreeSizes.front());
  const TreeOptions* best = nullptr;
  double least = 0;
  for (const TreeOptions& tried : kTreeSizes) {
    const auto forecast = [&tried](const PeriodTable& known, const PeriodTable& others) {
      return ForecastByTrees(known, others, tried);
    };
    KSTATI_TRY(const double loss, LossWithin(training, forecast));
    if (best != nullptr && loss >= least) continue;
    best = &tried;
    least = loss;
  }
  return ForecastByTrees(training, asked, *best);
}

Result<std::vector<double>> ByMarkov(const PeriodTable& training, const PeriodTable& asked) {
  float years = 0;
  MarkovOptions options;
  double least = 0;
  for (const float tried_years : kBandYears) {
    const PeriodTable banded = InBands(training, tried_years);
    for (const double tried_rows : kPriorRows) {
      const auto forecast = [&](const PeriodTable& known, const PeriodTable& others) {
        return Result<std::vector<double>>(ForecastByMarkov(known, others, {tried_rows}));
      };
      KSTATI_TRY(const double loss, LossWithin(banded, forecast));
      if (years > 0 && loss >= least) continue;
      years = tried_years;
      options.prior_rows = tried_rows;
      least = loss;
    }
  }
  return ForecastByMarkov(InBands(training, years), InBands(asked, years), options);
}

Result<std::vector<double>> Forecast(Method method, EventKind kind, const PeriodTable& training,
                                     const PeriodTable& asked) {
  switch (method) {
    case Method::kTrees: return ByTrees(training, asked);
    case Method::kMarkov: return ByMarkov(training, asked);
    case Method::kSplines:
      return ForecastByLogistic(StateAlone(kind, training), StateAlone(kind, asked));
    case Method::kServed: break;
  }
  KSTATI_CHECK(false);  // it is asked by Infer
  return {};
}

}  // namespace

std::string_view NameOf(Method method) {
  switch (method) {
    case Method::kServed: return "logistic";
    case Method::kTrees: return "trees";
    case Method::kSplines: return "splines";
    case Method::kMarkov: return "markov";
  }
  return "";
}

Result<std::vector<double>> ForecastBy(Method method, EventKind kind,
                                       const InferenceTable& training,
                                       const InferenceTable& calibration,
                                       const InferenceTable& asked) {
  KSTATI_TRY(std::vector<double> forecasts, Forecast(method, kind, PeriodsOf(kind, training),
                                                     PeriodsOf(kind, Stacked(calibration, asked))));
  for (double& forecast : forecasts) forecast = std::log(forecast / (1 - forecast));
  const auto first = forecasts.begin() + static_cast<std::ptrdiff_t>(calibration.happened.size());
  const std::vector<double> margins(forecasts.begin(), first);
  recommender::evaluation::PlattCalibration calibrate(margins, calibration.happened);
  if (!(calibrate.slope() > 0)) {
    const auto yes = static_cast<double>(std::ranges::count(calibration.happened, 1));
    const double no = static_cast<double>(calibration.happened.size()) - yes;
    calibrate = {0, std::log(yes / no)};
  }
  std::vector<double> probabilities;
  std::transform(first, forecasts.end(), std::back_inserter(probabilities), calibrate);
  return probabilities;
}

}  // namespace kstati::population
