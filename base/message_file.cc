// SPDX-License-Identifier: Apache-2.0
#include "base/internal/message_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace kstati {
namespace {

// "case.status.done": words of small letters, digits and underscores, joined by dots.
bool IsKey(std::string_view key) {
  if (key.empty() || key.front() == '.' || key.back() == '.') return false;
  if (key.find("..") != std::string_view::npos) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

// Receives the parser's events. Every return of false stops the parser.
class EntryReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  EntryReader(const std::string& path, const std::string& text, std::vector<Issue>& issues)
      : path_(path), text_(text), issues_(issues) {}

  std::vector<MessageEntry> TakeEntries() { return std::move(entries_); }

  bool start_object(std::size_t) override {
    if (!std::exchange(inside_, true)) return true;
    return NotText();
  }
  bool end_object() override { return true; }

  bool key(string_t& key) override {
    const size_t found = text_.find("\"" + key + "\"", position_);
    if (found != std::string::npos) position_ = found;
    current_ = MessageEntry{key, {}, At(position_)};
    if (found != std::string::npos) position_ += key.size() + 2;
    if (!IsKey(key)) {
      Report("\"" + key + "\" is not a key",
             "write small letters, digits, underscores, hyphens and dots");
    }
    if (!seen_.insert(key).second) Report("the key \"" + key + "\" is given twice", {});
    return true;
  }

  bool string(string_t& value) override {
    if (!inside_) return NotText();
    current_.pattern = value;
    entries_.push_back(current_);
    return true;
  }

  bool null() override { return NotText(); }
  bool boolean(bool) override { return NotText(); }
  bool number_integer(number_integer_t) override { return NotText(); }
  bool number_unsigned(number_unsigned_t) override { return NotText(); }
  bool number_float(number_float_t, const string_t&) override { return NotText(); }
  bool binary(binary_t&) override { return NotText(); }
  bool start_array(std::size_t) override { return NotText(); }
  bool end_array() override { return true; }

  bool parse_error(std::size_t byte, const std::string&,
                   const nlohmann::json::exception& error) override {
    current_.where = At(byte == 0 ? 0 : byte - 1);
    Report(error.what(), {});
    return false;
  }

 private:
  Location At(size_t position) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
    const auto line = std::count(text_.begin(), end, '\n');
    const size_t line_start = text_.rfind('\n', position == 0 ? 0 : position - 1);
    const size_t column = line == 0 ? position : position - line_start - 1;
    return Location{path_, static_cast<int>(line) + 1, static_cast<int>(column) + 1};
  }

  void Report(std::string text, std::string hint) {
    issues_.push_back(Issue{Severity::kError, current_.where, std::move(text), std::move(hint)});
  }

  bool NotText() {
    Report("the file must be one flat object of texts", {});
    return false;
  }

  const std::string& path_;
  const std::string& text_;
  std::vector<Issue>& issues_;
  std::vector<MessageEntry> entries_;
  std::set<std::string> seen_;
  MessageEntry current_;
  size_t position_ = 0;
  bool inside_ = false;
};

}  // namespace

std::vector<MessageEntry> ReadMessageFile(const std::string& path, std::vector<Issue>& issues) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    issues.push_back(Issue{Severity::kError, {path, 0, 0}, "the file cannot be read", {}});
    return {};
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EntryReader reader(path, text, issues);
  nlohmann::json::sax_parse(text, &reader);
  return reader.TakeEntries();
}

}  // namespace kstati
