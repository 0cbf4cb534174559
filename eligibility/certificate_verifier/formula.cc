// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/formula.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "eligibility/certificate_verifier/any_functions.h"
#include "eligibility/certificate_verifier/functions.h"
#include "eligibility/certificate_verifier/moments.h"
#include "eligibility/feel/temporal.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::CollectMissing;
using eligibility::feel::InputId;
using eligibility::feel::UnionOfUnknowns;
using nlohmann::json;

// Far above any rule of law; keeps a forged certificate from occupying the verifier.
constexpr uint64_t kStepsMax = 1'000'000;
constexpr int kDepthMax = 3000;

// --- Functions ---

Value SumOf(const std::vector<Value>& items) {
  std::optional<Decimal> sum = Decimal();
  for (const Value& item : items) {
    if (!item.is(Kind::kNumber)) return Value::Null();
    if (sum) sum = sum->Add(item.number());
  }
  return items.empty() ? Value::Null() : NumberOrNull(sum);
}

Value Extreme(const std::vector<Value>& items, int sign) {
  if (items.empty()) return Value::Null();
  const Value* best = &items.front();
  for (const Value& item : items) {
    const std::optional<int> order = OrderOf(item, *best);
    if (!order) return Value::Null();
    if (*order * sign > 0) best = &item;
  }
  return *best;
}

}  // namespace

Value OfItems(const std::string& name, std::vector<Value> arguments) {
  const bool bare = arguments.size() == 1 &&
                    (arguments[0].is(Kind::kList) || EitherUnknown(arguments[0], arguments[0]));
  const Value list = bare ? arguments[0] : Value::List(std::move(arguments));
  if (list.is_unknown()) return list;
  const std::vector<Value>& items = list.list();
  if (name == "count") return Value::Number(static_cast<int64_t>(items.size()));
  if (name == "all" || name == "any") {
    Value all = Value::Boolean(name == "all");
    for (const Value& item : items) all = name == "all" ? And(all, item) : Or(all, item);
    return all;
  }
  if (list.has_unknown()) return UnionOfUnknowns(std::span(&list, 1));
  if (name == "sum") return SumOf(items);
  if (name == "min") return Extreme(items, -1);
  Require(name == "max", "a formula calls " + name);
  return Extreme(items, 1);
}

namespace {

Value StructureOf(const std::string& kind, const json& parts) {
  std::vector<Value> items;
  Value::Entries entries;
  for (const json& part : parts) {
    if (kind == "list") items.push_back(ValueOf(part));
    if (kind != "list") entries.push_back({part.at(0).get<std::string>(), ValueOf(part.at(1))});
  }
  return kind == "list" ? Value::List(std::move(items)) : Value::Context(std::move(entries));
}

}  // namespace

Value ValueOf(const json& form) {
  if (form.is_null()) return Value::Null();
  if (form.is_boolean()) return Value::Boolean(form.get<bool>());
  Require(form.is_object() && form.size() == 1, "a value has a wrong form");
  const std::string& kind = form.begin().key();
  if (kind == "list" || kind == "entries") return StructureOf(kind, form.begin().value());
  const std::string text = form.begin().value().get<std::string>();
  if (kind == "days") {
    const auto duration = eligibility::feel::ParseTimeDuration(text);
    Require(duration.has_value(), "a duration has a wrong form");
    return Value::OfNanos(*duration);
  }
  if (kind == "text") return Value::String(text);
  if (kind == "time") {
    const auto time = eligibility::feel::ParseTime(text);
    Require(time.has_value(), "a time has a wrong form");
    return Value::OfTime(*time);
  }
  if (kind == "moment") {
    const auto moment = eligibility::feel::ParseDateTime(text);
    Require(moment.has_value(), "a date and time has a wrong form");
    return Value::OfDateTime(*moment);
  }
  if (kind == "date") {
    const auto date = eligibility::feel::ParseDate(text);
    Require(date.has_value(), "a date has a wrong form");
    return Value::OfDate(*date);
  }
  const std::optional<Decimal> number = Decimal::Parse(text);
  Require(number.has_value(), "a number has a wrong form");
  if (kind == "number") return Value::Number(*number);
  Require(kind == "months" && number->ToInt64(), "a value has an unknown kind");
  return Months(*number->ToInt64());
}

void Formula::Spend(uint64_t steps) {
  steps_ += steps;
  Require(steps_ <= kStepsMax, "a formula takes too many steps");
}

Value Formula::Compute(const Form& formula) {
  Spend(1);
  const Deeper deeper(depth_);
  Require(depth_ <= kDepthMax, "a formula nests too deeply");
  const auto& word = formula.at(0).get_ref<const std::string&>();
  if (word == "literal") return ValueOf(formula.at(1));
  if (word == "name") return world_.Read(formula.at(1).get<std::string>());
  if (word == "local") return locals_.at(formula.at(1).get<int64_t>());
  if (word == "if") return If(formula);
  if (word == "in") return In(formula);
  if (word == "context") return Context(formula);
  if (word == "entry") return Entry(formula);
  if (word == "filter") return Filter(formula);
  if (word == "position" || word == "select") return Position(formula);
  if (word == "some" || word == "every") return Quantified(formula, word == "some");
  if (word == "for") return For(formula);
  if (word == "range") return Range(formula);
  if (word == "instance of") return InstanceOf(formula);
  if (word == "call") return Call(formula);
  if (word == "call by name") return CallByName(formula);
  if (word == "path") return PartOf(Compute(formula.at(2)), formula.at(1).get<std::string>());
  if (word == "list") return List(formula);
  if (word == "let") return Let(formula);
  if (word == "apply") return Apply(formula);
  if (word == "serve") return Serve(formula);
  if (word == "conform") return Conformed(Compute(formula.at(2)), formula.at(1));
  if (word == "function") return Function(formula);
  if (word == "invoke") return Invoke(formula);
  if (word == "invoke by name") return InvokeByName(formula);
  if (word == "define") return Define(formula);
  if (word == "knowledge") return Knowledge(formula.at(1).get<std::string>());
  if (word == "table") return Table(formula.at(1));
  if (word == "convert") {
    return Converted(Compute(formula.at(2)), formula.at(1)).value_or(Value::Null());
  }
  if (word == "negate") return Negated(Compute(formula.at(1)));
  if (word == "parameter") {
    const Value id = Compute(formula.at(1));
    Require(id.is(Kind::kString), "a parameter has no name");
    if (formula.size() == 2) return world_.Parameter(id.string(), nullptr);
    const Value dimensions = Compute(formula.at(2));
    return world_.Parameter(id.string(), &dimensions);
  }
  return Operation(word, formula);
}

Value Formula::Operation(const std::string& word, const Form& formula) {
  if (word == "and" || word == "or") {
    const bool decisive = word == "or";
    Value joined = Value::Boolean(!decisive);
    for (size_t i = 1; i < formula.size(); ++i) {
      joined = Join(joined, Compute(formula.at(i)), decisive);
      if (joined.is(Kind::kBoolean) && joined.boolean() == decisive) break;
    }
    return joined;
  }
  if (word == "between") {
    const Value value = Compute(formula.at(1));
    const Value above = *Compared(">=", value, Compute(formula.at(2)));
    return And(above, *Compared("<=", value, Compute(formula.at(3))));
  }
  const Value a = Compute(formula.at(1));
  const Value b = Compute(formula.at(2));
  if (const std::optional<Value> compared = Compared(word, a, b)) return *compared;
  if (const std::optional<Value> calculated = Calculated(word, a, b)) return *calculated;
  throw Rejected("a formula uses " + word);
}

Value Formula::If(const Form& formula) {
  const Value condition = Compute(formula.at(1));
  if (condition.is_true()) return Compute(formula.at(2));
  if (condition.is_false() || condition.is_null()) return Compute(formula.at(3));
  if (!condition.is_unknown()) return Value::Null();
  const std::array<Value, 3> parts{condition, Compute(formula.at(2)), Compute(formula.at(3))};
  return Identical(parts[1], parts[2]) ? parts[1] : UnionOfUnknowns(parts);
}

Value Formula::In(const Form& formula) {
  const Value value = Compute(formula.at(1));
  Value found = Value::Boolean(false);
  for (size_t i = 2; i < formula.size() && !found.is_true(); ++i) {
    found = Or(found, Test(value, formula.at(i)));
  }
  return found;
}

Value Formula::Test(const Value& value, const Form& test) {
  if (test.at(0) == "within") return Within(value, test);
  if (test.at(0) == "member") return IsIn(value, Compute(test.at(1)));
  if (test.at(0) != "test") {
    const Value equal = Equal(value, Compute(test));
    return equal.is_null() ? Value::Boolean(false) : equal;
  }
  const auto compared = Compared(test.at(1).get<std::string>(), value, Compute(test.at(2)));
  Require(compared.has_value(), "a test compares with an unknown sign");
  return *compared;
}

// ["within", sign, least, sign, most]. Of a range that is none, with its ends in the wrong order or
// of different kinds, null is the only member.
Value Formula::Within(const Value& value, const Form& range) {
  const Value least = Compute(range.at(2));
  const Value most = Compute(range.at(4));
  const auto above = Compared(range.at(1).get<std::string>(), value, least);
  const auto below = Compared(range.at(3).get<std::string>(), value, most);
  Require(above && below, "a range compares with an unknown sign");
  const Value inside = And(*above, *below);
  if (EitherUnknown(least, most)) {
    if (inside.is_false() && !value.is_unknown()) return inside;
    const std::array<Value, 3> parts{value, least, most};
    return UnionOfUnknowns(parts);
  }
  if (least.is_null() || most.is_null()) return inside;
  const std::optional<int> order = OrderOf(least, most);
  return order && *order <= 0 ? inside : Equal(value, Value::Null());
}

Value Formula::Context(const Form& formula) {
  Value::Entries entries;
  for (size_t i = 1; i < formula.size(); ++i) {
    const Form& entry = formula.at(i);
    Value value = Compute(entry.at(2));
    locals_[entry.at(1).get<int64_t>()] = value;
    entries.push_back({entry.at(0).get<std::string>(), std::move(value)});
  }
  return Value::Context(std::move(entries));
}

Value Formula::Entry(const Form& formula) {
  const Value item = locals_.at(formula.at(2).get<int64_t>());
  if (item.is_unknown()) return item;
  const auto name = formula.at(1).get<std::string>();
  const Value* entry = item.is(Kind::kContext) ? item.Find(name) : nullptr;
  return entry != nullptr ? *entry : Compute(formula.at(3));
}

Value Formula::Call(const Form& formula) {
  const auto name = formula.at(1).get<std::string>();
  std::vector<Value> arguments;
  for (size_t i = 2; i < formula.size(); ++i) arguments.push_back(Compute(formula.at(i)));
  if (name == "today") return Value::OfDate(world_.today());
  if (name == "now") return Value::OfDateTime({world_.today(), 0, {}});
  Require(!arguments.empty(), "a call has no arguments");
  if (name == "not") return Not(Single(arguments[0]));
  if (name == "years and months duration" && arguments.size() == 2) {
    return MonthsFromTo(arguments[0], arguments[1]);
  }
  if (const std::optional<Value> value = OfScalars(name, arguments)) return *value;
  if (const std::optional<Value> value = OfAny(name, arguments, *this)) return *value;
  return arguments.size() == 1 && arguments[0].is_null() ? Value::Null()
                                                         : OfItems(name, std::move(arguments));
}

}  // namespace kstati::certificate_verifier
