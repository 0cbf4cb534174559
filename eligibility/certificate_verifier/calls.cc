// SPDX-License-Identifier: Apache-2.0
// Formulas with functions as values, and of types.
#include <algorithm>
#include <utility>

#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {

using eligibility::feel::FunctionData;
using eligibility::feel::UnionOfUnknowns;

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

// True, false, or unknown where a part is open.
Value IsOf(const Value& value, const nlohmann::json& type);

Value AreAll(const Value& whole,
             const std::vector<std::pair<const Value*, nlohmann::json>>& parts) {
  bool open = false;
  for (const auto& [part, type] : parts) {
    if (part->is_null()) continue;
    const Value one = IsOf(*part, type);
    if (one.is_false()) return one;
    open |= one.is_unknown();
  }
  return open ? UnionOfUnknowns(std::span(&whole, 1)) : Value::Boolean(true);
}

Value IsOf(const Value& value, const nlohmann::json& type) {
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
  if (type.is_object()) {
    if (!value.is(Kind::kContext)) return Value::Boolean(false);
    for (const auto& [name, of] : type.at("context").items()) {
      const Value* entry = value.Find(name);
      if (entry == nullptr) return Value::Boolean(false);
      parts.emplace_back(entry, of);
    }
    return AreAll(value, parts);
  }
  // A list of one would be converted to its item, which is of another type than the list.
  if (value.is(Kind::kList)) return Value::Boolean(false);
  return Value::Boolean(Converted(value, type).has_value());
}

}  // namespace

// ["instance of", type, f]
Value Formula::InstanceOf(const Form& formula) {
  return IsOf(Compute(formula.at(2)), formula.at(1));
}

}  // namespace kstati::certificate_verifier
