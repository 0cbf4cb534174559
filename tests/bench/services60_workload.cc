// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/services60_workload.h"

#include <fstream>

#include "base/check.h"
#include "base/decimal.h"
#include "eligibility/feel/temporal.h"

namespace kstati::bench {
namespace {

using eligibility::feel::Type;
using eligibility::feel::Value;
using Json = nlohmann::json;

Value ValueOf(const std::string& text, const Json& json, const Type& type) {
  using eligibility::feel::Kind;
  if (json.is_null()) return Value::Null();
  switch (type.kind()) {
    case Kind::kBoolean: return Value::Boolean(json.get<bool>());
    case Kind::kNumber: return Value::Number(Decimal::Parse(text).value());
    case Kind::kDate:
      return Value::OfDate(eligibility::feel::ParseDate(json.get<std::string>()).value());
    default: return Value::String(json.get<std::string>());
  }
}

// The text of each member of a flat object, as it is written: binary floating point would change
// the numbers.
std::vector<std::pair<std::string, std::string>> FlatMembers(const std::string& line) {
  std::vector<std::pair<std::string, std::string>> members;
  for (size_t at = 1; at < line.size();) {
    const size_t quote = line.find('"', at);
    if (quote == std::string::npos) break;
    const size_t end = line.find('"', quote + 1);
    const size_t colon = line.find(':', end);
    size_t stop = line.find_first_not_of(' ', colon + 1);
    const size_t begin = stop;
    if (line[stop] == '"') stop = line.find('"', stop + 1) + 1;
    stop = line.find_first_of(",}", stop);
    members.emplace_back(line.substr(quote + 1, end - quote - 1), line.substr(begin, stop - begin));
    at = stop + 1;
  }
  return members;
}

std::vector<Citizen> ReadCitizens(const std::filesystem::path& path,
                                  const std::vector<Attribute>& attributes) {
  std::ifstream file(path);
  std::vector<Citizen> citizens;
  for (std::string line; std::getline(file, line);) {
    Citizen citizen(attributes.size());
    for (const auto& [name, text] : FlatMembers(line)) {
      for (size_t i = 0; i < attributes.size(); ++i) {
        if (attributes[i].name != name) continue;
        citizen[i] = ValueOf(text, Json::parse(text), attributes[i].type);
      }
    }
    citizens.push_back(std::move(citizen));
  }
  return citizens;
}

std::vector<std::string> ReadColumn(const std::filesystem::path& path, const std::string& name) {
  std::ifstream file(path);
  std::vector<std::string> column;
  for (std::string line; std::getline(file, line);) {
    column.push_back(Json::parse(line).at(name).get<std::string>());
  }
  return column;
}

}  // namespace

Workload ReadWorkload(const std::filesystem::path& folder) {
  std::ifstream file(folder / "services.json");
  const Json json = Json::parse(file);
  Workload workload;
  const std::pair<const char*, Type> kinds[] = {{"number", Type::Number()},
                                                {"string", Type::String()},
                                                {"date", Type::Date()},
                                                {"boolean", Type::Boolean()}};
  for (const auto& [kind, type] : kinds) {
    for (const Json& name : json.at("facts").at(kind)) {
      workload.attributes.push_back({name.get<std::string>(), type});
    }
  }
  for (const Json& service : json.at("services")) {
    workload.services.push_back({service.at("id").get<std::string>(),
                                 service.at("feel").get<std::string>(), service.at("criteria")});
  }
  workload.complete = ReadCitizens(folder / "profiles.jsonl", workload.attributes);
  workload.expected = ReadColumn(folder / "expected.jsonl", "elig");
  workload.incomplete = ReadCitizens(folder / "profiles_nulls.jsonl", workload.attributes);
  workload.expected_feel = ReadColumn(folder / "expected_nulls.jsonl", "feel");
  workload.expected_kleene = ReadColumn(folder / "expected_nulls.jsonl", "kleene");
  KSTATI_CHECK(workload.complete.size() == workload.expected.size());
  KSTATI_CHECK(workload.incomplete.size() == workload.expected_feel.size());
  return workload;
}

}  // namespace kstati::bench
