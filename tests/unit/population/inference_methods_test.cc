// SPDX-License-Identifier: Apache-2.0
#include "population/inference_methods.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "population/random.h"
#include "recommender/evaluation/probability_measures.h"
#include "recommender/hazards/hazard_models.h"
#include "recommender/inference/signals.h"

namespace kstati::population {
namespace {

using recommender::inference::EventKind;
using recommender::inference::InferenceTable;

constexpr EventKind kKind = EventKind::kMarried;
constexpr int kRows = 12;  // of each person, all with one outcome: the event is seen for a while

// People from 18 to 57 in several states, with a hazard by age alone.
template <typename Hazard>
InferenceTable People(size_t people, uint64_t seed, const Hazard& hazard) {
  const auto columns = recommender::inference::ColumnsOf(kKind);
  const auto female = std::ranges::find(columns, "female") - columns.begin();
  const auto employed = std::ranges::find(columns, "employed") - columns.begin();
  InferenceTable table;
  table.rows = recommender::FeatureMatrix::Zero(static_cast<Eigen::Index>(people) * kRows,
                                                static_cast<Eigen::Index>(columns.size()));
  Random random(seed);
  for (size_t person = 0; person < people; ++person) {
    const double years_over_18 = static_cast<double>(random.Between(0, 39));
    const bool is_female = random.Chance(0.5);
    const bool is_employed = random.Chance(0.5);
    const bool happens = random.Chance(hazard(years_over_18));
    for (int i = 0; i < kRows; ++i) {
      const auto row = static_cast<Eigen::Index>(table.happened.size());
      table.rows(row, 0) = static_cast<float>(years_over_18 / 10);
      table.rows(row, female) = is_female ? 1 : 0;
      table.rows(row, employed) = is_employed ? 1 : 0;
      table.happened.push_back(happens ? 1 : 0);
      table.person.push_back(static_cast<uint32_t>(person));
    }
  }
  return table;
}

double Falling(double years_over_18) { return 0.14 * (1 - years_over_18 / 40); }

double AucOf(const std::vector<double>& forecasts, const InferenceTable& table) {
  return recommender::evaluation::Auc({forecasts, table.happened, table.person});
}

TEST(InferenceMethods, AMarkovChainOfRareEventsIsNotThatOfTheFewPeopleInACell) {
  const InferenceTable training = People(1'500, 1, Falling);
  const InferenceTable calibration = People(1'500, 2, Falling);
  const InferenceTable asked = People(6'000, 3, Falling);
  const auto chosen = ForecastBy(Method::kMarkov, kKind, training, calibration, asked);
  ASSERT_TRUE(chosen) << chosen.error().ToString();

  recommender::hazards::PeriodTable known;
  recommender::hazards::PeriodTable others;
  for (auto [periods, table] : {std::pair(&known, &training), {&others, &asked}}) {
    periods->happened = table->happened;
    for (Eigen::Index row = 0; row < table->rows.rows(); ++row) {
      periods->period.push_back(std::round(10 * table->rows(row, 0)));
      periods->state.push_back(table->rows.row(row).tail(table->rows.cols() - 1).sum());
    }
  }
  const double by_cell = AucOf(recommender::hazards::ForecastByMarkov(known, others), asked);
  EXPECT_GT(AucOf(*chosen, asked), by_cell + 0.02);
  EXPECT_GT(AucOf(*chosen, asked), 0.6);
}

TEST(InferenceMethods, WhatOrdersBackwardsGivesEverybodyTheShare) {
  const auto rising = [](double years_over_18) { return Falling(40 - years_over_18); };
  const InferenceTable calibration = People(1'500, 2, rising);
  const InferenceTable asked = People(100, 3, rising);
  const double share = static_cast<double>(std::ranges::count(calibration.happened, 1)) /
                       static_cast<double>(calibration.happened.size());
  for (const Method method : kComparedMethods) {
    const auto forecasts = ForecastBy(method, kKind, People(1'500, 1, Falling), calibration, asked);
    ASSERT_TRUE(forecasts) << forecasts.error().ToString();
    ASSERT_EQ(forecasts->size(), asked.happened.size());
    for (const double forecast : *forecasts) EXPECT_NEAR(forecast, share, 1e-12);
  }
}

TEST(InferenceMethods, TreesAloneOfThoseComparedReadSignals) {
  const auto columns = recommender::inference::ColumnsOf(kKind);
  const auto signal = std::ranges::find(columns, "doc.photo up to 30 days") - columns.begin();
  ASSERT_LT(signal, static_cast<int64_t>(columns.size()));
  const auto with_signal = [&](size_t people, uint64_t seed) {
    InferenceTable table = People(people, seed, Falling);
    for (size_t row = 0; row < table.happened.size(); ++row) {
      table.rows(static_cast<Eigen::Index>(row), signal) = table.happened[row];
    }
    return table;
  };
  const InferenceTable asked = with_signal(1'000, 3);
  for (const Method method : kComparedMethods) {
    const auto forecasts =
        ForecastBy(method, kKind, with_signal(1'000, 1), with_signal(1'000, 2), asked);
    ASSERT_TRUE(forecasts) << forecasts.error().ToString();
    if (method == Method::kTrees) {
      EXPECT_GT(AucOf(*forecasts, asked), 0.99);
    } else {
      EXPECT_LT(AucOf(*forecasts, asked), 0.8) << NameOf(method);
    }
  }
}

}  // namespace
}  // namespace kstati::population
