// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recommender/evaluation/csv.h"
#include "recommender/hazards/period_table.h"

namespace kstati::recommender::evaluation {

// Person-periods from a file.
struct PeriodFile {
  hazards::PeriodTable table;
  std::vector<std::optional<uint32_t>> fold;  // one a person, where the file has the column
  std::vector<RefusedRow> refused;
  bool has_period = false;
  bool has_state = false;
};

// Column `event` (0 or 1) is required. `person` names whom a row is about (without it each row is
// somebody); `period` is a number (age, year); `state` any text; `fold` a whole number, the same in
// all rows of a person. Every column but event, person and fold is read as a feature: as a number
// where all its values are numbers, else as one column for each of its most frequent values. An
// empty value and NA are missing. Rows whose event, period or fold cannot be read are refused by
// line. kInvalidArgument when there is no event column or no row is left.
Result<PeriodFile> ReadPeriods(const Csv& csv, const std::string& place);
inline constexpr size_t kCategoriesMax = 32;  // of one column; the rarer ones share "none of them"

}  // namespace kstati::recommender::evaluation
