// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "cases/monitoring/comparison.h"
#include "cli/output.h"

namespace kstati::cli {

struct Certainty {
  double confidence = 0.95;
  uint64_t seed = 1;
};

// One measure before and after; without an interval where a side has fewer than two values.
Json CompareOne(const cases::monitoring::EventLog& log, cases::monitoring::Measure measure,
                const cases::monitoring::Sides& sides, const Certainty& certainty);
// The same of every measure.
std::vector<Json> CompareAll(const cases::monitoring::EventLog& log,
                             const cases::monitoring::Sides& sides, const Certainty& certainty);

std::vector<Column> ComparisonColumns();

}  // namespace kstati::cli
