// SPDX-License-Identifier: Apache-2.0
// The configuration as a JSON Schema, for editors and deployment tools.
#include "cli/config.h"
#include "cli/output.h"

namespace kstati::cli {
namespace {

std::vector<std::string> Split(std::string_view words) {
  std::vector<std::string> parts;
  for (size_t start = 0; start < words.size();) {
    const size_t end = std::min(words.find('|', start), words.size());
    parts.emplace_back(words.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

Json SchemaOf(const Setting& setting) {
  Json schema{{"description", setting.explanation}};
  if (setting.kind == Setting::Kind::kNumber) {
    schema["type"] = "integer";
    schema["minimum"] = setting.least;
    schema["maximum"] = setting.most;
    schema["default"] = Config().Number(setting.key);
    return schema;
  }
  schema["type"] = "string";
  if (!setting.words.empty()) schema["enum"] = Split(setting.words);
  schema["default"] = setting.otherwise;
  return schema;
}

}  // namespace

std::string ConfigurationSchema() {
  Json sections = Json::object();
  for (const Setting& setting : Settings()) {
    const size_t dot = setting.key.find('.');
    Json& section = sections[std::string(setting.key.substr(0, dot))];
    section["type"] = "object";
    section["additionalProperties"] = false;
    section["properties"][std::string(setting.key.substr(dot + 1))] = SchemaOf(setting);
  }
  const Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "kstati.toml"},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", sections}};
  return schema.dump(2) + "\n";
}

}  // namespace kstati::cli
