// SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/internal/yaml_tree.h"

namespace kstati::yaml {

// Turns the parser's events into a tree. Own events, and not the library's tree, because only they
// tell quoted from plain text, show repeated keys, and let nesting be cut off while it is read.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& path, const std::string& text, std::vector<Issue>& issues)
      : path_(path), issues_(issues) {
    size_t start = 0;
    while (start <= text.size()) {
      const size_t end = std::min(text.find('\n', start), text.size());
      lines_.push_back(std::string_view(text).substr(start, end - start));
      start = end + 1;
    }
  }

  std::shared_ptr<Node::State> root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  // The library drops the text of an unquoted "null"; the file still has it.
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    const std::string_view rest = From(mark);
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (rest.starts_with(word)) return AddScalar(mark, std::string(word));
    }
    Add(MakeState(mark, Form::kEmpty));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Report(mark, "an alias is not allowed", "write the value out");
    Add(MakeState(mark, Form::kEmpty));
  }

  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    Report(mark, "an anchor is not allowed", "write the value out where it is needed");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    RejectTag(mark, tag);
    AddScalar(mark, value);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, Form::kList);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, Form::kMap);
  }
  void OnMapEnd() override { Close(); }

 private:
  // An open list or map. `key` is set between a key of a map and its value.
  struct Level {
    std::shared_ptr<Node::State> state;
    std::optional<Node::State::Entry> key;
  };

  Location At(const YAML::Mark& mark) const {
    return Location{path_, mark.line + 1, mark.column + 1};
  }

  // The rest of the line at a mark.
  std::string_view From(const YAML::Mark& mark) const {
    const auto line = static_cast<size_t>(std::max(mark.line, 0));
    const auto column = static_cast<size_t>(std::max(mark.column, 0));
    if (line >= lines_.size() || column > lines_[line].size()) return {};
    return lines_[line].substr(column);
  }

  void Report(const YAML::Mark& mark, std::string text, std::string hint) {
    issues_.push_back(Issue{Severity::kError, At(mark), std::move(text), std::move(hint)});
  }

  // "?" and "!" are the library's marks for plain and quoted text without a tag.
  void RejectTag(const YAML::Mark& mark, const std::string& tag) {
    const bool written = From(mark).starts_with('!') || (tag != "?" && tag != "!" && !tag.empty());
    if (written) Report(mark, "a tag is not allowed", "the schema gives every value its type");
  }

  std::shared_ptr<Node::State> MakeState(const YAML::Mark& mark, Form form) {
    auto state = std::make_shared<Node::State>();
    state->form = form;
    state->location = At(mark);
    state->text_location = state->location;
    state->issues = &issues_;
    return state;
  }

  void AddScalar(const YAML::Mark& mark, std::string value) {
    auto state = MakeState(mark, Form::kScalar);
    const std::string_view source = From(mark);
    if (source.starts_with('"') || source.starts_with('\'')) {
      ++state->text_location.column;
    } else if (source.starts_with('|') || source.starts_with('>')) {
      state->text_location.line = mark.line + 2;
      state->text_location.column = BlockColumn(mark, value);
    }
    state->text = std::move(value);
    Add(std::move(state));
  }

  // The column, from 1, at which the text of a block scalar starts: the indentation of its first
  // line that is not blank, less the blanks that belong to the text.
  int BlockColumn(const YAML::Mark& mark, const std::string& value) const {
    const size_t content = value.find_first_not_of('\n');
    const size_t word = value.find_first_not_of(" \n", content);
    const size_t own_blanks = word == std::string::npos ? 0 : word - value.rfind('\n', word) - 1;
    for (auto line = static_cast<size_t>(mark.line) + 1; line < lines_.size(); ++line) {
      const size_t indentation = lines_[line].find_first_not_of(" \r");
      if (indentation == std::string_view::npos) continue;
      return static_cast<int>(indentation - std::min(indentation, own_blanks)) + 1;
    }
    return 1;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, Form form) {
    RejectTag(mark, tag);
    if (levels_.size() >= kMaxDepth) {
      throw YAML::ParserException(
          mark, "lists and maps are nested deeper than " + std::to_string(kMaxDepth) + " levels");
    }
    levels_.push_back(Level{MakeState(mark, form), std::nullopt});
  }

  void Close() {
    std::shared_ptr<Node::State> state = std::move(levels_.back().state);
    levels_.pop_back();
    Add(std::move(state));
  }

  void Add(std::shared_ptr<Node::State> state) {
    if (levels_.empty()) {
      root_ = std::move(state);
      return;
    }
    Level& level = levels_.back();
    if (level.state->form == Form::kList) {
      level.state->items.push_back(Wrap(std::move(state)));
    } else if (!level.key) {
      level.key = MakeKey(*state);
    } else {
      // The library places a missing value at the next word of the file.
      if (state->form == Form::kEmpty) state->location = level.key->key_location;
      level.key->value = Wrap(std::move(state));
      AddEntry(*level.state, *std::exchange(level.key, std::nullopt));
    }
  }

  Node::State::Entry MakeKey(const Node::State& state) {
    if (state.form != Form::kScalar) {
      issues_.push_back(Issue{Severity::kError, state.location, "a key must be a word",
                              "write it as key: value"});
    }
    return Node::State::Entry{state.text, state.location, Node(), false};
  }

  void AddEntry(Node::State& map, Node::State::Entry entry) {
    const auto first =
        std::find_if(map.entries.begin(), map.entries.end(),
                     [&](const Node::State::Entry& other) { return other.key == entry.key; });
    if (first == map.entries.end()) {
      map.entries.push_back(std::move(entry));
      return;
    }
    issues_.push_back(Issue{Severity::kError, entry.key_location,
                            "the key \"" + entry.key + "\" is given twice",
                            "the first is in line " + std::to_string(first->key_location.line)});
  }

  static Node Wrap(std::shared_ptr<Node::State> state) { return Node(std::move(state)); }

  const std::string& path_;
  std::vector<Issue>& issues_;
  std::vector<std::string_view> lines_;
  std::vector<Level> levels_;
  std::shared_ptr<Node::State> root_;
};

std::shared_ptr<Node::State> Parse(const std::string& path, const std::string& text,
                                   std::vector<Issue>& issues) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    TreeBuilder builder(path, text, issues);
    if (!parser.HandleNextDocument(builder)) {
      issues.push_back(Issue{Severity::kError, {path, 0, 0}, "the file is empty", {}});
      return nullptr;
    }
    TreeBuilder second(path, text, issues);
    if (parser.HandleNextDocument(second)) {
      const Location where = second.root() ? second.root()->location : Location{path, 0, 0};
      issues.push_back(Issue{Severity::kError, where, "a second document in one file",
                             "remove the line \"---\" or move the rest to a file of its own"});
    }
    return builder.root();
  } catch (const YAML::Exception& exception) {
    const int line = std::max(exception.mark.line + 1, 0);
    const int column = line == 0 ? 0 : exception.mark.column + 1;
    issues.push_back(Issue{Severity::kError, {path, line, column}, exception.msg, {}});
    return nullptr;
  }
}

}  // namespace kstati::yaml
