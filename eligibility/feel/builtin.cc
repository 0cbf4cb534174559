// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/check.h"

namespace kstati::eligibility::feel {
namespace {

Type TypeOfLetter(char letter) {
  switch (letter) {
    case 'b': return Type::Boolean();
    case 'n': return Type::Number();
    case 's': return Type::String();
    case 'd': return Type::Date();
    case 't': return Type::Of(Kind::kTime);
    case 'z': return Type::Of(Kind::kDateTime);
    case 'm': return Type::Of(Kind::kMonthsDuration);
    case 'u': return Type::Of(Kind::kTimeDuration);
    case 'l': return Type::Of(Kind::kList);
    case 'c': return Type::Of(Kind::kContext);
    case 'r': return Type::Of(Kind::kRange);
    case 'f': return Type::Of(Kind::kFunction);
    case 'x': return Type::Any();
    default: KSTATI_CHECK(false); return {};
  }
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Splits at `separator`; an empty text has no parts.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = text.find(separator);
    parts.push_back(Trim(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return parts;
}

Signature ParseSignature(std::string_view text, bool& variadic) {
  Signature signature;
  for (const std::string_view part : Split(text, ',')) {
    const size_t colon = part.find(':');
    KSTATI_CHECK(colon != std::string_view::npos && colon + 2 == part.size());
    Parameter parameter;
    std::string_view name = part.substr(0, colon);
    parameter.type = TypeOfLetter(part[colon + 1]);
    if (name.ends_with("...")) {
      variadic = true;
      name.remove_suffix(3);
    }
    if (name.ends_with('?')) {
      parameter.optional = true;
      name.remove_suffix(1);
    }
    parameter.name = std::string(name);
    signature.push_back(std::move(parameter));
  }
  return signature;
}

void Append(std::vector<Builtin>& all, std::vector<Builtin> part) {
  std::move(part.begin(), part.end(), std::back_inserter(all));
}

std::vector<Builtin> MakeBuiltins() {
  std::vector<Builtin> all;
  Append(all, NumericBuiltins());
  Append(all, StringBuiltins());
  Append(all, ListBuiltins());
  Append(all, AggregateBuiltins());
  Append(all, TemporalBuiltins());
  Append(all, RangeBuiltins());
  Append(all, ContextBuiltins());
  Append(all, ConversionBuiltins());
  Append(all, BooleanBuiltins());
  for (Builtin& builtin : all) {
    for (const std::string_view alternative : Split(builtin.parameters, '|')) {
      builtin.signatures.push_back(ParseSignature(alternative, builtin.variadic));
    }
    if (builtin.signatures.empty()) builtin.signatures.emplace_back();
  }
  return all;
}

}  // namespace

const std::vector<Builtin>& Builtins() {
  static const auto* const builtins = new std::vector<Builtin>(MakeBuiltins());
  return *builtins;
}

std::optional<uint32_t> FindBuiltin(std::string_view name) {
  static const auto* const index = [] {
    auto* const made = new std::map<std::string_view, uint32_t>;
    for (uint32_t i = 0; i < Builtins().size(); ++i) (*made)[Builtins()[i].name] = i;
    return made;
  }();
  const auto found = index->find(name);
  if (found == index->end()) return std::nullopt;
  return found->second;
}

std::optional<ArgumentOrder> OrderNamedArguments(const Builtin& builtin,
                                                 std::span<const std::string> names) {
  for (size_t i = 0; i < builtin.signatures.size(); ++i) {
    ArgumentOrder order{i, {}};
    size_t used = 0;
    bool complete = true;
    for (const Parameter& parameter : builtin.signatures[i]) {
      const auto found = std::find(names.begin(), names.end(), parameter.name);
      if (found != names.end()) {
        order.positions.push_back(static_cast<uint32_t>(found - names.begin()));
        ++used;
      } else {
        order.positions.push_back(kAbsentArgument);
        complete = complete && parameter.optional;
      }
    }
    if (!complete || used != names.size()) continue;
    while (!order.positions.empty() && order.positions.back() == kAbsentArgument) {
      order.positions.pop_back();
    }
    return order;
  }
  return std::nullopt;
}

namespace {

// `argument` as `parameter` wants it; nullopt when it does not fit.
std::optional<Value> Coerce(const Value& argument, const Parameter& parameter) {
  if (parameter.type.is_any() || argument.is_unknown()) return argument;
  const Kind wanted = parameter.type.kind();
  if (argument.is(wanted)) return argument;
  if (argument.is_null()) return parameter.optional ? std::optional(argument) : std::nullopt;
  if (wanted == Kind::kList) return Value::List({argument});
  if (!argument.is(Kind::kList) || argument.list().size() != 1) return std::nullopt;
  const Value& only = argument.list().front();
  if (only.is(wanted) || only.is_unknown()) return only;
  return std::nullopt;
}

bool CountFits(const Builtin& builtin, const Signature& signature, size_t count) {
  size_t required = 0;
  for (const Parameter& parameter : signature) required += parameter.optional ? 0 : 1;
  return count >= required && (builtin.variadic || count <= signature.size());
}

// Whether Coerce would give the argument itself.
bool FitsAsItIs(const Value& argument, const Parameter& parameter) {
  return parameter.type.is_any() || argument.is_unknown() || argument.is(parameter.type.kind()) ||
         (argument.is_null() && parameter.optional);
}

bool CoerceAll(const Signature& signature, std::vector<Value>& arguments) {
  bool all_fit = true;
  for (size_t i = 0; i < arguments.size() && i < signature.size(); ++i) {
    all_fit = all_fit && FitsAsItIs(arguments[i], signature[i]);
  }
  if (all_fit) return true;
  std::vector<Value> coerced;
  for (size_t i = 0; i < arguments.size() && i < signature.size(); ++i) {
    auto fitting = Coerce(arguments[i], signature[i]);
    if (!fitting) return false;
    coerced.push_back(*std::move(fitting));
  }
  std::move(coerced.begin(), coerced.end(), arguments.begin());
  return true;
}

// f(a, b, c) of a variadic function means f([a, b, c]), f(a) means f([a]).
void GatherItems(std::vector<Value>& arguments) {
  if (arguments.size() == 1 && (arguments[0].is(Kind::kList) || arguments[0].is_null())) return;
  if (arguments.size() == 1 && arguments[0].is_unknown()) return;
  std::vector<Value> gathered{Value::List(std::move(arguments))};
  arguments = std::move(gathered);
}

bool SameNames(const Signature& a, const Signature& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Parameter& x, const Parameter& y) { return x.name == y.name; });
}

bool IsHeld(UnknownRule rule, const Value& argument) {
  if (rule == UnknownRule::kDeep) return argument.has_unknown();
  return rule == UnknownRule::kShallow && argument.is_unknown();
}

}  // namespace

Value RunBuiltin(const Builtin& builtin, std::vector<Value>& arguments, CallContext& call,
                 std::optional<size_t> only) {
  bool count_fits = false;
  bool fits = false;
  for (size_t i = 0; i < builtin.signatures.size(); ++i) {
    const Signature& signature = builtin.signatures[i];
    if (only && !SameNames(signature, builtin.signatures[*only])) continue;
    if (!CountFits(builtin, signature, arguments.size())) continue;
    count_fits = true;
    if (builtin.gathers()) GatherItems(arguments);
    fits = CoerceAll(signature, arguments);
    if (fits) break;
  }
  if (!fits) {
    return call.Fail(count_fits ? "an argument is of a wrong type" : "wrong number of arguments");
  }
  const bool held = std::any_of(arguments.begin(), arguments.end(), [&](const Value& argument) {
    return IsHeld(builtin.unknown, argument);
  });
  return held ? UnionOfUnknowns(arguments) : builtin.run(arguments, call);
}

std::string UsageOf(const Builtin& builtin) {
  std::string text;
  for (const Signature& signature : builtin.signatures) {
    if (!text.empty()) text += " or ";
    text += std::string(builtin.name) + "(";
    for (size_t i = 0; i < signature.size(); ++i) {
      if (i > 0) text += ", ";
      text += signature[i].name + (signature[i].optional ? "?" : "");
      if (builtin.variadic && i + 1 == signature.size()) text += "...";
    }
    text += ")";
  }
  return text;
}

}  // namespace kstati::eligibility::feel
