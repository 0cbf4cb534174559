// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/neutral_catalogue.h"

#include <fstream>
#include <iterator>
#include <map>

#include "tests/conformance/neutral_translation.h"

namespace kstati::neutral {

using eligibility::feel::Compile;
using eligibility::feel::Expression;
using eligibility::feel::Type;
using nlohmann::json;

namespace {

Result<json> ReadJson(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  json parsed = json::parse(file, nullptr, false);
  if (parsed.is_discarded()) {
    return Fail(ErrorCode::kInvalidArgument, "there is no JSON", path.string());
  }
  return parsed;
}

Result<std::vector<json>> ReadJsonLines(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<json> read;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    read.push_back(json::parse(line, nullptr, false));
    if (read.back().is_object() && read.back().contains("id")) continue;
    return Fail(ErrorCode::kInvalidArgument, "the line is no object with an \"id\"",
                path.string() + ":" + std::to_string(read.size()));
  }
  if (read.empty()) return Fail(ErrorCode::kNotFound, "there are no lines", path.string());
  return read;
}

// Not strict: a code that the closed list does not have is no reason to refuse what another
// engine decided; it never holds there either.
Result<Expression> CompileRule(const std::string& id, const json& rule, const Facts& facts,
                               std::vector<Issue>& warnings) {
  auto text = Translate(rule, facts);
  if (!text) {
    text.error().place = "service " + id + ", " + text.error().place;
    return Fail(std::move(text).error());
  }
  std::vector<Issue> issues;
  const auto expression = Compile(*text, {"service " + id, 1, 1}, facts, issues,
                                  {.expected = Type::Boolean(), .strict = false});
  if (!expression) {
    return Fail(ErrorCode::kInvalidArgument, Render(issues.front(), *text), "service " + id);
  }
  warnings.insert(warnings.end(), std::make_move_iterator(issues.begin()),
                  std::make_move_iterator(issues.end()));
  return *expression;
}

Result<Person> ReadPerson(const json& line, const Facts& facts) {
  Person person;
  person.id = TextOf(line["id"]);
  person.values.resize(facts.all().size());
  person.given.resize(facts.all().size());
  const json given = line.value("facts", json::object());
  for (const auto& [name, json_value] : given.items()) {
    const auto slot = facts.Find(name);
    if (!slot) continue;
    auto value = ValueOf(facts.all()[*slot], json_value);
    if (!value) {
      return Fail(ErrorCode::kInvalidArgument, "the fact is of another type",
                  "person " + person.id + ", fact " + name);
    }
    person.given[*slot] = !value->is_null();
    person.values[*slot] = *std::move(value);
  }
  return person;
}

}  // namespace

Result<Catalogue> ReadCatalogue(const std::filesystem::path& folder) {
  KSTATI_TRY(const json facts, ReadJson(folder / "facts.json"));
  KSTATI_TRY(const json services, ReadJson(folder / "services.json"));
  if (!facts.contains("facts") || !services.contains("services")) {
    return Fail(ErrorCode::kInvalidArgument, "\"facts\" or \"services\" are missing",
                folder.string());
  }
  Catalogue catalogue;
  KSTATI_TRY(catalogue.facts, Facts::Read(facts["facts"]));
  catalogue.semantics = services.value(json::json_pointer("/meta/semantics"), std::string());
  for (const json& service : services["services"]) {
    const std::string id = TextOf(service.value("id", json()));
    catalogue.ids.insert(id);
    json rule = service.value("rule", json());
    auto expression = CompileRule(id, rule, catalogue.facts, catalogue.warnings);
    if (expression) {
      catalogue.services.push_back({id, std::move(rule), *std::move(expression)});
    } else {
      catalogue.refused.push_back(std::move(expression).error());
    }
  }
  return catalogue;
}

Result<std::vector<Person>> ReadPersons(const std::filesystem::path& folder,
                                        const Catalogue& catalogue) {
  KSTATI_TRY(const std::vector<json> expected, ReadJsonLines(folder / "expected.jsonl"));
  std::map<std::string, std::set<std::string, std::less<>>> eligible;
  for (const json& line : expected) {
    auto& ids = eligible[TextOf(line["id"])];
    for (const json& id : line.value("eligible", json::array())) {
      if (!catalogue.ids.contains(TextOf(id))) {
        return Fail(ErrorCode::kNotFound, "there is no such service", TextOf(id));
      }
      ids.insert(TextOf(id));
    }
  }
  KSTATI_TRY(const std::vector<json> lines, ReadJsonLines(folder / "persons.jsonl"));
  std::vector<Person> persons;
  for (const json& line : lines) {
    KSTATI_TRY(Person person, ReadPerson(line, catalogue.facts));
    const auto answers = eligible.find(person.id);
    if (answers == eligible.end()) {
      return Fail(ErrorCode::kNotFound, "there are no expected answers", "person " + person.id);
    }
    person.expected = answers->second;
    persons.push_back(std::move(person));
  }
  return persons;
}

}  // namespace kstati::neutral
