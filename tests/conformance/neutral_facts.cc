// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/neutral_facts.h"

#include <algorithm>
#include <cctype>

#include "base/decimal.h"
#include "base/time.h"
#include "eligibility/feel/lexer.h"

namespace kstati::neutral {

using eligibility::feel::Binding;
using eligibility::feel::Type;
using eligibility::feel::Value;
using nlohmann::json;

namespace {

// The words that catalogues use for the types of facts.
const std::map<std::string, Fact::Form, std::less<>> kForms{
    {"any", Fact::Form::kAny},       {"enum", Fact::Form::kCode},
    {"code", Fact::Form::kCode},     {"set", Fact::Form::kSet},
    {"number", Fact::Form::kNumber}, {"integer", Fact::Form::kNumber},
    {"int", Fact::Form::kNumber},    {"decimal", Fact::Form::kNumber},
    {"money", Fact::Form::kNumber},  {"boolean", Fact::Form::kBoolean},
    {"bool", Fact::Form::kBoolean},  {"string", Fact::Form::kString},
    {"text", Fact::Form::kString},   {"date", Fact::Form::kDate},
    {"list", Fact::Form::kList},     {"array", Fact::Form::kList},
    {"object", Fact::Form::kList},
};

Result<Fact> ReadFact(const json& entry);

// [{"name": "age", "type": "number"}, ...] or {"age": "number", ...}
Result<std::vector<Fact>> ReadFields(const json& fields) {
  std::vector<Fact> read;
  for (const auto& [name, field] : fields.items()) {
    json named = field.is_string() ? json{{"type", field}} : field;
    if (fields.is_object() && named.is_object()) named["name"] = name;
    KSTATI_TRY(Fact fact, ReadFact(named));
    read.push_back(std::move(fact));
  }
  return read;
}

// What a list holds: "fields" of objects, or "of" (or "items"): a type, or an object with fields.
Result<std::vector<Fact>> ReadMember(const json& entry) {
  if (entry.contains("fields")) return ReadFields(entry["fields"]);
  const char* key = entry.contains("of") ? "of" : "items";
  if (!entry.contains(key)) return std::vector<Fact>{};
  json member = entry[key].is_string() ? json{{"type", entry[key]}} : entry[key];
  if (member.is_object() && member.contains("fields")) return ReadFields(member["fields"]);
  if (member.is_object() && TextOf(member.value("type", json())) == "object") {
    return std::vector<Fact>{};
  }
  if (member.is_object()) member["name"] = "";
  KSTATI_TRY(Fact only, ReadFact(member));
  only.feel_name.clear();
  return std::vector<Fact>{std::move(only)};
}

Result<Fact> ReadFact(const json& entry) {
  if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string()) {
    return Fail(ErrorCode::kInvalidArgument, "a fact has no name", "facts.json");
  }
  Fact fact;
  fact.name = entry["name"].get<std::string>();
  fact.feel_name = FeelName(fact.name);
  const std::string type =
      TextOf(entry.value("type", json(entry.contains("values") ? "enum" : "any")));
  const auto form = kForms.find(type);
  if (form == kForms.end()) {
    return Fail(ErrorCode::kUnsupported, "unknown type \"" + type + "\"", "fact " + fact.name);
  }
  fact.form = form->second;
  for (const json& value : entry.value("values", json::array())) {
    fact.values.push_back(TextOf(value));
  }
  if (fact.form == Fact::Form::kList && !fact.values.empty()) fact.form = Fact::Form::kSet;
  if (fact.form == Fact::Form::kList) {
    KSTATI_TRY(fact.fields, ReadMember(entry));
  }
  return fact;
}

std::optional<Value> Optional(bool fits, Value value) {
  return fits ? std::optional(std::move(value)) : std::nullopt;
}

// A number, or a text that is one: catalogues that keep decimals exact write them so.
std::optional<Value> NumberOf(const json& value) {
  const auto number = Decimal::Parse(TextOf(value));
  return Optional(number.has_value(), Value::Number(number.value_or(Decimal())));
}

std::optional<Value> DateOf(const json& value) {
  const auto date = Date::Parse(TextOf(value));
  return Optional(date.has_value(), Value::OfDate(date.value_or(Date())));
}

std::optional<Value> ListOf(const Fact& member, const json& array) {
  if (!array.is_array()) return std::nullopt;
  std::vector<Value> items;
  for (const json& each : array) {
    auto item = ValueOf(member, each);
    if (!item) return std::nullopt;
    items.push_back(*std::move(item));
  }
  return Value::List(std::move(items));
}

// Every declared field has an entry, null when it is not given.
std::optional<Value> ObjectOf(const std::vector<Fact>& fields, const json& object) {
  if (!object.is_object()) return std::nullopt;
  Value::Entries entries;
  for (const Fact& field : fields) {
    auto value = ValueOf(field, object.value(field.name, json()));
    if (!value) return std::nullopt;
    entries.push_back({field.feel_name, *std::move(value)});
  }
  return Value::Context(std::move(entries));
}

// Without a declaration: as it comes.
std::optional<Value> AnyOf(const json& value) {
  if (value.is_string()) return Value::String(value.get<std::string>());
  if (value.is_boolean()) return Value::Boolean(value.get<bool>());
  if (value.is_number()) return NumberOf(value);
  if (value.is_array()) return ListOf(Fact{}, value);
  Value::Entries entries;
  for (const auto& [name, each] : value.items()) {
    auto entry = AnyOf(each);
    if (!entry) return std::nullopt;
    entries.push_back({FeelName(name), *std::move(entry)});
  }
  return Value::Context(std::move(entries));
}

}  // namespace

std::string FeelName(std::string_view name) {
  std::string word;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    word += std::isalnum(byte) != 0 || byte >= 0x80 ? c : '_';
  }
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) != 0) {
    word.insert(0, 1, '_');
  }
  if (eligibility::feel::IsKeyword(word)) word += '_';
  return word;
}

Type Fact::type() const {
  switch (form) {
    case Form::kAny: return Type::Any();
    case Form::kCode: return Type::Code(values);
    case Form::kSet: return Type::ListOf(Type::String());
    case Form::kNumber: return Type::Number();
    case Form::kBoolean: return Type::Boolean();
    case Form::kString: return Type::String();
    case Form::kDate: return Type::Date();
    case Form::kList: break;
  }
  if (fields.empty()) return Type::ListOf(Type::Any());
  if (fields.front().feel_name.empty()) return Type::ListOf(fields.front().type());
  std::vector<Type::Field> entries;
  entries.reserve(fields.size());
  for (const Fact& field : fields) entries.push_back({field.feel_name, field.type()});
  return Type::ListOf(Type::ContextOf(std::move(entries)));
}

const Fact* Fact::FindField(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Fact& fact) { return fact.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

Fact Fact::member() const {
  if (form == Form::kSet) return Fact{.form = Form::kCode, .values = values};
  const bool plain = fields.size() == 1 && fields.front().feel_name.empty();
  return plain ? fields.front() : Fact{};
}

std::optional<Value> ValueOf(const Fact& fact, const json& value) {
  if (value.is_null()) return Value::Null();
  switch (fact.form) {
    case Fact::Form::kAny: return AnyOf(value);
    case Fact::Form::kCode:
    case Fact::Form::kString: return Optional(!value.is_structured(), Value::String(TextOf(value)));
    case Fact::Form::kSet: return ListOf(fact.member(), value);
    case Fact::Form::kNumber: return NumberOf(value);
    case Fact::Form::kBoolean:
      return Optional(value.is_boolean(), Value::Boolean(value.is_boolean() && value.get<bool>()));
    case Fact::Form::kDate: return DateOf(value);
    case Fact::Form::kList: break;
  }
  const bool plain = fact.fields.empty() || fact.fields.front().feel_name.empty();
  if (plain || !value.is_array()) return ListOf(fact.member(), value);
  std::vector<Value> members;
  for (const json& each : value) {
    auto member = ObjectOf(fact.fields, each);
    if (!member) return std::nullopt;
    members.push_back(*std::move(member));
  }
  return Value::List(std::move(members));
}

Result<Facts> Facts::Read(const json& array) {
  Facts facts;
  for (const json& entry : array) {
    KSTATI_TRY(Fact fact, ReadFact(entry));
    const auto slot = static_cast<uint32_t>(facts.all_.size());
    if (!facts.by_name_.emplace(fact.name, slot).second ||
        !facts.by_feel_name_.emplace(fact.feel_name, slot).second) {
      return Fail(ErrorCode::kConflict, "two facts have one name", "fact " + fact.name);
    }
    facts.all_.push_back(std::move(fact));
  }
  return facts;
}

std::optional<uint32_t> Facts::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Binding> Facts::Resolve(std::string_view feel_name) const {
  const auto found = by_feel_name_.find(feel_name);
  if (found == by_feel_name_.end()) return std::nullopt;
  return Binding{found->second, all_[found->second].type()};
}

std::vector<std::string> Facts::Names() const {
  std::vector<std::string> names;
  names.reserve(all_.size());
  for (const Fact& fact : all_) names.push_back(fact.feel_name);
  return names;
}

std::string TextOf(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace kstati::neutral
