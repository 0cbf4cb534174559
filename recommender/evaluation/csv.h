// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kstati::recommender::evaluation {

// One row with the line it begins on, from 1.
struct CsvRow {
  size_t line = 0;
  std::vector<std::string> fields;
};

// A row that was left out, and why: "12: the user is empty".
struct RefusedRow {
  size_t line = 0;
  std::string reason;
};

struct Csv {
  std::vector<std::string> columns;
  std::vector<CsvRow> rows;  // as many fields as columns, each
  std::vector<RefusedRow> refused;

  // Case counts. nullopt: there is no such column.
  std::optional<size_t> Find(std::string_view column) const;
};

// Comma-separated values by RFC 4180: a header, then rows; a field may be quoted and then hold
// commas, line ends and doubled quotes. Line ends are LF or CRLF; lines of nothing but spaces are
// skipped; a byte order mark is dropped. A row of another length than the header is refused by its
// line. kInvalidArgument when there is no header, a column has no name or one that is there twice,
// or a quote opens a field that does not end as a field does: what it swallowed would be lost.
Result<Csv> ParseCsv(std::string_view text, const std::string& place);
Result<Csv> ReadCsv(const std::string& path);

}  // namespace kstati::recommender::evaluation
