// SPDX-License-Identifier: Apache-2.0
#include "graph/internal/reader.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/text_distance.h"

namespace kstati::graph {
namespace {

std::string_view WordFor(Kind kind) {
  switch (kind) {
    case Kind::kAttribute: return "attribute";
    case Kind::kRegistry: return "registry";
    case Kind::kEventType: return "event";
    case Kind::kService: return "service";
    case Kind::kSituation: return "situation";
    case Kind::kAct: return "act";
    case Kind::kGround: return "refusal ground";
    case Kind::kParameter: return "parameter";
    case Kind::kAuthority: return "authority";
    case Kind::kSource: return "source";
    case Kind::kLegalBasis: return "legal basis";
    case Kind::kCourse: return "course";
  }
  KSTATI_CHECK(false);
  return {};
}

// Words of small letters, digits and underscores, joined by dots: "event.child_born".
bool IsId(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string DidYouMean(const std::string& nearest) {
  return nearest.empty() ? std::string() : "did you mean " + Quoted(nearest) + "?";
}

}  // namespace

std::string Reader::Declare(Kind kind, const yaml::Node& node) {
  std::string id = node.Text().value_or(std::string());
  if (!node.is_scalar()) return {};
  if (!IsId(id)) {
    node.Problem(Quoted(id) + " is not an id", "write small letters, digits and underscores");
    return {};
  }
  const auto [first, is_new] = declared_[kind].emplace(id, node.location());
  if (!is_new) {
    node.Problem(
        "the " + std::string(WordFor(kind)) + " " + Quoted(id) + " is declared twice",
        "the first is in " + first->second.file + ":" + std::to_string(first->second.line));
  }
  return id;
}

std::string Reader::Refer(Kind kind, const yaml::Node& node) {
  std::optional<std::string> id = node.Text();
  if (!id) return {};
  references_.push_back(Reference{kind, *id, node});
  return *std::move(id);
}

void Reader::ReferText(Kind kind, const std::string& id, const yaml::Node& node) {
  references_.push_back(Reference{kind, id, node});
}

std::vector<std::string> Reader::ReferAll(Kind kind, const yaml::Node& list) {
  std::vector<std::string> ids;
  for (const yaml::Node& item : list.Items()) {
    std::string id = Refer(kind, item);
    if (id.empty()) continue;
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) {
      item.Problem(Quoted(id) + " is listed twice");
    } else {
      ids.push_back(std::move(id));
    }
  }
  return ids;
}

bool Reader::Exists(const Reference& reference, const KnownAttributes& known) const {
  if (reference.kind == Kind::kAttribute) return known.exists(AttributeId(reference.id));
  if (reference.kind == Kind::kRegistry) return known.registry_exists(reference.id);
  const auto of_kind = declared_.find(reference.kind);
  return of_kind != declared_.end() && of_kind->second.contains(reference.id);
}

std::string Reader::Hint(const Reference& reference, const KnownAttributes& known) const {
  if (reference.kind == Kind::kAttribute) return DidYouMean(known.nearest(reference.id));
  const auto of_kind = declared_.find(reference.kind);
  if (of_kind == declared_.end()) return {};
  std::vector<std::string> ids;
  for (const auto& [id, where] : of_kind->second) ids.push_back(id);
  return DidYouMean(Nearest(reference.id, ids));
}

void Reader::Finish(const Catalogue& catalogue, const KnownAttributes& known) {
  for (const Reference& reference : references_) {
    if (Exists(reference, known)) continue;
    reference.node.Problem(
        "there is no " + std::string(WordFor(reference.kind)) + " " + Quoted(reference.id),
        Hint(reference, known));
  }
  for (const auto& check : later_) check(catalogue);
}

Verified ReadVerified(Reader& reader, const yaml::Node& map) {
  Verified verified;
  const yaml::Node mark = map.Require("verification");
  const std::optional<std::string> word = mark.OneOf({"confirmed", "computed", "from_knowledge"});
  if (word == "confirmed") verified.verification = Verification::kConfirmed;
  if (word == "computed") verified.verification = Verification::kComputed;
  verified.sources = reader.ReferAll(Kind::kSource, map.Get("sources"));
  if (word == "confirmed" && verified.sources.empty()) {
    mark.Problem("confirmed by nothing", "name the address in sources, or write from_knowledge");
  }
  return verified;
}

LegalSource ReadLegalSource(Reader& reader, const yaml::Node& map) {
  LegalSource source;
  source.act = ActId(reader.Refer(Kind::kAct, map.Require("act")));
  source.article = map.Require("article").Text().value_or(std::string());
  Verified verified = ReadVerified(reader, map);
  source.verification = verified.verification;
  source.sources = std::move(verified.sources);
  return source;
}

int64_t ReadCount(const yaml::Node& node, int64_t most) {
  const std::optional<int64_t> count = node.Integer();
  if (count && (*count < 0 || *count > most)) {
    node.Problem("the number must be from 0 to " + std::to_string(most));
  }
  return count.value_or(0);
}

DateInterval ReadInterval(const yaml::Node& map) {
  DateInterval interval;
  const std::optional<Date> from = map.Require("from").Day();
  const yaml::Node to = map.Get("to");
  interval.from = from.value_or(Date());
  interval.to = to.Day();
  if (from && interval.to && *interval.to < *from) to.Problem("it ends before it starts");
  return interval;
}

void CheckFileName(const yaml::Node& id, const std::string& text) {
  const std::filesystem::path path(id.location().file);
  if (text.empty() || path.stem().string() == text) return;
  id.Problem("the file is named " + path.filename().string(),
             "name it " + text + ".yaml, or correct the id");
}

std::vector<std::string> ReadAnyWords(const yaml::Node& list) {
  std::vector<std::string> words;
  for (const yaml::Node& item : list.Items()) {
    std::optional<std::string> word = item.Text();
    if (!word) continue;
    if (std::find(words.begin(), words.end(), *word) != words.end()) {
      item.Problem(Quoted(*word) + " is listed twice");
    } else {
      words.push_back(*std::move(word));
    }
  }
  return words;
}

std::vector<std::string> ReadWords(const yaml::Node& list, const std::vector<std::string>& words) {
  for (const yaml::Node& item : list.Items()) item.OneOf(words);
  return ReadAnyWords(list);
}

void ReadListFile(Reader& reader, const std::string& path, std::string_view key,
                  const std::function<void(const yaml::Node&)>& read_item) {
  const yaml::Document document(path, reader.issues());
  const yaml::Node root = document.root();
  for (const yaml::Node& item : root.Require(key).Items()) {
    read_item(item);
    item.RejectUnknownKeys();
  }
  root.RejectUnknownKeys();
}

}  // namespace kstati::graph
