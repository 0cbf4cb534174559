// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "recommender/hazards/period_table.h"

namespace kstati::recommender::hazards {

// Probabilities that the event happens in the period, one a row of `asked`, from models fitted on
// `training`. All are the same for the same data.

struct MarkovOptions {
  // Rows that the share of everybody weighs as much as. Where an event is rare, and the rows of one
  // person repeat each other, one row leaves the few people of a cell to speak for all.
  double prior_rows = 1;
};

// First-order Markov chain: the share of each (period, state), shrunk towards that of everybody.
std::vector<double> ForecastByMarkov(const PeriodTable& training, const PeriodTable& asked,
                                     const MarkovOptions& options = {});

// Logistic regression on natural cubic splines of the period (knots at quantiles) and all other
// columns, standardised; a missing value is the mean, with a column that says so. Ridge of one row;
// Newton's method.
std::vector<double> ForecastByLogistic(const PeriodTable& training, const PeriodTable& asked);

struct InteractionOptions {
  double ridge_rows = 30;
  // Columns also times the period, the same in all states: what somebody comes from may hurry or
  // delay. Yes-or-no columns do not meet the states then.
  bool over_period = false;
};

// Logistic regression in which each state has its own constant, its own curve over the period, and
// its own slope for every column that varies within it: how long a state lasts means something else
// in each. A column of numbers also has an indicator of each of its three smallest values (the year
// in which something begins is not like the later ones). States with few rows, and all but the
// kStatesMax with the most, share what is common to all.
std::vector<double> ForecastByInteractions(const PeriodTable& training, const PeriodTable& asked,
                                           const InteractionOptions& options = {});
inline constexpr size_t kStatesMax = 12;
// What it needs at once to learn from such a table, in bytes.
double BytesToInteract(const PeriodTable& training, const InteractionOptions& options);

struct TreeOptions {
  int rounds = 300;
  int depth = 2;
  double learning_rate = 0.05;
  uint64_t seed = 1;
  // A leaf rests on at least this much evidence, p (1 - p) a row: rare events with rare signs need
  // leaves of few rows.
  double leaf_weight_min = 3;
};

// Discrete-time hazard by boosted trees (xgboost). Both outcomes must occur in training.
Result<std::vector<double>> ForecastByTrees(const PeriodTable& training, const PeriodTable& asked,
                                            const TreeOptions& options);

}  // namespace kstati::recommender::hazards
