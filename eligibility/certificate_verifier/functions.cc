// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/functions.h"

#include <algorithm>
#include <map>

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::Kind;
using eligibility::feel::UnionOfUnknowns;
using eligibility::feel::Value;

using Arguments = std::vector<Value>;
using Function = Value (*)(const Arguments&);

// What takes so many arguments, all of one kind.
struct Scalar {
  Kind kind;
  size_t least;
  size_t most;
  Function run;
};

Value OrNull(const std::optional<Decimal>& number) {
  return number ? Value::Number(*number) : Value::Null();
}

// To the digits of the second argument, cut off to a whole number; without one to a whole number.
template <Rounding mode>
Value Rounded(const Arguments& arguments) {
  int scale = 0;
  if (arguments.size() > 1) {
    const std::optional<Decimal> whole = arguments[1].number().Round(0, Rounding::kDown);
    const std::optional<int64_t> digits = whole ? whole->ToInt64() : std::nullopt;
    if (!digits || *digits < -6111 || *digits > 6176) return Value::Null();
    scale = static_cast<int>(*digits);
  }
  return OrNull(arguments[0].number().Round(scale, mode));
}

template <Rounding mode, size_t least>
constexpr Scalar Rounder() {
  return {Kind::kNumber, least, 2, Rounded<mode>};
}

Value Modulo(const Arguments& arguments) {
  return OrNull(arguments[0].number().Modulo(arguments[1].number()));
}

// Neither of a number that is not whole.
template <bool odd>
Value HasParity(const Arguments& arguments) {
  const Decimal number = arguments[0].number();
  const std::optional<Decimal> rest = number.IsInteger() ? number.Modulo(2) : std::nullopt;
  return Value::Boolean(rest && rest->IsZero() != odd);
}

Value Contains(const Arguments& arguments) {
  return Value::Boolean(arguments[0].string().find(arguments[1].string()) != std::string::npos);
}

Value StartsWith(const Arguments& arguments) {
  return Value::Boolean(arguments[0].string().starts_with(arguments[1].string()));
}

Value EndsWith(const Arguments& arguments) {
  return Value::Boolean(arguments[0].string().ends_with(arguments[1].string()));
}

// In characters: every byte but those that go on with one.
Value LengthOf(const Arguments& arguments) {
  const std::string& text = arguments[0].string();
  return Value::Number(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

const std::map<std::string, Scalar>& Scalars() {
  static const std::map<std::string, Scalar> scalars{
      {"decimal", Rounder<Rounding::kHalfEven, 2>()},
      {"floor", Rounder<Rounding::kFloor, 1>()},
      {"ceiling", Rounder<Rounding::kCeiling, 1>()},
      {"round up", Rounder<Rounding::kUp, 2>()},
      {"round down", Rounder<Rounding::kDown, 2>()},
      {"round half up", Rounder<Rounding::kHalfUp, 2>()},
      {"round half down", Rounder<Rounding::kHalfDown, 2>()},
      {"modulo", {Kind::kNumber, 2, 2, Modulo}},
      {"odd", {Kind::kNumber, 1, 1, HasParity<true>}},
      {"even", {Kind::kNumber, 1, 1, HasParity<false>}},
      {"contains", {Kind::kString, 2, 2, Contains}},
      {"starts with", {Kind::kString, 2, 2, StartsWith}},
      {"ends with", {Kind::kString, 2, 2, EndsWith}},
      {"string length", {Kind::kString, 1, 1, LengthOf}},
  };
  return scalars;
}

}  // namespace

Value Single(const Value& value) {
  return value.is(Kind::kList) && value.list().size() == 1 ? value.list().front() : value;
}

std::optional<Value> OfScalars(const std::string& name, const Arguments& arguments) {
  const auto found = Scalars().find(name);
  if (found == Scalars().end()) return std::nullopt;
  const Scalar& scalar = found->second;
  if (arguments.size() < scalar.least || arguments.size() > scalar.most) return std::nullopt;
  Arguments singles;
  for (const Value& argument : arguments) singles.push_back(Single(argument));
  const auto fits = [&](const Value& one) { return one.is_unknown() || one.is(scalar.kind); };
  if (!std::ranges::all_of(singles, fits)) return Value::Null();
  const bool open = std::ranges::any_of(singles, [](const Value& one) { return one.is_unknown(); });
  return open ? UnionOfUnknowns(singles) : scalar.run(singles);
}

}  // namespace kstati::certificate_verifier
