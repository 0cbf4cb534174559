// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recommender/evaluation/csv.h"
#include "recommender/hazards/period_table.h"

namespace kstati::recommender::evaluation {

// How a column of the file was understood.
struct ColumnReading {
  std::string column;
  bool is_number = false;  // else its values are names
  size_t categories = 0;   // of names: how many have a column of their own
  size_t missing = 0;      // of the rows that were read
};

// Person-periods from a file.
struct PeriodFile {
  hazards::PeriodTable table;
  std::vector<std::optional<uint32_t>> fold;  // one a person, where the file has the column
  std::vector<RefusedRow> refused;
  std::vector<ColumnReading> columns;  // of the features, in the order of the file
  bool has_period = false;
  bool has_state = false;
};

// Column `event` (0 or 1) is required. `person` names whom a row is about (without it each row is
// somebody); `period` is a number (age, year); `state` any text; `fold` a whole number, the same in
// all rows of a person. Every column but event, person and fold is read as a feature: as a number
// where at least `kNumbersShare` of its values are numbers, else as one column for each of its most
// frequent values. Missing is what is empty, "." and, in letters of any case, NA, n/a, NaN and
// null. Rows are refused by line when the person is empty, the event, the period or the fold cannot
// be read, or a column of numbers says something else: what was meant is not guessed, nor taken for
// missing. kInvalidArgument when there is no event column or no row is left.
Result<PeriodFile> ReadPeriods(const Csv& csv, const std::string& place);
inline constexpr double kNumbersShare = 0.95;  // of values that are not missing
inline constexpr size_t kCategoriesMax = 32;   // of one column; the rarer ones share "none of them"

}  // namespace kstati::recommender::evaluation
