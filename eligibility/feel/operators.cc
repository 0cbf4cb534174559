// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/operators.h"

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/program.h"

#include <algorithm>

namespace kstati::eligibility::feel {
namespace {

Truth Of(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

// Conjunction of the equality of parts: one difference decides.
Truth BothEqual(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  if (a == Truth::kUnknown || b == Truth::kUnknown) return Truth::kUnknown;
  if (a == Truth::kNull || b == Truth::kNull) return Truth::kNull;
  return Truth::kTrue;
}

Truth ListsEqual(const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size()) return Truth::kFalse;
  Truth all = Truth::kTrue;
  for (size_t i = 0; i < a.size() && all != Truth::kFalse; ++i) {
    all = BothEqual(all, Equals(a[i], b[i]));
  }
  return all;
}

Truth ContextsEqual(const Value& a, const Value& b) {
  if (a.context().size() != b.context().size()) return Truth::kFalse;
  Truth all = Truth::kTrue;
  for (const Value::Entry& entry : a.context()) {
    const Value* other = b.Find(entry.name);
    if (other == nullptr) return Truth::kFalse;
    all = BothEqual(all, Equals(entry.value, *other));
  }
  return all;
}

Truth RangesEqual(const Range& a, const Range& b) {
  if (a.has_start != b.has_start || a.has_end != b.has_end ||
      a.start_included != b.start_included || a.end_included != b.end_included) {
    return Truth::kFalse;
  }
  return BothEqual(Equals(a.start, b.start), Equals(a.end, b.end));
}

template <class T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Times are compared by whole seconds: DMN 1.5, 10.3.2.3.4 and .5.
int64_t UtcSeconds(const DateTime& moment) {
  return moment.date.days * kSecondsPerDay + moment.nanos / kNanosPerSecond -
         moment.zone.offset_seconds;
}

std::optional<int> OrderTimes(const TimeOfDay& a, const TimeOfDay& b) {
  if (a.zone.present != b.zone.present) return std::nullopt;
  return Sign(a.nanos / kNanosPerSecond - a.zone.offset_seconds,
              b.nanos / kNanosPerSecond - b.zone.offset_seconds);
}

std::optional<int> OrderMoments(const DateTime& a, const DateTime& b) {
  if (a.zone.present != b.zone.present) return std::nullopt;
  return Sign(UtcSeconds(a), UtcSeconds(b));
}

// Kinds that the other operand of an order or an arithmetic operator may have.
bool HasOperators(const Value& value) { return value.is_unknown() || IsOrdered(value.kind()); }

bool Holds(Op op, int order) {
  switch (op) {
    case Op::kLess: return order < 0;
    case Op::kLessEqual: return order <= 0;
    case Op::kGreater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace

Value ToValue(Truth truth, const Value& a, const Value& b) {
  switch (truth) {
    case Truth::kFalse: return Value::Boolean(false);
    case Truth::kTrue: return Value::Boolean(true);
    case Truth::kNull: return Value::Null();
    case Truth::kUnknown: return UnionOfUnknowns(a, b);
  }
  return Value::Null();
}

bool IsOrdered(Kind kind) {
  return (kind >= Kind::kNumber && kind <= Kind::kTimeDuration) || kind == Kind::kString;
}

std::optional<int> Order(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kNumber: return Sign(a.number(), b.number());
    case Kind::kString: return Sign(a.string(), b.string());
    case Kind::kDate: return Sign(a.date(), b.date());
    case Kind::kTime: return OrderTimes(a.time(), b.time());
    case Kind::kDateTime: return OrderMoments(a.date_time(), b.date_time());
    case Kind::kMonthsDuration: return Sign(a.months(), b.months());
    case Kind::kTimeDuration: return Sign(a.nanos(), b.nanos());
    default: return std::nullopt;
  }
}

Truth Equals(const Value& a, const Value& b) {
  if (a.is_unknown() || b.is_unknown()) return Truth::kUnknown;
  if (a.is_null() || b.is_null()) return Of(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) return Truth::kNull;
  switch (a.kind()) {
    case Kind::kBoolean: return Of(a.boolean() == b.boolean());
    case Kind::kNumber: return Of(a.number() == b.number());
    case Kind::kString: return Of(a.string() == b.string());
    case Kind::kList: return ListsEqual(a.list(), b.list());
    case Kind::kContext: return ContextsEqual(a, b);
    case Kind::kRange: return RangesEqual(a.range(), b.range());
    case Kind::kFunction:
      return a.has_unknown() || b.has_unknown() ? Truth::kUnknown : Of(Identical(a, b));
    default: {
      const std::optional<int> order = Order(a, b);
      return order ? Of(*order == 0) : Truth::kNull;
    }
  }
}

Value Compare(Op op, const Value& a, const Value& b) {
  if (op == Op::kEqual) return ToValue(Equals(a, b), a, b);
  if (op == Op::kNotEqual) return Not(ToValue(Equals(a, b), a, b));
  if (const std::optional<int> order = Order(a, b)) return Value::Boolean(Holds(op, *order));
  const bool open = (a.is_unknown() || b.is_unknown()) && HasOperators(a) && HasOperators(b);
  return open ? UnionOfUnknowns(a, b) : Value::Null();
}

Value And(const Value& a, const Value& b) {
  if (a.is_false() || b.is_false()) return Value::Boolean(false);
  if (a.is_unknown()) return b.is_unknown() ? UnionOfUnknowns(a, b) : a;
  if (b.is_unknown()) return b;
  return a.is_true() && b.is_true() ? Value::Boolean(true) : Value::Null();
}

Value Or(const Value& a, const Value& b) {
  if (a.is_true() || b.is_true()) return Value::Boolean(true);
  if (a.is_unknown()) return b.is_unknown() ? UnionOfUnknowns(a, b) : a;
  if (b.is_unknown()) return b;
  return a.is_false() && b.is_false() ? Value::Boolean(false) : Value::Null();
}

Value Not(const Value& value) {
  if (value.is_unknown()) return value;
  return value.is(Kind::kBoolean) ? Value::Boolean(!value.boolean()) : Value::Null();
}

bool IsRange(const Range& range) {
  if (!range.has_start || !range.has_end || range.start.is_null() || range.end.is_null()) {
    return true;
  }
  const std::optional<int> order = Order(range.start, range.end);
  return order && *order <= 0;
}

Value Contains(const Range& range, const Value& value) {
  const bool exact =
      range.has_start && !range.has_end && range.start_included && range.end_included;  // "(= 5)"
  if (exact) return Compare(Op::kEqual, value, range.start);
  const auto above = [&] {
    return Compare(range.start_included ? Op::kGreaterEqual : Op::kGreater, value, range.start);
  };
  const auto below = [&] {
    return Compare(range.end_included ? Op::kLessEqual : Op::kLess, value, range.end);
  };
  if (!range.has_end) return above();
  if (!range.has_start) return below();
  return And(above(), below());
}

namespace {

// One item of a list of tests. Another kind is simply not equal here: true in [2] is false.
Value MatchesItem(const Value& value, const Value& item) {
  if (value.is_unknown()) return UnionOfUnknowns(value, item);
  if (item.is(Kind::kRange) && !value.is(Kind::kRange)) return Contains(item.range(), value);
  const Truth equal = Equals(value, item);
  return ToValue(equal == Truth::kNull ? Truth::kFalse : equal, value, item);
}

}  // namespace

Value IsIn(const Value& value, const Value& test) {
  if (test.is_unknown()) return UnionOfUnknowns(value, test);
  if (!test.is(Kind::kList)) return MatchesItem(value, test);
  Value found = Value::Boolean(false);
  if (value.is(Kind::kList) || value.is_unknown()) found = MatchesItem(value, test);
  for (const Value& item : test.list()) {
    found = Or(found, MatchesItem(value, item));
    if (found.is_true()) break;
  }
  return found;
}

namespace {

// Folds instance tests of parts: a part that cannot be decided yet leaves the whole undecided.
Value AllInstances(const Value& whole, const std::vector<std::pair<const Value*, Type>>& parts) {
  bool open = false;
  for (const auto& [part, type] : parts) {
    if (part->is_null()) continue;  // null belongs to every type inside a structure
    const Value one = InstanceOf(*part, type);
    if (one.is_false()) return one;
    open = open || one.is_unknown();
  }
  return open ? UnionOfUnknowns(std::span<const Value>(&whole, 1)) : Value::Boolean(true);
}

}  // namespace

namespace {

Type TypeOf(const FunctionData& function) {
  if (function.form == FunctionData::Form::kLambda) {
    const Lambda& lambda = function.program->lambdas[function.index];
    return Type::FunctionOf(lambda.parameter_types, function.program->types[lambda.body]);
  }
  if (function.form == FunctionData::Form::kNative) {
    return function.type ? *function.type : Type::Of(Kind::kFunction);
  }
  const Builtin& builtin = Builtins()[function.index];
  std::vector<Type> parameters;
  for (const Parameter& parameter : builtin.signatures.front()) {
    parameters.push_back(parameter.type);
  }
  Type result = builtin.result;
  if (builtin.rule == ResultRule::kFirst) result = parameters.front();
  return Type::FunctionOf(std::move(parameters), std::move(result));
}

}  // namespace

Value InstanceOf(const Value& value, const Type& type) {
  if (value.is_unknown()) return value;
  if (value.is_null()) return Value::Boolean(false);
  if (type.is_any()) return Value::Boolean(true);
  if (!value.is(type.kind())) return Value::Boolean(false);
  if (value.is(Kind::kFunction)) return Value::Boolean(Conforms(TypeOf(value.function()), type));
  std::vector<std::pair<const Value*, Type>> parts;
  if (value.is(Kind::kList) && !type.element().is_any()) {
    for (const Value& item : value.list()) parts.emplace_back(&item, type.element());
  } else if (value.is(Kind::kRange) && !type.element().is_any()) {
    parts = {{&value.range().start, type.element()}, {&value.range().end, type.element()}};
  } else if (value.is(Kind::kContext) && type.fields() != nullptr) {
    for (const Type::Field& field : *type.fields()) {
      const Value* entry = value.Find(field.name);
      if (entry == nullptr) return Value::Boolean(false);
      parts.emplace_back(entry, field.type);
    }
  }
  return AllInstances(value, parts);
}

}  // namespace kstati::eligibility::feel
