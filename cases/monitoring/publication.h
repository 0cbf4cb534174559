// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cases/monitoring/event_log.h"

namespace kstati::cases::monitoring {

// The most cases that one person has in the log. Any m times k of its cases, where m is this, are
// those of at least k people. Cases that the log ties to nobody count as somebody's only one.
uint64_t MostCasesOfOne(const EventLog& log);

// A table of people counted by two properties.
struct CountTable {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<uint64_t>> cells;  // [row][column]
};

// A table that anybody may see. Rows and columns of fewer than k people are joined into one named
// "other" (or into the smallest one beside it); then every total is of at least k. Of what is left,
// a cell is shown when nobody or at least k people are in it, and enough other cells are left out
// that no cell left out can be worked out from the totals: each could hold values at least k apart
// and one of at least k.
struct PublishedTable {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<uint64_t>>> cells;  // nullopt: left out
  std::vector<uint64_t> row_totals;
  std::vector<uint64_t> column_totals;
  uint64_t total = 0;
};

// Empty when there are fewer than k people in all, or nothing can be shown. Requires k > 1 and a
// cell for each row and column.
PublishedTable Publish(const CountTable& table, uint64_t k);

// What somebody who has the table can say of a cell that is left out.
struct Range {
  uint64_t low = 0;
  uint64_t high = 0;
};
Range RangeOf(const PublishedTable& published, const std::vector<std::vector<uint64_t>>& truth,
              size_t row, size_t column);

inline constexpr char kOther[] = "other";

}  // namespace kstati::cases::monitoring
