// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/csv.h"

#include <utility>

namespace kstati::cases::monitoring {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

Result<std::optional<CsvRow>> CsvReader::Next() {
  while (position_ < text_.size() && IsLineEnd()) Advance();
  if (position_ >= text_.size()) return std::optional<CsvRow>();
  CsvRow row{line_, {}};
  for (;;) {
    KSTATI_TRY(std::string field, Field());
    row.fields.push_back(std::move(field));
    if (position_ >= text_.size() || IsLineEnd()) break;
    Advance();  // the comma
  }
  return std::optional(std::move(row));
}

void CsvReader::Advance() {
  if (text_[position_] == '\n') ++line_;
  ++position_;
}

Result<std::string> CsvReader::Field() {
  std::string field;
  if (position_ >= text_.size() || text_[position_] != '"') {
    while (position_ < text_.size() && text_[position_] != ',' && !IsLineEnd()) {
      field.push_back(text_[position_++]);
    }
    return field;
  }
  const size_t begun_on = line_;
  for (Advance(); position_ < text_.size(); Advance()) {
    if (text_[position_] != '"') {
      field.push_back(text_[position_]);
    } else if (position_ + 1 < text_.size() && text_[position_ + 1] == '"') {
      field.push_back('"');
      Advance();
    } else {
      Advance();
      return field;
    }
  }
  return Fail(ErrorCode::kInvalidArgument, "a quotation mark is not closed",
              "line " + std::to_string(begun_on), "close the field with a quotation mark");
}

}  // namespace kstati::cases::monitoring
