// SPDX-License-Identifier: Apache-2.0
// Formulas with functions as values, and of types.
#include <algorithm>
#include <array>
#include <utility>

#include "eligibility/certificate_verifier/any_functions.h"
#include "eligibility/certificate_verifier/fitting.h"

namespace kstati::certificate_verifier {

using eligibility::feel::FunctionData;
using eligibility::feel::UnionOfUnknowns;

Kind KindNamed(const std::string& word) {
  constexpr std::array<std::pair<const char*, Kind>, 9> kKinds{{{"boolean", Kind::kBoolean},
                                                                {"number", Kind::kNumber},
                                                                {"text", Kind::kString},
                                                                {"date", Kind::kDate},
                                                                {"time", Kind::kTime},
                                                                {"moment", Kind::kDateTime},
                                                                {"months", Kind::kMonthsDuration},
                                                                {"days", Kind::kTimeDuration},
                                                                {"context", Kind::kContext}}};
  for (const auto& [name, kind] : kKinds) {
    if (word == name) return kind;
  }
  throw Rejected("a formula speaks of the type " + word);
}

// ["function", [[i, type]...], [captured local...], body]: what it captures is part of the value,
// as what is unknown of it shows.
Value Formula::Function(const Form& formula) {
  Closure closure{&formula, locals_};
  FunctionData function;
  for (const Form& local : formula.at(2)) {
    function.captures.push_back(locals_.at(local.get<int64_t>()));
  }
  function.form = FunctionData::Form::kLambda;
  function.index = static_cast<uint32_t>(closures_.size());
  closures_.push_back(std::move(closure));
  return Value::OfFunction(std::move(function));
}

Value Formula::Invoke(const Value& function, const std::vector<Value>& arguments) {
  if (!function.is(Kind::kFunction)) return Value::Null();
  const Closure closure = closures_.at(function.function().index);
  const Form& parameters = closure.formula->at(1);
  if (arguments.size() != parameters.size()) return Value::Null();
  std::map<int64_t, Value> own = closure.captured;
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::optional<Value> converted = Converted(arguments[i], parameters.at(i).at(1));
    if (!converted) return Value::Null();
    own[parameters.at(i).at(0).get<int64_t>()] = *std::move(converted);
  }
  std::swap(own, locals_);
  Value result = Compute(closure.formula->at(3));
  std::swap(own, locals_);
  return result;
}

// ["invoke", function, f...]
Value Formula::Invoke(const Form& formula) {
  const Value function = Compute(formula.at(1));
  std::vector<Value> arguments;
  for (size_t i = 2; i < formula.size(); ++i) arguments.push_back(Compute(formula.at(i)));
  if (function.is_unknown()) {
    arguments.push_back(function);
    return UnionOfUnknowns(arguments);
  }
  return Invoke(function, arguments);
}

// ["invoke by name", function, [name...], f...]: all parameters, in any order. Each is [i, type,
// name].
Value Formula::InvokeByName(const Form& formula) {
  const Value function = Compute(formula.at(1));
  const Form& names = formula.at(2);
  std::vector<Value> given;
  for (size_t i = 3; i < formula.size(); ++i) given.push_back(Compute(formula.at(i)));
  Require(given.size() == names.size(), "a call has another number of names than of arguments");
  if (function.is_unknown()) {
    given.push_back(function);
    return UnionOfUnknowns(given);
  }
  if (!function.is(Kind::kFunction)) return Value::Null();
  const Form& parameters = closures_.at(function.function().index).formula->at(1);
  std::vector<Value> ordered;
  for (const Form& parameter : parameters) {
    const auto place = std::find(names.begin(), names.end(), parameter.at(2));
    if (place == names.end() || given.size() != parameters.size()) return Value::Null();
    ordered.push_back(given[static_cast<size_t>(place - names.begin())]);
  }
  return ordered.size() == given.size() ? Invoke(function, ordered) : Value::Null();
}

// ["define", {name: function}, f]: what "knowledge" of a name means in f and in the functions.
Value Formula::Define(const Form& formula) {
  Require(definitions_ == nullptr, "a formula defines knowledge twice");
  definitions_ = &formula.at(1);
  return Compute(formula.at(2));
}

Value Formula::Knowledge(const std::string& name) {
  Require(definitions_ != nullptr && definitions_->contains(name), "knowledge is not defined");
  std::map<int64_t, Value> none;  // it sees nothing of who applies it
  std::swap(none, locals_);
  Value function = Compute(definitions_->at(name));
  std::swap(none, locals_);
  return function;
}

namespace {

Value AreAll(const Value& whole,
             const std::vector<std::pair<const Value*, nlohmann::json>>& parts) {
  bool open = false;
  for (const auto& [part, type] : parts) {
    if (part->is_null()) continue;
    const Value one = IsOfType(*part, type);
    if (one.is_false()) return one;
    open |= one.is_unknown();
  }
  return open ? UnionOfUnknowns(std::span(&whole, 1)) : Value::Boolean(true);
}

}  // namespace

Value IsOfType(const Value& value, const nlohmann::json& type) {
  if (value.is_unknown()) return value;
  if (value.is_null()) return Value::Boolean(false);
  if (type.is_null()) return Value::Boolean(true);
  std::vector<std::pair<const Value*, nlohmann::json>> parts;
  if (type.is_object() && type.contains("list")) {
    if (!value.is(Kind::kList)) return Value::Boolean(false);
    if (type.at("list").is_null()) return Value::Boolean(true);
    for (const Value& item : value.list()) parts.emplace_back(&item, type.at("list"));
    return AreAll(value, parts);
  }
  if (type.is_object() && type.contains("range")) {
    if (!value.is(Kind::kRange)) return Value::Boolean(false);
    if (type.at("range").is_null()) return Value::Boolean(true);
    return AreAll(
        value, {{&value.range().start, type.at("range")}, {&value.range().end, type.at("range")}});
  }
  if (type.is_object()) {
    if (!value.is(Kind::kContext)) return Value::Boolean(false);
    for (const auto& [name, of] : type.at("context").items()) {
      const Value* entry = value.Find(name);
      if (entry == nullptr) return Value::Boolean(false);
      parts.emplace_back(entry, of);
    }
    return AreAll(value, parts);
  }
  return Value::Boolean(value.is(KindNamed(type.get<std::string>())));
}

// ["instance of", type, f]
Value Formula::InstanceOf(const Form& formula) {
  return IsOfType(Compute(formula.at(2)), formula.at(1));
}

namespace {

// The letter of a parameter that tells forms of one function apart (fitting.h).
char LetterOf(const std::string& parameter) {
  static const std::map<std::string, char> kLetters{
      {"range", 'r'},  {"range1", 'r'}, {"range2", 'r'},   {"point", 'x'}, {"point1", 'x'},
      {"point2", 'x'}, {"m", 'c'},      {"context", 'c'},  {"key", 's'},   {"keys", 'l'},
      {"value", 'x'},  {"list", 'l'},   {"position", 'n'}, {"match", 'f'}, {"newItem", 'x'}};
  const auto letter = kLetters.find(parameter);
  Require(letter != kLetters.end(), "no form of a function is told by " + parameter);
  return letter->second;
}

}  // namespace

// ["call by name", function, [parameter...], f...]: the form of the function with those parameters,
// and no other.
Value Formula::CallByName(const Form& formula) {
  std::string letters;
  for (const Form& parameter : formula.at(2)) letters += LetterOf(parameter.get<std::string>());
  std::vector<Value> arguments;
  for (size_t i = 3; i < formula.size(); ++i) arguments.push_back(Compute(formula.at(i)));
  const std::optional<Fitting> fitting = Fit(letters, arguments);
  Require(fitting.has_value(), "a call has another number of names than of arguments");
  if (!fitting->fits) return Value::Null();
  const auto name = formula.at(1).get<std::string>();
  const std::optional<Value> value = OfAny(name, fitting->arguments, *this);
  Require(value.has_value(), "a formula calls " + name);
  return *value;
}

}  // namespace kstati::certificate_verifier
