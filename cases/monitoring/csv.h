// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kstati::cases::monitoring {

struct CsvRow {
  size_t line;  // of its first character, from 1
  std::vector<std::string> fields;
};

// Cuts a CSV text (RFC 4180) into rows of fields; a byte order mark and empty lines are skipped.
class CsvReader {
 public:
  // The text outlives it.
  explicit CsvReader(std::string_view text);

  // nullopt at the end. kInvalidArgument with the line of a quotation mark that is not closed.
  Result<std::optional<CsvRow>> Next();

 private:
  bool IsLineEnd() const { return text_[position_] == '\n' || text_[position_] == '\r'; }
  void Advance();
  Result<std::string> Field();

  std::string_view text_;
  size_t position_ = 0;
  size_t line_ = 1;
};

}  // namespace kstati::cases::monitoring
