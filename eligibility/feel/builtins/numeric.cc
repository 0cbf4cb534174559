// SPDX-License-Identifier: Apache-2.0

#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

Value NumberOrFail(std::optional<Decimal> number, CallContext& call, std::string_view why) {
  return number ? Value::Number(*number) : call.Fail(std::string(why));
}

// Rounds the first argument to the digits that the second gives (none: a whole number). A scale
// that is not whole is cut off, as the standard's tests expect.
Value RoundTo(Arguments arguments, CallContext& call, Rounding mode) {
  int scale = 0;
  if (arguments.size() > 1) {
    const auto whole = arguments[1].number().Round(0, Rounding::kDown);
    const auto digits = whole ? whole->ToInt64() : std::nullopt;
    if (!digits || *digits < -6111 || *digits > 6176) {
      return call.Fail("the scale must be between -6111 and 6176");
    }
    scale = static_cast<int>(*digits);
  }
  return NumberOrFail(arguments[0].number().Round(scale, mode), call, "the result is out of range");
}

template <Rounding mode>
Value Rounded(Arguments arguments, CallContext& call) {
  return RoundTo(arguments, call, mode);
}

Value AbsoluteNumber(const Value& value) { return Value::Number(value.number().Abs()); }

Value Absolute(Arguments arguments, CallContext&) {
  const Value& value = arguments[0];
  if (value.is(Kind::kNumber)) return AbsoluteNumber(value);
  if (value.is(Kind::kMonthsDuration)) {
    const int64_t months = value.months().months;
    return Value::OfMonths({months < 0 ? -months : months});
  }
  const Nanoseconds nanos = value.nanos().nanos;
  return Value::OfNanos({nanos < 0 ? -nanos : nanos});
}

Value Modulo(Arguments arguments, CallContext& call) {
  const Decimal divisor = arguments[1].number();
  return NumberOrFail(arguments[0].number().Modulo(divisor), call, "division by zero");
}

Value SquareRoot(Arguments arguments, CallContext& call) {
  return NumberOrFail(arguments[0].number().SquareRoot(), call, "a negative number has no root");
}

Value Logarithm(Arguments arguments, CallContext& call) {
  return NumberOrFail(arguments[0].number().Logarithm(), call,
                      "only positive numbers have a logarithm");
}

Value Exponential(Arguments arguments, CallContext& call) {
  return NumberOrFail(arguments[0].number().Exponential(), call, "the result is out of range");
}

// The remainder of a division by two; nullopt for numbers that are not whole.
std::optional<Decimal> Parity(const Value& value) {
  if (!value.number().IsInteger()) return std::nullopt;
  return value.number().Modulo(2);
}

Value IsOdd(Arguments arguments, CallContext&) {
  const auto parity = Parity(arguments[0]);
  return Value::Boolean(parity && !parity->IsZero());
}

Value IsEven(Arguments arguments, CallContext&) {
  const auto parity = Parity(arguments[0]);
  return Value::Boolean(parity && parity->IsZero());
}

Builtin Rounder(std::string_view name, std::string_view parameters, BuiltinFunction run) {
  return {.name = name, .parameters = parameters, .result = Type::Number(), .run = run};
}

}  // namespace

std::vector<Builtin> NumericBuiltins() {
  constexpr std::string_view kScaled = "n:n, scale:n";
  constexpr std::string_view kMaybeScaled = "n:n | n:n, scale:n";
  return {
      Rounder("decimal", kScaled, Rounded<Rounding::kHalfEven>),
      Rounder("floor", kMaybeScaled, Rounded<Rounding::kFloor>),
      Rounder("ceiling", kMaybeScaled, Rounded<Rounding::kCeiling>),
      Rounder("round up", kScaled, Rounded<Rounding::kUp>),
      Rounder("round down", kScaled, Rounded<Rounding::kDown>),
      Rounder("round half up", kScaled, Rounded<Rounding::kHalfUp>),
      Rounder("round half down", kScaled, Rounded<Rounding::kHalfDown>),
      {.name = "abs",
       .parameters = "n:n | n:m | n:u",
       .result = Type::Any(),
       .run = Absolute,
       .rule = ResultRule::kFirst},
      {.name = "modulo",
       .parameters = "dividend:n, divisor:n",
       .result = Type::Number(),
       .run = Modulo},
      {.name = "sqrt", .parameters = "number:n", .result = Type::Number(), .run = SquareRoot},
      {.name = "log", .parameters = "number:n", .result = Type::Number(), .run = Logarithm},
      {.name = "exp", .parameters = "number:n", .result = Type::Number(), .run = Exponential},
      {.name = "odd", .parameters = "number:n", .result = Type::Boolean(), .run = IsOdd},
      {.name = "even", .parameters = "number:n", .result = Type::Boolean(), .run = IsEven},
  };
}

}  // namespace kstati::eligibility::feel
