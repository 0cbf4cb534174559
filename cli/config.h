// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/issue.h"
#include "base/result.h"

namespace kstati::cli {

// One key of kstati.toml: all that its readers, its documentation and its checks need.
struct Setting {
  enum class Kind { kText, kPath, kNumber };

  std::string_view key;  // "store.folder"
  Kind kind;
  std::string_view otherwise;  // default, as text
  std::string_view explanation;
  int64_t least = 0;  // of a number
  int64_t most = 0;
  std::string_view words = {};  // of a text: the allowed words, separated by '|'
  bool secret = false;          // masked by --print-config
};

std::span<const Setting> Settings();

// The effective configuration: defaults, then the file, then what the command line says.
class Config {
 public:
  Config();  // defaults only

  // Reads a file; every problem is an issue with its place. Paths in it are relative to its folder.
  static Config Load(const std::string& path, std::vector<Issue>& issues);
  // The same from a text; `name` stands for the path.
  static Config Parse(const std::string& text, const std::string& name, std::vector<Issue>& issues);
  // The file named, else kstati.toml of the current folder when there is one, else defaults.
  static Result<Config> Find(const std::string& path, std::vector<Issue>& issues);

  // The key must be one of Settings(), of that kind.
  const std::string& Text(std::string_view key) const;
  int64_t Number(std::string_view key) const;
  // "default", "kstati.toml:12", "--data".
  const std::string& source(std::string_view key) const;

  void Set(std::string_view key, std::string value, std::string source);

 private:
  struct Value {
    std::string text;
    std::string source;
  };
  std::map<std::string, Value, std::less<>> values_;
};

// Every key with its value and where it came from, secrets masked: `serve --print-config`.
std::string Print(const Config& config);
// The documented file that ships as kstati.toml.
std::string DefaultFile();
// A JSON Schema (draft 2020-12) of the file: `serve --print-config-schema`.
std::string ConfigurationSchema();
// docs/reference/configuration.md.
std::string ConfigurationReference();

}  // namespace kstati::cli
