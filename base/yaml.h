// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"
#include "base/decimal.h"
#include "base/issue.h"
#include "base/time.h"

namespace kstati::yaml {

// Limits of one file: a catalogue file is a few KiB and five levels deep, so more is a mistake or
// an attack on the reader.
inline constexpr size_t kMaxFileBytes = 1u << 20;
inline constexpr size_t kMaxDepth = 32;

// A node of a YAML document, read strictly: every scalar is text until a schema types it, and every
// key must be asked for. Readers append problems to the document's issues and return nullopt or a
// default, so that one run reports all of them. Cheap to copy; keeps what it shows alive, but the
// list of issues must outlive it. Not thread-safe.
class Node {
 public:
  struct State;

  Node() = default;  // absent
  explicit Node(std::shared_ptr<State> state);

  // False for a key that is absent.
  explicit operator bool() const;
  Location location() const;
  bool is_map() const;
  bool is_list() const;
  bool is_scalar() const;

  // A required or optional key of a map. Asking marks the key as known.
  Node Require(std::string_view key) const;  // an issue when absent
  Node Get(std::string_view key) const;      // falsy when absent
  // An issue for every key of this map that was never asked for, with the nearest known key as
  // hint.
  void RejectUnknownKeys() const;

  // Typed readers; an issue and nullopt when the node is not of that form (also of a key with
  // nothing after it). An absent node is nullopt without an issue.
  std::optional<std::string> Text() const;
  std::optional<bool> Boolean() const;  // true | false only
  std::optional<int64_t> Integer() const;
  std::optional<Decimal> Number() const;
  std::optional<Date> Day() const;         // YYYY-MM-DD
  std::optional<Period> Span() const;      // P18M
  std::optional<Bilingual> Texts() const;  // {ru: ..., en: ...}, both required
  // One of `words`; the issue lists them.
  std::optional<std::string> OneOf(const std::vector<std::string>& words) const;

  // Empty, with an issue, when a node that is there has another form.
  std::vector<Node> Items() const;                            // of a list
  std::vector<std::string> TextItems() const;                 // of a list of scalars
  std::vector<std::pair<std::string, Node>> Entries() const;  // of a map; marks all as known

  // Where the text of this scalar starts (after a quote or a block indicator), for errors inside
  // it.
  Location text_location() const;

  // Adds an error at this node; nothing when the node is absent.
  void Problem(std::string text, std::string hint = {}) const;

 private:
  void ReportWrongForm(std::string_view expected) const;  // once per node

  std::shared_ptr<State> state_;
};

// A parsed file. A syntax error, a second document, an anchor, an alias, a tag, a repeated key,
// bytes that are not UTF-8 text and a broken limit are issues; the first and the last two leave an
// empty root. `issues` must outlive the document.
class Document {
 public:
  Document(const std::string& path, std::vector<Issue>& issues);
  // From memory; `path` is only for messages.
  Document(const std::string& path, const std::string& text, std::vector<Issue>& issues);
  Node root() const { return root_; }

 private:
  Node root_;
};

// The files with the extension .yaml directly in a folder, sorted by name; empty when there is
// none.
std::vector<std::string> FilesIn(const std::string& folder);

}  // namespace kstati::yaml
