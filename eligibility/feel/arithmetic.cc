// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

constexpr std::string_view kOutOfRange = "the result is out of range";
constexpr std::string_view kMixedZones = "one operand has a time zone, the other has none";

Value NumberOr(std::optional<Decimal> result, std::string_view why, std::string_view& problem) {
  if (result) return Value::Number(*result);
  problem = why;
  return Value::Null();
}

Value Numbers(Op op, Decimal a, Decimal b, std::string_view& problem) {
  switch (op) {
    case Op::kAdd: return NumberOr(a.Add(b), kOutOfRange, problem);
    case Op::kSubtract: return NumberOr(a.Subtract(b), kOutOfRange, problem);
    case Op::kMultiply: return NumberOr(a.Multiply(b), kOutOfRange, problem);
    case Op::kDivide:
      return NumberOr(a.Divide(b), b.IsZero() ? "division by zero" : kOutOfRange, problem);
    default: return NumberOr(a.Power(b), "the power is not a number", problem);
  }
}

Value DateOr(std::optional<Date> date, std::string_view& problem) {
  if (date) return Value::OfDate(*date);
  problem = kOutOfRange;
  return Value::Null();
}

Value MomentOr(std::optional<DateTime> moment, std::string_view& problem) {
  if (moment) return Value::OfDateTime(*moment);
  problem = kOutOfRange;
  return Value::Null();
}

// date, time or date and time, plus `sign` times a duration.
Value Shift(const Value& from, const Value& by, int sign, std::string_view& problem) {
  const bool months = by.is(Kind::kMonthsDuration);
  const int64_t month_count = months ? by.months().months * sign : 0;
  const Nanoseconds nanos = months ? 0 : by.nanos().nanos * sign;
  if (from.is(Kind::kDate)) {
    if (months) return DateOr(AddMonthsChecked(from.date(), month_count), problem);
    const auto moment = DateTime::FromLocal(DateTime{from.date(), 0, {}}.Local() + nanos, {});
    return DateOr(moment ? std::optional(moment->date) : std::nullopt, problem);
  }
  if (from.is(Kind::kDateTime)) {
    const DateTime moment = from.date_time();
    if (!months) return MomentOr(DateTime::FromLocal(moment.Local() + nanos, moment.zone), problem);
    const auto date = AddMonthsChecked(moment.date, month_count);
    if (!date) return DateOr(date, problem);
    const DateTime moved{*date, moment.nanos, {}};
    return MomentOr(DateTime::FromLocal(moved.Local(), moment.zone), problem);
  }
  TimeOfDay time = from.time();
  auto wrapped = static_cast<int64_t>((time.nanos + nanos % kNanosPerDay) % kNanosPerDay);
  time.nanos = wrapped < 0 ? wrapped + kNanosPerDay : wrapped;
  return Value::OfTime(time);
}

// A date counts as midnight UTC.
DateTime AsMoment(const Value& value) {
  return value.is(Kind::kDate) ? DateTime{value.date(), 0, {true, 0}} : value.date_time();
}

Value Difference(const Value& a, const Value& b, std::string_view& problem) {
  if (a.is(Kind::kTime)) {
    const TimeOfDay x = a.time();
    const TimeOfDay y = b.time();
    if (x.zone.present != y.zone.present) {
      problem = kMixedZones;
      return Value::Null();
    }
    const int64_t shift = y.zone.offset_seconds - x.zone.offset_seconds;
    return Value::OfNanos({Nanoseconds{x.nanos} - y.nanos + Nanoseconds{shift} * kNanosPerSecond});
  }
  const DateTime x = AsMoment(a);
  const DateTime y = AsMoment(b);
  if (x.zone.present != y.zone.present) {
    problem = kMixedZones;
    return Value::Null();
  }
  return Value::OfNanos({x.Utc() - y.Utc()});
}

std::optional<Decimal> ToDecimal(Nanoseconds nanos) {
  const auto seconds = Decimal(static_cast<int64_t>(nanos / kNanosPerSecond));
  const auto whole = seconds.Multiply(kNanosPerSecond);
  return whole ? whole->Add(static_cast<int64_t>(nanos % kNanosPerSecond)) : std::nullopt;
}

// The whole part; nullopt beyond the range of seconds in 64 bits.
std::optional<Nanoseconds> ToNanos(Decimal value) {
  const auto seconds = value.Divide(kNanosPerSecond);
  const auto whole = seconds ? seconds->Round(0, Rounding::kDown) : std::nullopt;
  const auto count = whole ? whole->ToInt64() : std::nullopt;
  if (!count) return std::nullopt;
  const auto rest = value.Subtract(*whole->Multiply(kNanosPerSecond));
  const auto rest_whole = rest ? rest->Round(0, Rounding::kDown) : std::nullopt;
  const auto nanos = rest_whole ? rest_whole->ToInt64() : std::nullopt;
  if (!nanos) return std::nullopt;
  return Nanoseconds{*count} * kNanosPerSecond + *nanos;
}

Value MonthsOr(int64_t months, std::string_view& problem) {
  if (MonthsDuration{months}.InRange()) return Value::OfMonths({months});
  problem = kOutOfRange;
  return Value::Null();
}

Value NanosOr(Nanoseconds nanos, std::string_view& problem) {
  if (TimeDuration{nanos}.InRange()) return Value::OfNanos({nanos});
  problem = kOutOfRange;
  return Value::Null();
}

Value Scaled(const Value& duration, std::optional<Decimal> scaled, std::string_view& problem) {
  if (scaled && duration.is(Kind::kMonthsDuration)) {
    const auto whole = scaled->Round(0, Rounding::kDown);
    const auto months = whole ? whole->ToInt64() : std::nullopt;
    if (months) return MonthsOr(*months, problem);
  } else if (scaled) {
    if (const auto nanos = ToNanos(*scaled)) return NanosOr(*nanos, problem);
  }
  problem = kOutOfRange;
  return Value::Null();
}

std::optional<Decimal> CountOf(const Value& duration) {
  return duration.is(Kind::kMonthsDuration) ? Decimal(duration.months().months)
                                            : ToDecimal(duration.nanos().nanos);
}

bool IsDuration(const Value& value) {
  return value.is(Kind::kMonthsDuration) || value.is(Kind::kTimeDuration);
}

bool IsMoment(const Value& value) { return value.is(Kind::kDate) || value.is(Kind::kDateTime); }

bool CanShift(const Value& from, const Value& by) {
  return (IsMoment(from) && IsDuration(by)) || (from.is(Kind::kTime) && by.is(Kind::kTimeDuration));
}

// Sum or difference of two durations of one kind.
Value AddDurations(const Value& a, const Value& b, int sign, std::string_view& problem) {
  if (a.is(Kind::kMonthsDuration)) {
    return MonthsOr(a.months().months + b.months().months * sign, problem);
  }
  return NanosOr(a.nanos().nanos + b.nanos().nanos * sign, problem);
}

Value Divided(const Value& a, const Value& b, std::string_view& problem) {
  const auto dividend = CountOf(a);
  const auto divisor = b.is(Kind::kNumber) ? b.number() : CountOf(b);
  const auto quotient = dividend && divisor ? dividend->Divide(*divisor) : std::nullopt;
  if (!quotient) {
    problem = "division by zero";
    return Value::Null();
  }
  return b.is(Kind::kNumber) ? Scaled(a, quotient, problem) : Value::Number(*quotient);
}

Value Temporal(Op op, const Value& a, const Value& b, std::string_view& problem) {
  const int sign = op == Op::kAdd ? 1 : -1;
  if (op == Op::kAdd || op == Op::kSubtract) {
    if (IsDuration(a) && a.kind() == b.kind()) return AddDurations(a, b, sign, problem);
    if (CanShift(a, b)) return Shift(a, b, sign, problem);
    if (op == Op::kAdd && CanShift(b, a)) return Shift(b, a, sign, problem);
    const bool times = a.is(Kind::kTime) && b.is(Kind::kTime);
    if (op == Op::kSubtract && (times || (IsMoment(a) && IsMoment(b)))) {
      return Difference(a, b, problem);
    }
  } else if (op == Op::kMultiply && (IsDuration(a) || IsDuration(b))) {
    const Value& duration = IsDuration(a) ? a : b;
    const Value& factor = IsDuration(a) ? b : a;
    if (factor.is(Kind::kNumber)) {
      const auto count = CountOf(duration);
      return Scaled(duration, count ? count->Multiply(factor.number()) : count, problem);
    }
  } else if (op == Op::kDivide && IsDuration(a) && (b.is(Kind::kNumber) || a.kind() == b.kind())) {
    return Divided(a, b, problem);
  }
  problem = "the operator has no meaning for these types";
  return Value::Null();
}

// Whether values of this kind are operands of + - * / ** at all.
bool IsOperand(const Value& value) { return value.is_unknown() || IsOrdered(value.kind()); }

}  // namespace

Value Arithmetic(Op op, const Value& a, const Value& b, std::string_view& problem) {
  if (a.is(Kind::kNumber) && b.is(Kind::kNumber)) {
    return Numbers(op, a.number(), b.number(), problem);
  }
  if (a.is_null() || b.is_null()) return Value::Null();
  if (a.is_unknown() || b.is_unknown()) {
    if (IsOperand(a) && IsOperand(b)) return UnionOfUnknowns(a, b);
    problem = "the operator has no meaning for these types";
    return Value::Null();
  }
  if (op == Op::kAdd && a.is(Kind::kString) && b.is(Kind::kString)) {
    return Value::String(a.string() + b.string());
  }
  return Temporal(op, a, b, problem);
}

Value Negate(const Value& value, std::string_view& problem) {
  switch (value.kind()) {
    case Kind::kNull:
    case Kind::kUnknown: return value;
    case Kind::kNumber: return Value::Number(value.number().Negate());
    case Kind::kMonthsDuration: return Value::OfMonths({-value.months().months});
    case Kind::kTimeDuration: return Value::OfNanos({-value.nanos().nanos});
    default: break;
  }
  problem = "only numbers and durations have a negative";
  return Value::Null();
}

}  // namespace kstati::eligibility::feel
