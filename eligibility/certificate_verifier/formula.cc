// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/formula.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "eligibility/certificate_verifier/functions.h"
#include "eligibility/feel/temporal.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::CollectMissing;
using eligibility::feel::InputId;
using eligibility::feel::kNanosPerDay;
using eligibility::feel::Nanoseconds;
using eligibility::feel::UnionOfUnknowns;
using nlohmann::json;

// Far above any rule of law; keeps a forged certificate from occupying the verifier.
constexpr uint64_t kStepsMax = 1'000'000;
constexpr size_t kTextBytesMax = 1 << 20;
constexpr int64_t kYearsMax = 999'999'999;

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

Value Or(const Value& a, const Value& b) { return Join(a, b, true); }

Value Not(const Value& value) {
  if (value.is_unknown()) return value;
  return value.is(Kind::kBoolean) ? Value::Boolean(!value.boolean()) : Value::Null();
}

// --- Comparisons ---

template <class T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

std::optional<int> Order(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kNumber: return Sign(a.number(), b.number());
    case Kind::kString: return Sign(a.string(), b.string());
    case Kind::kDate: return Sign(a.date(), b.date());
    case Kind::kMonthsDuration: return Sign(a.months(), b.months());
    case Kind::kTimeDuration: return Sign(a.nanos(), b.nanos());
    default: return std::nullopt;
  }
}

bool MayBeOperand(const Value& value) {
  return value.is_unknown() || Order(value, value).has_value();
}

Value Equal(const Value& a, const Value& b);

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

// Null when the kinds differ.
Value Equal(const Value& a, const Value& b) {
  if (EitherUnknown(a, b)) return UnionOfUnknowns(a, b);
  if (a.is_null() || b.is_null()) return Value::Boolean(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) return Value::Null();
  if (a.is(Kind::kBoolean)) return Value::Boolean(a.boolean() == b.boolean());
  if (a.is(Kind::kList) || a.is(Kind::kContext)) return EqualStructures(a, b);
  const std::optional<int> order = Order(a, b);
  Require(order.has_value(), "a formula compares what has no order");
  return Value::Boolean(*order == 0);
}

// --- Arithmetic ---

Value NumberOrNull(const std::optional<Decimal>& number) {
  return number ? Value::Number(*number) : Value::Null();
}

Value Months(int64_t months) {
  const eligibility::feel::MonthsDuration duration{months};
  return duration.InRange() ? Value::OfMonths(duration) : Value::Null();
}

Value Nanos(Nanoseconds nanos) {
  const eligibility::feel::TimeDuration duration{nanos};
  return duration.InRange() ? Value::OfNanos(duration) : Value::Null();
}

Value DateOrNull(Date date) {
  const int64_t year = date.parts().year;
  return year >= -kYearsMax && year <= kYearsMax ? Value::OfDate(date) : Value::Null();
}

Value Shifted(Date date, const Value& by, int sign) {
  constexpr int64_t kDaysMax = 2 * 366 * kYearsMax;
  if (by.is(Kind::kMonthsDuration)) {
    const int64_t months = by.months().months * sign;
    if (months > 24 * kYearsMax || months < -24 * kYearsMax) return Value::Null();
    return DateOrNull(date.AddMonths(months));
  }
  const Nanoseconds nanos = by.nanos().nanos * sign;
  const Nanoseconds days = nanos / kNanosPerDay - (nanos % kNanosPerDay < 0 ? 1 : 0);
  if (days > kDaysMax || days < -kDaysMax) return Value::Null();
  return DateOrNull(date.AddDays(static_cast<int64_t>(days)));
}

bool IsDuration(const Value& value) {
  return value.is(Kind::kMonthsDuration) || value.is(Kind::kTimeDuration);
}

Value Sum(const Value& a, const Value& b, int sign) {
  if (a.is(Kind::kString) && b.is(Kind::kString) && sign > 0) {
    Require(a.string().size() + b.string().size() <= kTextBytesMax, "a text is too long");
    return Value::String(a.string() + b.string());
  }
  if (a.is(Kind::kDate) && IsDuration(b)) return Shifted(a.date(), b, sign);
  if (IsDuration(a) && b.is(Kind::kDate) && sign > 0) return Shifted(b.date(), a, 1);
  if (a.is(Kind::kDate) && b.is(Kind::kDate) && sign < 0) {
    return Nanos(Nanoseconds{a.date().days - b.date().days} * kNanosPerDay);
  }
  if (a.kind() != b.kind()) return Value::Null();
  if (a.is(Kind::kMonthsDuration)) return Months(a.months().months + sign * b.months().months);
  if (a.is(Kind::kTimeDuration)) return Nanos(a.nanos().nanos + sign * b.nanos().nanos);
  return Value::Null();
}

std::optional<Value> Calculated(const std::string& sign, const Value& a, const Value& b) {
  if (sign != "+" && sign != "-" && sign != "*" && sign != "/") return std::nullopt;
  if (a.is(Kind::kNumber) && b.is(Kind::kNumber)) {
    if (sign == "+") return NumberOrNull(a.number().Add(b.number()));
    if (sign == "-") return NumberOrNull(a.number().Subtract(b.number()));
    if (sign == "*") return NumberOrNull(a.number().Multiply(b.number()));
    return NumberOrNull(a.number().Divide(b.number()));
  }
  if (EitherUnknown(a, b)) {
    return MayBeOperand(a) && MayBeOperand(b) ? UnionOfUnknowns(a, b) : Value::Null();
  }
  if (sign == "+") return Sum(a, b, 1);
  if (sign == "-") return Sum(a, b, -1);
  return Value::Null();
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

std::optional<int64_t> DatePart(Date date, const std::string& name) {
  if (name == "year") return date.parts().year;
  if (name == "month") return date.parts().month;
  if (name == "day") return date.parts().day;
  if (name == "weekday") return date.weekday();
  return std::nullopt;
}

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
  std::optional<int64_t> part;
  if (value.is(Kind::kDate)) part = DatePart(value.date(), name);
  if (IsDuration(value)) part = DurationPart(value, name);
  return part ? Value::Number(*part) : Value::Null();
}

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
    const std::optional<int> order = Order(item, *best);
    if (!order) return Value::Null();
    if (*order * sign > 0) best = &item;
  }
  return *best;
}

Value MonthsFromTo(const Value& first, const Value& second) {
  const Value from = Single(first);
  const Value to = Single(second);
  const auto fits = [](const Value& value) { return value.is_unknown() || value.is(Kind::kDate); };
  if (!fits(from) || !fits(to)) return Value::Null();
  if (EitherUnknown(from, to)) return UnionOfUnknowns(from, to);
  return Months(MonthsBetween(from.date(), to.date()));
}

}  // namespace

Value And(const Value& a, const Value& b) { return Join(a, b, false); }

std::optional<Value> Compared(const std::string& sign, const Value& a, const Value& b) {
  if (sign == "=") return Equal(a, b);
  if (sign == "!=") return Not(Equal(a, b));
  if (sign != "<" && sign != "<=" && sign != ">" && sign != ">=") return std::nullopt;
  if (const std::optional<int> order = Order(a, b)) {
    const bool holds = *order == 0 ? sign.size() == 2 : (*order < 0) == (sign[0] == '<');
    return Value::Boolean(holds);
  }
  const bool open = EitherUnknown(a, b) && MayBeOperand(a) && MayBeOperand(b);
  return open ? UnionOfUnknowns(a, b) : Value::Null();
}

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

Value ValueOf(const json& form) {
  if (form.is_null()) return Value::Null();
  if (form.is_boolean()) return Value::Boolean(form.get<bool>());
  Require(form.is_object() && form.size() == 1, "a value has a wrong form");
  const std::string& kind = form.begin().key();
  const std::string text = form.begin().value().get<std::string>();
  if (kind == "text") return Value::String(text);
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

Value Formula::Compute(const Form& formula) {
  Require(++steps_ <= kStepsMax, "a formula takes too many steps");
  const auto& word = formula.at(0).get_ref<const std::string&>();
  if (word == "literal") return ValueOf(formula.at(1));
  if (word == "name") return world_.Read(formula.at(1).get<std::string>());
  if (word == "local") return locals_.at(formula.at(1).get<int64_t>());
  if (word == "if") return If(formula);
  if (word == "in") return In(formula);
  if (word == "context") return Context(formula);
  if (word == "entry") return Entry(formula);
  if (word == "filter") return Filter(formula);
  if (word == "some" || word == "every") return Quantified(formula, word == "some");
  if (word == "call") return Call(formula);
  if (word == "path") return PartOf(Compute(formula.at(2)), formula.at(1).get<std::string>());
  if (word == "list") return List(formula);
  if (word == "let") return Let(formula);
  if (word == "apply") return Apply(formula);
  if (word == "tested") return Tested(formula);
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
  const std::optional<int> order = Order(least, most);
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

Value Formula::Filter(const Form& formula) {
  const Value base = Compute(formula.at(2));
  if (base.is_unknown()) return base;
  std::vector<Value> items;
  if (base.is(Kind::kList)) items = base.list();
  if (!base.is(Kind::kList) && !base.is_null()) items.push_back(base);
  std::vector<Value> kept;
  std::vector<InputId> missing;
  for (const Value& item : items) {
    locals_[formula.at(1).get<int64_t>()] = item;
    const Value condition = Compute(formula.at(3));
    if (condition.is_true()) kept.push_back(item);
    if (condition.is_unknown()) CollectMissing(condition, missing);
  }
  if (missing.empty()) return Value::List(std::move(kept));
  for (const Value& item : kept) CollectMissing(item, missing);
  return Value::Unknown(missing);
}

Value Formula::Quantified(const Form& formula, bool some) {
  const Value domain = Compute(formula.at(2));
  Value joined = Value::Boolean(!some);
  if (domain.is_null() || domain.is_unknown()) return Join(joined, domain, some);
  const std::vector<Value> items =
      domain.is(Kind::kList) ? domain.list() : std::vector<Value>{domain};
  for (const Value& item : items) {
    locals_[formula.at(1).get<int64_t>()] = item;
    joined = Join(joined, Compute(formula.at(3)), some);
    if (joined.is(Kind::kBoolean) && joined.boolean() == some) break;
  }
  return joined;
}

Value Formula::Call(const Form& formula) {
  const auto name = formula.at(1).get<std::string>();
  std::vector<Value> arguments;
  for (size_t i = 2; i < formula.size(); ++i) arguments.push_back(Compute(formula.at(i)));
  if (name == "today") return Value::OfDate(world_.today());
  Require(!arguments.empty(), "a call has no arguments");
  if (name == "not") return Not(Single(arguments[0]));
  if (name == "years and months duration") return MonthsFromTo(arguments[0], arguments.at(1));
  if (const std::optional<Value> value = OfScalars(name, arguments)) return *value;
  return arguments.size() == 1 && arguments[0].is_null() ? Value::Null()
                                                         : OfItems(name, std::move(arguments));
}

}  // namespace kstati::certificate_verifier
