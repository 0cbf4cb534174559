// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/csv.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

namespace kstati::recommender::evaluation {
namespace {

// Splits the text into rows.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  // False at the end, or where a quote goes wrong.
  bool Next(CsvRow& row) {
    SkipEmptyLines();
    if (at_ == text_.size()) return false;
    row = {line_, {}};
    do {
      row.fields.emplace_back();
      if (!Field(row.fields.back())) return false;
    } while (Take(','));
    Take('\r');
    Take('\n');
    return true;
  }

  // The line where the quote that went wrong opens.
  std::optional<size_t> wrong_quote() const { return wrong_quote_; }

 private:
  void SkipEmptyLines() {
    while (at_ < text_.size()) {
      const size_t end = std::min(text_.find_first_not_of(" \t\r", at_), text_.size());
      if (end < text_.size() && text_[end] != '\n') return;
      at_ = end;
      Take('\n');
    }
  }
  char Step() {
    if (text_[at_] == '\n') ++line_;
    return text_[at_++];
  }
  bool Take(char expected) {
    if (at_ == text_.size() || text_[at_] != expected) return false;
    Step();
    return true;
  }
  bool IsEnd() const {
    return at_ == text_.size() || text_[at_] == ',' || text_[at_] == '\n' || text_[at_] == '\r';
  }
  // False when a quote goes wrong: it is never closed, or what closes it lines later stands before
  // something else than the end of a field, and so belongs to another one.
  bool Field(std::string& field) {
    const size_t opened = line_;
    if (!Take('"')) {
      while (!IsEnd()) field.push_back(Step());
      return true;
    }
    while (at_ < text_.size()) {
      const char next = Step();
      if (next != '"') {
        field.push_back(next);
      } else if (Take('"')) {
        field.push_back('"');
      } else if (line_ == opened || IsEnd()) {
        while (!IsEnd()) field.push_back(Step());
        return true;
      } else {
        break;
      }
    }
    wrong_quote_ = opened;
    return false;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  std::optional<size_t> wrong_quote_;
};

Result<void> CheckQuotes(const Splitter& splitter, const std::string& place) {
  const auto line = splitter.wrong_quote();
  if (!line) return {};
  return Fail(ErrorCode::kInvalidArgument, "a quote opens a field and is not closed where it ends",
              place + ":" + std::to_string(*line),
              "close it, or double it where it is a part of the text");
}

Result<void> CheckColumns(const Csv& csv, const std::string& place) {
  std::set<std::string> seen;
  for (const std::string& column : csv.columns) {
    if (!column.empty() && seen.insert(column).second) continue;
    return Fail(ErrorCode::kInvalidArgument,
                column.empty() ? "a column of the header has no name"
                               : "the column " + column + " is there twice",
                place + ":1", "name each column once");
  }
  return {};
}

}  // namespace

std::optional<size_t> Csv::Find(std::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return std::nullopt;
  return static_cast<size_t>(found - columns.begin());
}

Result<Csv> ParseCsv(std::string_view text, const std::string& place) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Splitter splitter(text);
  CsvRow row;
  const bool has_header = splitter.Next(row);
  KSTATI_TRY_VOID(CheckQuotes(splitter, place));
  if (!has_header) {
    return Fail(ErrorCode::kInvalidArgument, "there is no header", place,
                "begin the file with the names of its columns, separated by commas");
  }
  Csv csv;
  csv.columns = std::move(row.fields);
  KSTATI_TRY_VOID(CheckColumns(csv, place));
  while (splitter.Next(row)) {
    if (row.fields.size() != csv.columns.size()) {
      csv.refused.push_back({row.line, std::to_string(row.fields.size()) + " fields instead of " +
                                           std::to_string(csv.columns.size())});
    } else {
      csv.rows.push_back(std::move(row));
    }
  }
  KSTATI_TRY_VOID(CheckQuotes(splitter, place));
  return csv;
}

Result<Csv> ReadCsv(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || std::filesystem::is_directory(path)) {
    return Fail(ErrorCode::kNotFound, "the file cannot be read", path,
                "check its name and permissions");
  }
  return ParseCsv(text.str(), path);
}

}  // namespace kstati::recommender::evaluation
