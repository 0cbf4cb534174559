// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/operators.h"

#include <utility>
#include <vector>

#include "eligibility/certificate_verifier/formula.h"
#include "eligibility/certificate_verifier/moments.h"
#include "eligibility/feel/temporal.h"

namespace kstati::certificate_verifier {

using eligibility::feel::kNanosPerDay;
using eligibility::feel::Nanoseconds;
using eligibility::feel::UnionOfUnknowns;

namespace {

constexpr size_t kTextBytesMax = 1 << 20;

}  // namespace

bool EitherUnknown(const Value& a, const Value& b) { return a.is_unknown() || b.is_unknown(); }

// --- Three-valued logic ---

Value Join(const Value& a, const Value& b, bool decisive) {
  const auto decides = [&](const Value& value) {
    return value.is(Kind::kBoolean) && value.boolean() == decisive;
  };
  if (decides(a) || decides(b)) return Value::Boolean(decisive);
  if (EitherUnknown(a, b)) return UnionOfUnknowns(a, b);
  const bool both = a.is(Kind::kBoolean) && b.is(Kind::kBoolean);
  return both ? Value::Boolean(!decisive) : Value::Null();
}

Value And(const Value& a, const Value& b) { return Join(a, b, false); }

Value Or(const Value& a, const Value& b) { return Join(a, b, true); }

Value Not(const Value& value) {
  if (value.is_unknown()) return value;
  return value.is(Kind::kBoolean) ? Value::Boolean(!value.boolean()) : Value::Null();
}

// --- Comparisons ---

namespace {

template <class T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

std::optional<int> OrderOf(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kNumber: return Sign(a.number(), b.number());
    case Kind::kString: return Sign(a.string(), b.string());
    case Kind::kDate: return Sign(a.date(), b.date());
    case Kind::kTime:
    case Kind::kDateTime: return OrderOfClocks(a, b);
    case Kind::kMonthsDuration: return Sign(a.months(), b.months());
    case Kind::kTimeDuration: return Sign(a.nanos(), b.nanos());
    default: return std::nullopt;
  }
}

namespace {

bool MayBeOperand(const Value& value) {
  return value.is_unknown() || OrderOf(value, value).has_value();
}

// Conjunction of the equality of parts: one difference decides, then what is unknown, then null.
Value AllEqual(const Value& a, const Value& b,
               const std::vector<std::pair<const Value*, const Value*>>& parts) {
  bool unknown = false;
  bool null = false;
  for (const auto& [left, right] : parts) {
    const Value equal = Equal(*left, *right);
    if (equal.is_false()) return equal;
    unknown |= equal.is_unknown();
    null |= equal.is_null();
  }
  if (unknown) return UnionOfUnknowns(a, b);
  return null ? Value::Null() : Value::Boolean(true);
}

Value EqualStructures(const Value& a, const Value& b) {
  std::vector<std::pair<const Value*, const Value*>> parts;
  const bool lists = a.is(Kind::kList);
  if ((lists ? a.list().size() : a.context().size()) !=
      (lists ? b.list().size() : b.context().size())) {
    return Value::Boolean(false);
  }
  for (size_t i = 0; lists && i < a.list().size(); ++i) {
    parts.emplace_back(&a.list()[i], &b.list()[i]);
  }
  for (size_t i = 0; !lists && i < a.context().size(); ++i) {
    const Value* other = b.Find(a.context()[i].name);
    if (other == nullptr) return Value::Boolean(false);
    parts.emplace_back(&a.context()[i].value, other);
  }
  return AllEqual(a, b, parts);
}

Value EqualRanges(const Value& a, const Value& b) {
  const eligibility::feel::Range& one = a.range();
  const eligibility::feel::Range& other = b.range();
  if (one.has_start != other.has_start || one.has_end != other.has_end ||
      one.start_included != other.start_included || one.end_included != other.end_included) {
    return Value::Boolean(false);
  }
  return AllEqual(a, b, {{&one.start, &other.start}, {&one.end, &other.end}});
}

}  // namespace

// Null when the kinds differ.
Value Equal(const Value& a, const Value& b) {
  if (EitherUnknown(a, b)) return UnionOfUnknowns(a, b);
  if (a.is_null() || b.is_null()) return Value::Boolean(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) return Value::Null();
  if (a.is(Kind::kBoolean)) return Value::Boolean(a.boolean() == b.boolean());
  if (a.is(Kind::kList) || a.is(Kind::kContext)) return EqualStructures(a, b);
  if (a.is(Kind::kRange)) return EqualRanges(a, b);
  Require(!a.is(Kind::kFunction), "a formula compares functions");
  const std::optional<int> order = OrderOf(a, b);
  return order ? Value::Boolean(*order == 0) : Value::Null();
}

// --- Arithmetic ---

Value NumberOrNull(const std::optional<Decimal>& number) {
  return number ? Value::Number(*number) : Value::Null();
}

Value Months(int64_t months) {
  const eligibility::feel::MonthsDuration duration{months};
  return duration.InRange() ? Value::OfMonths(duration) : Value::Null();
}

namespace {

Value Nanos(Nanoseconds nanos) {
  const eligibility::feel::TimeDuration duration{nanos};
  return duration.InRange() ? Value::OfNanos(duration) : Value::Null();
}

bool IsDuration(const Value& value) {
  return value.is(Kind::kMonthsDuration) || value.is(Kind::kTimeDuration);
}

bool CanShift(const Value& value) { return value.is(Kind::kTime) || IsMoment(value); }

Value Sum(const Value& a, const Value& b, int sign) {
  if (a.is(Kind::kString) && b.is(Kind::kString) && sign > 0) {
    Require(a.string().size() + b.string().size() <= kTextBytesMax, "a text is too long");
    return Value::String(a.string() + b.string());
  }
  if (CanShift(a) && IsDuration(b)) return ShiftedMoment(a, b, sign);
  if (IsDuration(a) && CanShift(b) && sign > 0) return ShiftedMoment(b, a, 1);
  const bool times = a.is(Kind::kTime) && b.is(Kind::kTime);
  if (sign < 0 && (times || (IsMoment(a) && IsMoment(b)))) return TimeBetween(a, b);
  if (a.kind() != b.kind()) return Value::Null();
  if (a.is(Kind::kMonthsDuration)) return Months(a.months().months + sign * b.months().months);
  if (a.is(Kind::kTimeDuration)) return Nanos(a.nanos().nanos + sign * b.nanos().nanos);
  return Value::Null();
}

// A duration as a number of months or of nanoseconds.
std::optional<Decimal> CountOf(const Value& duration) {
  if (duration.is(Kind::kMonthsDuration)) return Decimal(duration.months().months);
  constexpr int64_t kBillion = 1'000'000'000;
  const Nanoseconds nanos = duration.nanos().nanos;
  const auto seconds = Decimal(static_cast<int64_t>(nanos / kBillion)).Multiply(kBillion);
  return seconds ? seconds->Add(static_cast<int64_t>(nanos % kBillion)) : std::nullopt;
}

// The other way, cut off to a whole number.
Value DurationOf(Kind kind, const std::optional<Decimal>& count) {
  const auto whole = count ? count->Round(0, Rounding::kDown) : std::nullopt;
  if (!whole) return Value::Null();
  if (kind == Kind::kMonthsDuration) {
    const auto months = whole->ToInt64();
    return months ? Months(*months) : Value::Null();
  }
  constexpr int64_t kBillion = 1'000'000'000;
  const auto quotient = whole->Divide(kBillion);
  const auto seconds = quotient ? quotient->Round(0, Rounding::kDown) : std::nullopt;
  const auto second_count = seconds ? seconds->ToInt64() : std::nullopt;
  const auto full = seconds ? seconds->Multiply(kBillion) : std::nullopt;
  const auto rest = full ? whole->Subtract(*full) : std::nullopt;
  const auto rest_count = rest ? rest->ToInt64() : std::nullopt;
  if (!second_count || !rest_count) return Value::Null();
  return Nanos(Nanoseconds{*second_count} * kBillion + *rest_count);
}

// duration * number, number * duration, duration / number, duration / duration of its kind.
Value ScaledDuration(const Value& a, const Value& b, bool multiplies) {
  if (multiplies && a.is(Kind::kNumber) && IsDuration(b)) return ScaledDuration(b, a, true);
  if (!IsDuration(a)) return Value::Null();
  const std::optional<Decimal> count = CountOf(a);
  if (!count) return Value::Null();
  if (b.is(Kind::kNumber)) {
    return DurationOf(a.kind(),
                      multiplies ? count->Multiply(b.number()) : count->Divide(b.number()));
  }
  if (multiplies || a.kind() != b.kind()) return Value::Null();
  const std::optional<Decimal> divisor = CountOf(b);
  return divisor ? NumberOrNull(count->Divide(*divisor)) : Value::Null();
}

}  // namespace

std::optional<Value> Calculated(const std::string& sign, const Value& a, const Value& b) {
  if (sign != "+" && sign != "-" && sign != "*" && sign != "/" && sign != "**") return std::nullopt;
  if (a.is(Kind::kNumber) && b.is(Kind::kNumber)) {
    if (sign == "+") return NumberOrNull(a.number().Add(b.number()));
    if (sign == "-") return NumberOrNull(a.number().Subtract(b.number()));
    if (sign == "*") return NumberOrNull(a.number().Multiply(b.number()));
    if (sign == "**") return NumberOrNull(a.number().Power(b.number()));
    return NumberOrNull(a.number().Divide(b.number()));
  }
  if (EitherUnknown(a, b)) {
    return MayBeOperand(a) && MayBeOperand(b) ? UnionOfUnknowns(a, b) : Value::Null();
  }
  if (sign == "+") return Sum(a, b, 1);
  if (sign == "-") return Sum(a, b, -1);
  return sign == "**" ? Value::Null() : ScaledDuration(a, b, sign == "*");
}

Value Negated(const Value& value) {
  switch (value.kind()) {
    case Kind::kUnknown: return value;
    case Kind::kNumber: return Value::Number(value.number().Negate());
    case Kind::kMonthsDuration: return Months(-value.months().months);
    case Kind::kTimeDuration: return Nanos(-value.nanos().nanos);
    default: return Value::Null();
  }
}

// --- Parts of values ---

namespace {

std::optional<int64_t> DurationPart(const Value& value, const std::string& name) {
  if (value.is(Kind::kMonthsDuration)) {
    if (name == "years") return value.months().months / 12;
    if (name == "months") return value.months().months % 12;
    return std::nullopt;
  }
  const auto minutes = static_cast<int64_t>(value.nanos().nanos / kNanosPerDay * 1440 +
                                            value.nanos().nanos % kNanosPerDay / 60'000'000'000);
  if (name == "days") return minutes / 1440;
  if (name == "hours") return minutes / 60 % 24;
  if (name == "minutes") return minutes % 60;
  return std::nullopt;
}

Value PartOfRange(const eligibility::feel::Range& range, const std::string& name) {
  const bool exact = !range.has_end && range.end_included;
  if (name == "start") return range.start;
  if (name == "end") return exact ? range.start : range.end;
  if (name == "start included") return Value::Boolean(range.start_included);
  if (name == "end included") return Value::Boolean(range.end_included);
  return Value::Null();
}

// The rest of a minute.
Value SecondsOf(const Value& value) {
  constexpr int64_t kBillion = 1'000'000'000;
  const Nanoseconds nanos = value.nanos().nanos;
  const Decimal whole(static_cast<int64_t>(nanos / kBillion % 60));
  return NumberOrNull(whole.Add(*Decimal(static_cast<int64_t>(nanos % kBillion)).Divide(kBillion)));
}

}  // namespace

Value PartOf(const Value& value, const std::string& name) {
  if (value.is_unknown()) return value;
  if (value.is(Kind::kList)) {
    std::vector<Value> parts;
    for (const Value& item : value.list()) parts.push_back(PartOf(item, name));
    return Value::List(std::move(parts));
  }
  if (value.is(Kind::kContext)) {
    const Value* entry = value.Find(name);
    return entry == nullptr ? Value::Null() : *entry;
  }
  if (value.is(Kind::kRange)) return PartOfRange(value.range(), name);
  if (value.is(Kind::kTimeDuration) && name == "seconds") return SecondsOf(value);
  if (CanShift(value)) return PartOfMoment(value, name).value_or(Value::Null());
  std::optional<int64_t> part;
  if (IsDuration(value)) part = DurationPart(value, name);
  return part ? Value::Number(*part) : Value::Null();
}

std::optional<Value> Compared(const std::string& sign, const Value& a, const Value& b) {
  if (sign == "=") return Equal(a, b);
  if (sign == "!=") return Not(Equal(a, b));
  if (sign != "<" && sign != "<=" && sign != ">" && sign != ">=") return std::nullopt;
  if (const std::optional<int> order = OrderOf(a, b)) {
    const bool holds = *order == 0 ? sign.size() == 2 : (*order < 0) == (sign[0] == '<');
    return Value::Boolean(holds);
  }
  const bool open = EitherUnknown(a, b) && MayBeOperand(a) && MayBeOperand(b);
  return open ? UnionOfUnknowns(a, b) : Value::Null();
}

namespace {

Value InRange(const Value& value, const eligibility::feel::Range& range) {
  const bool exact =
      range.has_start && !range.has_end && range.start_included && range.end_included;
  if (exact) return Equal(value, range.start);
  Value inside = Value::Boolean(true);
  if (range.has_start) inside = *Compared(range.start_included ? ">=" : ">", value, range.start);
  if (!range.has_end) return inside;
  const Value below = *Compared(range.end_included ? "<=" : "<", value, range.end);
  return range.has_start ? And(inside, below) : below;
}

Value Matches(const Value& value, const Value& item) {
  if (value.is_unknown()) return UnionOfUnknowns(value, item);
  if (item.is(Kind::kRange) && !value.is(Kind::kRange)) return InRange(value, item.range());
  const Value equal = Equal(value, item);
  return equal.is_null() ? Value::Boolean(false) : equal;
}

}  // namespace

Value IsIn(const Value& value, const Value& test) {
  if (test.is_unknown()) return UnionOfUnknowns(value, test);
  if (!test.is(Kind::kList)) return Matches(value, test);
  Value found = Value::Boolean(false);
  if (value.is(Kind::kList) || value.is_unknown()) found = Matches(value, test);
  for (const Value& item : test.list()) {
    found = Or(found, Matches(value, item));
    if (found.is_true()) break;
  }
  return found;
}

}  // namespace kstati::certificate_verifier
