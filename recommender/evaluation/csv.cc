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

// Splits the text into rows; a row whose quote is never closed swallows the rest.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  bool Next(CsvRow& row, bool& closed) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) Step();
    if (at_ == text_.size()) return false;
    row = {line_, {}};
    closed = true;
    do {
      row.fields.emplace_back();
      closed = Field(row.fields.back()) && closed;
    } while (Take(','));
    Take('\r');
    Take('\n');
    return true;
  }

 private:
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
  // False when a quote was not closed.
  bool Field(std::string& field) {
    if (!Take('"')) {
      while (!IsEnd()) field.push_back(Step());
      return true;
    }
    while (at_ < text_.size()) {
      const char next = Step();
      if (next != '"') {
        field.push_back(next);
      } else if (!Take('"')) {
        while (!IsEnd()) field.push_back(Step());
        return true;
      } else {
        field.push_back('"');
      }
    }
    return false;
  }

  std::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
};

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
  bool closed = true;
  if (!splitter.Next(row, closed) || !closed) {
    return Fail(ErrorCode::kInvalidArgument, "there is no header", place,
                "begin the file with the names of its columns, separated by commas");
  }
  Csv csv;
  csv.columns = std::move(row.fields);
  KSTATI_TRY_VOID(CheckColumns(csv, place));
  while (splitter.Next(row, closed)) {
    if (!closed) {
      csv.refused.push_back({row.line, "a quote is not closed"});
    } else if (row.fields.size() != csv.columns.size()) {
      csv.refused.push_back({row.line, std::to_string(row.fields.size()) + " fields instead of " +
                                           std::to_string(csv.columns.size())});
    } else {
      csv.rows.push_back(std::move(row));
    }
  }
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
