// SPDX-License-Identifier: Apache-2.0
// What formulas of decision models have beside those of rules: named parts, knowledge that is
// applied, types, and decision tables (DMN 1.5, 8.2).
#include <algorithm>
#include <array>
#include <utility>

#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::CollectMissing;
using eligibility::feel::InputId;
using eligibility::feel::UnionOfUnknowns;
using nlohmann::json;

std::optional<Value> ConvertedItems(const Value& list, const json& element) {
  std::vector<Value> items;
  for (const Value& item : list.list()) {
    std::optional<Value> converted = Converted(item, element);
    if (!converted) return std::nullopt;
    items.push_back(*std::move(converted));
  }
  return Value::List(std::move(items));
}

// Entries that the type names must be there; others stay as they are.
std::optional<Value> ConvertedEntries(const Value& context, const json& fields) {
  Value::Entries entries = context.context();
  size_t found = 0;
  for (Value::Entry& entry : entries) {
    const auto field = fields.find(entry.name);
    if (field == fields.end()) continue;
    std::optional<Value> converted = Converted(entry.value, *field);
    if (!converted) return std::nullopt;
    entry.value = *std::move(converted);
    ++found;
  }
  if (found != fields.size()) return std::nullopt;
  return Value::Context(std::move(entries));
}

// What the rules of a table come to.
struct Matches {
  std::vector<Value> sure;
  std::vector<Value> possible;   // of the rules that may match
  std::vector<InputId> missing;  // what decides about those
};

Value AllMissing(Matches matches) {
  for (const auto* outputs : {&matches.sure, &matches.possible}) {
    for (const Value& output : *outputs) CollectMissing(output, matches.missing);
  }
  return Value::Unknown(matches.missing);
}

// The first sure output when the possible ones are the same.
Value OneOf(Matches matches) {
  const Value& sure = matches.sure.front();
  const bool same = std::ranges::all_of(matches.possible,
                                        [&](const Value& each) { return Identical(each, sure); });
  if (same) return sure;
  matches.sure.resize(1);
  return AllMissing(std::move(matches));
}

// The output of all rules that match, null when they differ.
Value TheSame(const std::vector<Value>& outputs) {
  Value same = Value::Boolean(true);
  for (const Value& each : outputs) same = And(same, *Compared("=", each, outputs.front()));
  if (same.is_true()) return outputs.front();
  return same.is_unknown() ? same : Value::Null();
}

}  // namespace

std::optional<Value> Converted(const Value& value, const json& type) {
  if (type.is_null() || value.is_null() || value.is_unknown()) return value;
  if (type.is_object() && type.contains("list")) {
    if (value.is(Kind::kList)) return ConvertedItems(value, type.at("list"));
    std::optional<Value> item = Converted(value, type.at("list"));
    if (!item) return std::nullopt;
    return Value::List({*std::move(item)});
  }
  if (value.is(Kind::kList)) {
    if (value.list().size() != 1) return std::nullopt;
    return Converted(Value(value.list().front()), type);
  }
  if (type.is_object() && type.contains("range")) {
    return IsOfType(value, type).is_false() ? std::nullopt : std::optional(value);
  }
  if (type.is_object()) {
    if (!value.is(Kind::kContext)) return std::nullopt;
    return ConvertedEntries(value, type.at("context"));
  }
  const Kind kind = KindNamed(type.get<std::string>());
  if (value.is(Kind::kDate) && kind == Kind::kDateTime) {
    return Value::OfDateTime({value.date(), 0, {true, 0}});
  }
  return value.is(kind) ? std::optional(value) : std::nullopt;
}

Value Formula::List(const Form& formula) {
  std::vector<Value> items;
  for (size_t i = 1; i < formula.size(); ++i) items.push_back(Compute(formula.at(i)));
  return Value::List(std::move(items));
}

// ["let", [[i, f]...], body]
Value Formula::Let(const Form& formula) {
  for (const Form& part : formula.at(1)) {
    locals_[part.at(0).get<int64_t>()] = Compute(part.at(1));
  }
  return Compute(formula.at(2));
}

// ["apply", [[i, type, f]...], body]: arguments of wrong types make the result null.
Value Formula::Apply(const Form& formula) {
  std::vector<Value> arguments;
  for (const Form& part : formula.at(1)) arguments.push_back(Compute(part.at(2)));
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Form& part = formula.at(1).at(i);
    std::optional<Value> converted = Converted(arguments[i], part.at(1));
    if (!converted) return Value::Null();
    locals_[part.at(0).get<int64_t>()] = *std::move(converted);
  }
  return Compute(formula.at(2));
}

// ["serve", [[i, f, j, f]...], body]: a decision service. Local j is what its parameter makes of
// the argument in local i; when that is null though the argument is not, so is the result.
Value Formula::Serve(const Form& formula) {
  std::vector<Value> arguments;
  for (const Form& part : formula.at(1)) arguments.push_back(Compute(part.at(1)));
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Form& part = formula.at(1).at(i);
    locals_[part.at(0).get<int64_t>()] = arguments[i];
    Value taken = Compute(part.at(3));
    if (taken.is_null() && !arguments[i].is_null()) return Value::Null();
    locals_[part.at(2).get<int64_t>()] = std::move(taken);
  }
  return Compute(formula.at(2));
}

// The value as the type has it, null when it is not or fails a test. What is unknown passes.
Value Formula::Conformed(const Value& value, const Form& type) {
  std::optional<Value> converted = Converted(value, type.at("form"));
  if (!converted || !Passes(*converted, type)) return Value::Null();
  return *std::move(converted);
}

bool Formula::Passes(const Value& value, const Form& type) {
  if (type.is_null() || value.is_null() || value.is_unknown()) return true;
  if (type.contains("tests")) {
    locals_[type.at("local").get<int64_t>()] = value;
    for (const Form& test : type.at("tests")) {
      const Value passes = Compute(test);
      if (!passes.is_true() && !passes.is_unknown()) return false;
    }
  }
  if (value.is(Kind::kList) && type.contains("element")) {
    return std::ranges::all_of(value.list(),
                               [&](const Value& item) { return Passes(item, type.at("element")); });
  }
  if (!value.is(Kind::kContext) || !type.contains("entries")) return true;
  const Form& entries = type.at("entries");
  return std::all_of(entries.begin(), entries.end(), [&](const Form& entry) {
    const Value* part = value.Find(entry.at(0).get<std::string>());
    return part == nullptr || Passes(*part, entry.at(1));
  });
}

// False when an input has a value that the table does not admit.
bool Formula::TakeInputs(const Form& table) {
  for (const Form& input : table.at("inputs")) {
    const auto local = input.at("local").get<int64_t>();
    const Value value = Compute(input.at("value"));
    locals_[local] = value;
    if (!input.contains("valid") || value.is_null()) continue;
    if (Compute(input.at("valid")).is_false()) return false;
  }
  return true;
}

// True, unknown, or false: so every cell that is neither true nor unknown.
Value Formula::Match(const Form& rule) {
  Value all = Value::Boolean(true);
  for (const Form& test : rule.at("tests")) {
    const Value cell = Compute(test);
    if (!cell.is_true() && !cell.is_unknown()) return Value::Boolean(false);
    all = And(all, cell);
  }
  return all;
}

Value Formula::OutputOf(const Form& table, const Form& rule) {
  const Form& outputs = rule.at("outputs");
  Require(outputs.size() == table.at("outputs").size(), "a rule of a table has a wrong form");
  if (outputs.size() == 1) return Compute(outputs.at(0));
  Value::Entries entries;
  for (size_t i = 0; i < outputs.size(); ++i) {
    entries.push_back(
        {table.at("outputs").at(i).at("name").get<std::string>(), Compute(outputs.at(i))});
  }
  return Value::Context(std::move(entries));
}

Value Formula::DefaultOf(const Form& table) {
  const Form& outputs = table.at("outputs");
  const auto given = [](const Form& output) { return output.contains("default"); };
  if (std::none_of(outputs.begin(), outputs.end(), given)) return Value::Null();
  if (outputs.size() == 1) return Compute(outputs.at(0).at("default"));
  Value::Entries entries;
  for (const Form& output : outputs) {
    entries.push_back({output.at("name").get<std::string>(),
                       given(output) ? Compute(output.at("default")) : Value::Null()});
  }
  return Value::Context(std::move(entries));
}

Value Formula::Table(const Form& table) {
  if (!TakeInputs(table)) return Value::Null();
  const auto policy = table.at("policy").get<std::string>();
  const bool first = policy == "first";
  Matches matches;
  for (const Form& rule : table.at("rules")) {
    const Value match = Match(rule);
    if (match.is_false()) continue;
    Value output = OutputOf(table, rule);
    (match.is_true() ? matches.sure : matches.possible).push_back(std::move(output));
    if (match.is_unknown()) CollectMissing(match, matches.missing);
    if (match.is_true() && first) break;
  }
  if (first) {
    if (matches.sure.empty()) matches.sure.push_back(DefaultOf(table));
    return OneOf(std::move(matches));
  }
  if (!matches.possible.empty()) {
    if (policy != "any" || matches.sure.empty()) return AllMissing(std::move(matches));
    const Value same = TheSame(matches.sure);
    if (same.is_unknown()) return AllMissing(std::move(matches));
    return Identical(same, matches.sure.front()) ? OneOf(std::move(matches)) : Value::Null();
  }
  const bool aggregates = table.contains("aggregation");
  const auto aggregation = table.value("aggregation", std::string());
  if (matches.sure.empty() && aggregation != "count") return DefaultOf(table);
  if (aggregates) {
    const bool one = table.at("outputs").size() == 1 || aggregation == "count";
    return one ? OfItems(aggregation, {Value::List(std::move(matches.sure))}) : Value::Null();
  }
  if (policy == "unique") return matches.sure.size() == 1 ? matches.sure.front() : Value::Null();
  if (policy == "any") return TheSame(matches.sure);
  if (policy == "collect" || policy == "rule order") return Value::List(std::move(matches.sure));
  Value ordered = ByPriority(table, std::move(matches.sure));
  if (policy == "output order" || ordered.is_unknown()) return ordered;
  Require(policy == "priority", "a table has an unknown hit policy");
  return ordered.list().front();
}

// In the order of the lists of priorities, compared column by column; what none of them has is
// last.
Value Formula::ByPriority(const Form& table, std::vector<Value> outputs) {
  const Form& columns = table.at("outputs");
  std::vector<std::vector<Value>> priorities;
  for (const Form& column : columns) {
    const Value list =
        column.contains("priorities") ? Compute(column.at("priorities")) : Value::List({});
    priorities.push_back(list.is(Kind::kList) ? list.list() : std::vector<Value>());
  }
  const bool unknown =
      std::ranges::any_of(outputs, [](const Value& output) { return output.has_unknown(); });
  if (unknown) return UnionOfUnknowns(outputs);
  const auto rank = [&](const Value& output, size_t column) {
    const Value& value = columns.size() == 1 ? output : output.context().at(column).value;
    const std::vector<Value>& order = priorities[column];
    size_t place = 0;
    while (place < order.size() && !Compared("=", value, order[place])->is_true()) ++place;
    return place;
  };
  const auto before = [&](const Value& a, const Value& b) {
    for (size_t column = 0; column < columns.size(); ++column) {
      const size_t of_a = rank(a, column);
      const size_t of_b = rank(b, column);
      if (of_a != of_b) return of_a < of_b;
    }
    return false;
  };
  std::ranges::stable_sort(outputs, before);
  return Value::List(std::move(outputs));
}

}  // namespace kstati::certificate_verifier
