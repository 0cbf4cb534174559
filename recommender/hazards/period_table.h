// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "recommender/features.h"

namespace kstati::recommender::hazards {

// Person-periods: one row for each period in which the event could happen to a person. Missing
// values are NaN.
struct PeriodTable {
  std::vector<std::string> columns;  // of `rows`
  FeatureMatrix rows;
  std::vector<uint8_t> happened;  // 0 or 1, one a row
  std::vector<uint32_t> person;   // an index from 0 without gaps, in the order of the source
  std::vector<float> period;      // age or time; all 0 where the source has none
  std::vector<uint32_t> state;    // what a Markov chain goes by; all 0 where the source has none
  size_t people = 0;

  size_t size() const { return happened.size(); }
};

// The rows of these numbers; people keep theirs.
PeriodTable Select(const PeriodTable& table, const std::vector<size_t>& rows);

}  // namespace kstati::recommender::hazards
