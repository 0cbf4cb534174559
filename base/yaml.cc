// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/internal/yaml_tree.h"
#include "base/plain_text.h"
#include "base/text_distance.h"

namespace kstati::yaml {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string Join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? std::string() : "did you mean " + Quoted(nearest) + "?";
}

std::shared_ptr<Node::State> ParseChecked(const std::string& path, const std::string& text,
                                          std::vector<Issue>& issues) {
  if (text.size() > kMaxFileBytes) {
    issues.push_back(Issue{Severity::kError,
                           {path, 0, 0},
                           "the file is larger than 1 MiB",
                           "split it into several files"});
    return nullptr;
  }
  if (auto issue = NotPlainText(path, text)) {
    issues.push_back(std::move(*issue));
    return nullptr;
  }
  return Parse(path, text, issues);
}

// Reads a little more than the limit, so that a larger file shows without being read whole.
std::optional<std::string> ReadFile(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return std::nullopt;
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace

Node::Node(std::shared_ptr<State> state) : state_(std::move(state)) {}

Node::operator bool() const { return state_ != nullptr; }

Location Node::location() const { return state_ ? state_->location : Location(); }
Location Node::text_location() const { return state_ ? state_->text_location : Location(); }

bool Node::is_map() const { return state_ && state_->form == Form::kMap; }
bool Node::is_list() const { return state_ && state_->form == Form::kList; }
bool Node::is_scalar() const { return state_ && state_->form == Form::kScalar; }

void Node::Problem(std::string text, std::string hint) const {
  if (!state_) return;
  state_->issues->push_back(
      Issue{Severity::kError, state_->location, std::move(text), std::move(hint)});
}

void Node::ReportWrongForm(std::string_view expected) const {
  if (!state_ || std::exchange(state_->wrong_form_reported, true)) return;
  const bool empty = state_->form == Form::kEmpty;
  Problem((empty ? "the value is missing: " : "wrong form: ") + std::string(expected) +
          " is expected here");
}

Node Node::Get(std::string_view key) const {
  if (!state_) return Node();
  if (!is_map()) {
    ReportWrongForm("a map");
    return Node();
  }
  if (std::find(state_->asked.begin(), state_->asked.end(), key) == state_->asked.end()) {
    state_->asked.emplace_back(key);
  }
  for (State::Entry& entry : state_->entries) {
    if (entry.key != key) continue;
    entry.known = true;
    return entry.value;
  }
  return Node();
}

Node Node::Require(std::string_view key) const {
  const Node value = Get(key);
  if (!value && is_map()) Problem("the key " + Quoted(key) + " is missing");
  return value;
}

void Node::RejectUnknownKeys() const {
  if (!state_) return;
  if (!is_map()) return ReportWrongForm("a map");
  for (const State::Entry& entry : state_->entries) {
    if (entry.known) continue;
    std::string hint = DidYouMean(entry.key, state_->asked);
    if (hint.empty()) hint = "known here: " + Join(state_->asked);
    state_->issues->push_back(Issue{Severity::kError, entry.key_location,
                                    "unknown key " + Quoted(entry.key), std::move(hint)});
  }
}

std::optional<std::string> Node::Text() const {
  if (!state_) return std::nullopt;
  if (!is_scalar()) {
    ReportWrongForm("a text");
    return std::nullopt;
  }
  return state_->text;
}

std::optional<bool> Node::Boolean() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  Problem(Quoted(*text) + " is not true or false");
  return std::nullopt;
}

std::optional<int64_t> Node::Integer() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  int64_t number = 0;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error == std::errc() && end == last) return number;
  Problem(Quoted(*text) + " is not a whole number");
  return std::nullopt;
}

std::optional<Decimal> Node::Number() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  std::optional<Decimal> number = Decimal::Parse(*text);
  if (!number) Problem(Quoted(*text) + " is not a number", "write it as 1234.50, without blanks");
  return number;
}

std::optional<Date> Node::Day() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  const Result<Date> date = Date::Parse(*text);
  if (date) return *date;
  Problem(Quoted(*text) + " is not a date", date.error().remedy);
  return std::nullopt;
}

std::optional<Period> Node::Span() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  const Result<Period> period = Period::Parse(*text);
  if (period) return *period;
  Problem(Quoted(*text) + " is not a period", period.error().remedy);
  return std::nullopt;
}

std::optional<Bilingual> Node::Texts() const {
  if (!state_) return std::nullopt;
  if (!is_map()) {
    ReportWrongForm("{ru: ..., en: ...}");
    return std::nullopt;
  }
  Bilingual texts;
  bool complete = true;
  for (const auto& [key, target] : {std::pair{"ru", &texts.ru}, std::pair{"en", &texts.en}}) {
    const Node node = Require(key);
    const std::optional<std::string> text = node.Text();
    if (text && text->empty()) node.Problem("the text is empty");
    complete = complete && text && !text->empty();
    if (text) *target = *text;
  }
  RejectUnknownKeys();
  return complete ? std::optional(std::move(texts)) : std::nullopt;
}

std::optional<std::string> Node::OneOf(const std::vector<std::string>& words) const {
  std::optional<std::string> text = Text();
  if (!text || std::find(words.begin(), words.end(), *text) != words.end()) return text;
  Problem(Quoted(*text) + " is not one of: " + Join(words), DidYouMean(*text, words));
  return std::nullopt;
}

std::vector<Node> Node::Items() const {
  if (!state_) return {};
  if (!is_list()) ReportWrongForm("a list");
  return state_->items;
}

std::vector<std::string> Node::TextItems() const {
  std::vector<std::string> texts;
  for (const Node& item : Items()) {
    if (std::optional<std::string> text = item.Text()) texts.push_back(std::move(*text));
  }
  return texts;
}

std::vector<std::pair<std::string, Node>> Node::Entries() const {
  if (!state_) return {};
  if (!is_map()) ReportWrongForm("a map");
  std::vector<std::pair<std::string, Node>> entries;
  for (State::Entry& entry : state_->entries) {
    entry.known = true;
    entries.emplace_back(entry.key, entry.value);
  }
  return entries;
}

Document::Document(const std::string& path, std::vector<Issue>& issues) {
  const std::optional<std::string> text = ReadFile(path);
  if (!text) {
    issues.push_back(Issue{Severity::kError, {path, 0, 0}, "the file cannot be read", {}});
    return;
  }
  root_ = Node(ParseChecked(path, *text, issues));
}

Document::Document(const std::string& path, const std::string& text, std::vector<Issue>& issues)
    : root_(ParseChecked(path, text, issues)) {}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error);
  if (error) return files;
  for (const std::filesystem::directory_entry& entry : entries) {
    const bool is_file = entry.is_regular_file(error) && !error;
    if (is_file && entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace kstati::yaml
