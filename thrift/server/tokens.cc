// SPDX-License-Identifier: Apache-2.0
// Reads tokens files; the only place of this module that knows TOML.
#include <toml.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "base/plain_text.h"
#include "thrift/server/access.h"

namespace kstati::thrift {
namespace {

Location PlaceOf(const std::string& path, const toml::value& value) {
  const toml::source_location place = value.location();
  return Location{path, static_cast<int>(place.line()), static_cast<int>(place.column())};
}

// Collects the problems of one file.
class TokensReader {
 public:
  TokensReader(const std::string& path, std::vector<Issue>& issues)
      : path_(path), issues_(issues) {}

  void Problem(const toml::value& value, std::string text, std::string hint) {
    issues_.push_back({Severity::kError, PlaceOf(path_, value), std::move(text), std::move(hint)});
  }

  std::string Text(const toml::value& table, const char* key) {
    if (!table.contains(key)) {
      Problem(table, std::string("the key `") + key + "` is missing", {});
      return {};
    }
    const toml::value& value = table.at(key);
    if (value.is_string()) return value.as_string().str;
    Problem(value, std::string("`") + key + "` must be text", "put it in quotes");
    return {};
  }

  std::string Digest(const toml::value& table) {
    std::string digest = Text(table, "sha256");
    for (char& c : digest) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const bool hexadecimal = digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!digest.empty() && (digest.size() != 64 || !hexadecimal)) {
      Problem(table.at("sha256"), "`sha256` must be 64 hexadecimal digits",
              "printf %s TOKEN | sha256sum");
      return {};
    }
    return digest;
  }

  std::vector<Scope> Scopes(const toml::value& table) {
    std::vector<Scope> scopes;
    if (!table.contains("scopes") || !table.at("scopes").is_array() ||
        table.at("scopes").as_array().empty()) {
      Problem(table, "`scopes` must be a list with at least one scope",
              "for example scopes = [\"registry:egr_zags\"]");
      return scopes;
    }
    for (const toml::value& item : table.at("scopes").as_array()) {
      const Result<Scope> scope = Scope::Parse(item.is_string() ? item.as_string().str : "");
      if (scope) {
        scopes.push_back(*scope);
      } else {
        Problem(item, scope.error().message, scope.error().remedy);
      }
    }
    return scopes;
  }

  std::set<std::string> Purposes(const toml::value& table) {
    std::set<std::string> purposes;
    if (!table.contains("purposes")) return purposes;
    const toml::value& list = table.at("purposes");
    if (!list.is_array()) {
      Problem(list, "`purposes` must be a list", "for example purposes = [\"service_on_request\"]");
      return purposes;
    }
    for (const toml::value& item : list.as_array()) {
      if (item.is_string() && !item.as_string().str.empty()) {
        purposes.insert(item.as_string().str);
      } else {
        Problem(item, "a purpose is the id of a legal basis, or the purpose of a consent",
                "put it in quotes");
      }
    }
    return purposes;
  }

  void RejectUnknownKeys(const toml::value& table) {
    static const std::set<std::string> kKnown{"name", "sha256", "scopes", "purposes"};
    for (const auto& [key, value] : table.as_table()) {
      if (!kKnown.contains(key)) {
        Problem(value, "unknown key `" + key + "`",
                "the keys are name, sha256, scopes and purposes");
      }
    }
  }

 private:
  std::string path_;
  std::vector<Issue>& issues_;
};

}  // namespace

AccessList AccessList::Load(const std::string& path, std::vector<Issue>& issues) {
  std::ifstream stream(path);
  if (stream) return Parse({std::istreambuf_iterator<char>(stream), {}}, path, issues);
  issues.push_back({Severity::kError,
                    {path, 0, 0},
                    "the tokens file cannot be read",
                    "check the path in security.tokens_file and the file's rights"});
  return {};
}

AccessList AccessList::Parse(const std::string& text, const std::string& path,
                             std::vector<Issue>& issues) {
  AccessList list;
  if (auto issue = NotPlainText(path, text)) {
    issues.push_back(std::move(*issue));
    return list;
  }
  TokensReader reader(path, issues);
  try {
    std::istringstream stream(text);
    const toml::value root = toml::parse(stream, path);
    const bool listed = root.contains("token") && root.at("token").is_array();
    if (!listed || !std::ranges::all_of(root.at("token").as_array(),
                                        [](const toml::value& item) { return item.is_table(); })) {
      reader.Problem(root, "there is no [[token]] in the file", "add one per caller");
      return list;
    }
    for (const toml::value& table : root.at("token").as_array()) {
      reader.RejectUnknownKeys(table);
      Caller caller(reader.Text(table, "name"), reader.Scopes(table), reader.Purposes(table));
      const std::string digest = reader.Digest(table);
      if (digest.empty()) continue;
      if (!list.callers_.emplace(digest, std::move(caller)).second) {
        reader.Problem(table, "the same token stands in the file twice", "remove one of them");
      }
    }
  } catch (const toml::syntax_error& problem) {
    issues.push_back({Severity::kError,
                      {path, static_cast<int>(problem.location().line()),
                       static_cast<int>(problem.location().column())},
                      "not valid TOML",
                      {}});
  } catch (const std::exception&) {
    issues.push_back({Severity::kError, {path, 0, 0}, "the text cannot be read", {}});
  }
  return list;
}

}  // namespace kstati::thrift
