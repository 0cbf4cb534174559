// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/type_rules.h"

#include <algorithm>
#include <array>

namespace kstati::eligibility::feel {
namespace {

struct ArithmeticRule {
  Op op;
  Kind left;
  Kind right;
  Kind result;
};

constexpr Kind kNumber = Kind::kNumber;
constexpr Kind kDate = Kind::kDate;
constexpr Kind kTime = Kind::kTime;
constexpr Kind kDateTime = Kind::kDateTime;
constexpr Kind kMonths = Kind::kMonthsDuration;
constexpr Kind kNanos = Kind::kTimeDuration;

constexpr std::array kRules{
    ArithmeticRule{Op::kAdd, kNumber, kNumber, kNumber},
    ArithmeticRule{Op::kAdd, Kind::kString, Kind::kString, Kind::kString},
    ArithmeticRule{Op::kAdd, kDate, kMonths, kDate},
    ArithmeticRule{Op::kAdd, kDate, kNanos, kDate},
    ArithmeticRule{Op::kAdd, kMonths, kDate, kDate},
    ArithmeticRule{Op::kAdd, kNanos, kDate, kDate},
    ArithmeticRule{Op::kAdd, kDateTime, kMonths, kDateTime},
    ArithmeticRule{Op::kAdd, kDateTime, kNanos, kDateTime},
    ArithmeticRule{Op::kAdd, kMonths, kDateTime, kDateTime},
    ArithmeticRule{Op::kAdd, kNanos, kDateTime, kDateTime},
    ArithmeticRule{Op::kAdd, kTime, kNanos, kTime},
    ArithmeticRule{Op::kAdd, kNanos, kTime, kTime},
    ArithmeticRule{Op::kAdd, kMonths, kMonths, kMonths},
    ArithmeticRule{Op::kAdd, kNanos, kNanos, kNanos},
    ArithmeticRule{Op::kSubtract, kNumber, kNumber, kNumber},
    ArithmeticRule{Op::kSubtract, kDate, kMonths, kDate},
    ArithmeticRule{Op::kSubtract, kDate, kNanos, kDate},
    ArithmeticRule{Op::kSubtract, kDate, kDate, kNanos},
    ArithmeticRule{Op::kSubtract, kDate, kDateTime, kNanos},
    ArithmeticRule{Op::kSubtract, kDateTime, kDate, kNanos},
    ArithmeticRule{Op::kSubtract, kDateTime, kDateTime, kNanos},
    ArithmeticRule{Op::kSubtract, kDateTime, kMonths, kDateTime},
    ArithmeticRule{Op::kSubtract, kDateTime, kNanos, kDateTime},
    ArithmeticRule{Op::kSubtract, kTime, kTime, kNanos},
    ArithmeticRule{Op::kSubtract, kTime, kNanos, kTime},
    ArithmeticRule{Op::kSubtract, kMonths, kMonths, kMonths},
    ArithmeticRule{Op::kSubtract, kNanos, kNanos, kNanos},
    ArithmeticRule{Op::kMultiply, kNumber, kNumber, kNumber},
    ArithmeticRule{Op::kMultiply, kNumber, kMonths, kMonths},
    ArithmeticRule{Op::kMultiply, kMonths, kNumber, kMonths},
    ArithmeticRule{Op::kMultiply, kNumber, kNanos, kNanos},
    ArithmeticRule{Op::kMultiply, kNanos, kNumber, kNanos},
    ArithmeticRule{Op::kDivide, kNumber, kNumber, kNumber},
    ArithmeticRule{Op::kDivide, kMonths, kNumber, kMonths},
    ArithmeticRule{Op::kDivide, kNanos, kNumber, kNanos},
    ArithmeticRule{Op::kDivide, kMonths, kMonths, kNumber},
    ArithmeticRule{Op::kDivide, kNanos, kNanos, kNumber},
    ArithmeticRule{Op::kPower, kNumber, kNumber, kNumber},
};

bool IsOrdered(Kind kind) {
  return kind == kNumber || kind == Kind::kString || kind == kDate || kind == kTime ||
         kind == kDateTime || kind == kMonths || kind == kNanos;
}

bool MayBe(const Type& type, Kind kind) { return type.is_any() || type.kind() == kind; }

}  // namespace

std::optional<Type> ArithmeticType(Op op, const Type& a, const Type& b) {
  if (a.is(Kind::kNull) || b.is(Kind::kNull)) return Type::Null();
  std::optional<Type> result;
  for (const ArithmeticRule& rule : kRules) {
    if (rule.op != op || !MayBe(a, rule.left) || !MayBe(b, rule.right)) continue;
    if (result && !result->is(rule.result)) return Type::Any();
    result = Type::Of(rule.result);
  }
  return result;
}

bool Orderable(const Type& a, const Type& b) {
  if (a.is(Kind::kNull) || b.is(Kind::kNull)) return false;
  if (!a.is_any() && !IsOrdered(a.kind())) return false;
  if (!b.is_any() && !IsOrdered(b.kind())) return false;
  return a.is_any() || b.is_any() || a.kind() == b.kind();
}

bool Comparable(const Type& a, const Type& b) {
  if (a.is_any() || b.is_any() || a.is(Kind::kNull) || b.is(Kind::kNull)) return true;
  return a.kind() == b.kind();
}

const std::vector<Property>& PropertiesOf(Kind kind) {
  static const std::vector<Property> kOfDate{
      {"year", kNumber}, {"month", kNumber}, {"day", kNumber}, {"weekday", kNumber}};
  static const std::vector<Property> kOfTime{{"hour", kNumber},
                                             {"minute", kNumber},
                                             {"second", kNumber},
                                             {"time offset", kNanos},
                                             {"timezone", Kind::kString}};
  static const std::vector<Property> kOfDateTime = [] {
    std::vector<Property> all = kOfDate;
    all.insert(all.end(), kOfTime.begin(), kOfTime.end());
    return all;
  }();
  static const std::vector<Property> kOfMonths{{"years", kNumber}, {"months", kNumber}};
  static const std::vector<Property> kOfNanos{
      {"days", kNumber}, {"hours", kNumber}, {"minutes", kNumber}, {"seconds", kNumber}};
  static const std::vector<Property> kOfRange{{"start", Kind::kUnknown},
                                              {"end", Kind::kUnknown},
                                              {"start included", Kind::kBoolean},
                                              {"end included", Kind::kBoolean}};
  static const std::vector<Property> kNone;
  switch (kind) {
    case Kind::kDate: return kOfDate;
    case Kind::kTime: return kOfTime;
    case Kind::kDateTime: return kOfDateTime;
    case Kind::kMonthsDuration: return kOfMonths;
    case Kind::kTimeDuration: return kOfNanos;
    case Kind::kRange: return kOfRange;
    default: return kNone;
  }
}

std::string_view NameOf(Op op) {
  switch (op) {
    case Op::kAdd: return "+";
    case Op::kSubtract: return "-";
    case Op::kMultiply: return "*";
    case Op::kDivide: return "/";
    case Op::kPower: return "**";
    case Op::kEqual: return "=";
    case Op::kNotEqual: return "!=";
    case Op::kLess: return "<";
    case Op::kLessEqual: return "<=";
    case Op::kGreater: return ">";
    case Op::kGreaterEqual: return ">=";
    case Op::kAnd: return "and";
    case Op::kOr: return "or";
    default: return "?";
  }
}

}  // namespace kstati::eligibility::feel
