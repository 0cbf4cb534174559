// SPDX-License-Identifier: Apache-2.0
// Reads kstati.toml; the only file of this module that knows TOML.
#include <toml.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "base/plain_text.h"
#include "base/text_distance.h"
#include "cli/config.h"

namespace kstati::cli {
namespace {

using Kind = Setting::Kind;

class ConfigReader {
 public:
  ConfigReader(const std::string& path, Config& config, std::vector<Issue>& issues)
      : path_(path), config_(config), issues_(issues) {}

  void Read(const toml::value& root) {
    for (const auto& [section, table] : root.as_table()) {
      if (!IsSection(section)) {
        Problem(table, "unknown section [" + section + "]", Suggest(section, Sections()));
      } else if (!table.is_table()) {
        Problem(table, "`" + section + "` must be a section", "write [" + section + "]");
      } else {
        for (const auto& [key, value] : table.as_table()) ReadKey(section + "." + key, value);
      }
    }
  }

  void Problem(const toml::value& value, std::string text, std::string hint) {
    const toml::source_location place = value.location();
    issues_.push_back({Severity::kError,
                       {path_, static_cast<int>(place.line()), static_cast<int>(place.column())},
                       std::move(text),
                       std::move(hint)});
  }

 private:
  static std::vector<std::string> Sections() {
    std::vector<std::string> sections;
    for (const Setting& setting : Settings()) {
      std::string section(setting.key.substr(0, setting.key.find('.')));
      if (sections.empty() || sections.back() != section) sections.push_back(std::move(section));
    }
    return sections;
  }

  static bool IsSection(const std::string& name) {
    const auto sections = Sections();
    return std::find(sections.begin(), sections.end(), name) != sections.end();
  }

  static std::string Suggest(const std::string& word, const std::vector<std::string>& known) {
    const std::string nearest = Nearest(word, known);
    return nearest.empty() ? "docs/reference/configuration.md lists all of them"
                           : "did you mean `" + nearest + "`?";
  }

  void ReadKey(const std::string& key, const toml::value& value) {
    std::vector<std::string> known;
    for (const Setting& setting : Settings()) {
      if (setting.key == key) return ReadValue(setting, value);
      known.emplace_back(setting.key);
    }
    Problem(value, "unknown key `" + key + "`", Suggest(key, known));
  }

  void ReadValue(const Setting& setting, const toml::value& value) {
    const std::string key(setting.key);
    if (setting.kind == Kind::kNumber) {
      if (!value.is_integer()) return Problem(value, "`" + key + "` must be a whole number", {});
      const int64_t number = value.as_integer();
      if (number < setting.least || number > setting.most) {
        return Problem(
            value, "`" + key + "` is out of range",
            "give " + std::to_string(setting.least) + " to " + std::to_string(setting.most));
      }
      return Set(setting, std::to_string(number), value);
    }
    if (!value.is_string()) return Problem(value, "`" + key + "` must be text", "put it in quotes");
    const std::string& text = value.as_string().str;
    if (!IsOneOf(setting.words, text)) {
      return Problem(value, "`" + key + "` has a word it does not know",
                     "use one of " + std::string(setting.words));
    }
    Set(setting, setting.kind == Kind::kPath ? Resolved(text) : text, value);
  }

  static bool IsOneOf(std::string_view words, const std::string& text) {
    if (words.empty()) return true;
    return ("|" + std::string(words) + "|").find("|" + text + "|") != std::string::npos;
  }

  // Paths are relative to the folder of the file, wherever the program was started.
  std::string Resolved(const std::string& text) const {
    if (text.empty()) return text;
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    return (folder / text).lexically_normal().string();
  }

  void Set(const Setting& setting, std::string text, const toml::value& value) {
    config_.Set(setting.key, std::move(text),
                path_ + ":" + std::to_string(value.location().line()));
  }

  std::string path_;
  Config& config_;
  std::vector<Issue>& issues_;
};

// The library's message is a drawing; its first line says what is wrong.
std::string FirstLine(std::string text) {
  constexpr std::string_view kMark = "[error] ";
  if (const size_t mark = text.find(kMark); mark != std::string::npos) {
    text.erase(0, mark + kMark.size());
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace

Config Config::Load(const std::string& path, std::vector<Issue>& issues) {
  std::ifstream stream(path);
  if (stream) return Parse({std::istreambuf_iterator<char>(stream), {}}, path, issues);
  issues.push_back({Severity::kError, {path, 0, 0}, "the file cannot be read", {}});
  return {};
}

Config Config::Parse(const std::string& text, const std::string& path, std::vector<Issue>& issues) {
  Config config;
  if (auto issue = NotPlainText(path, text)) {
    issues.push_back(std::move(*issue));
    return config;
  }
  try {
    std::istringstream stream(text);
    ConfigReader(path, config, issues).Read(toml::parse(stream, path));
  } catch (const toml::syntax_error& problem) {
    issues.push_back({Severity::kError,
                      {path, static_cast<int>(problem.location().line()),
                       static_cast<int>(problem.location().column())},
                      FirstLine(problem.what()),
                      "the file must be TOML"});
  } catch (const std::exception&) {
    issues.push_back({Severity::kError, {path, 0, 0}, "the text cannot be read", {}});
  }
  return config;
}

}  // namespace kstati::cli
