// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "eligibility/feel/program.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// FEEL's operators on values. Each is sound for unknowns: a definite result is the result for
// every value that the unknowns may have, null included.

enum class Truth { kFalse, kTrue, kNull, kUnknown };

// Deep equality; kNull between different kinds.
Truth Equals(const Value& a, const Value& b);
// kEqual .. kGreaterEqual.
Value Compare(Op op, const Value& a, const Value& b);
// kAdd .. kPower. `problem` says why the result is null; it stays empty when an operand is null.
Value Arithmetic(Op op, const Value& a, const Value& b, std::string_view& problem);
Value Negate(const Value& value, std::string_view& problem);
// Kleene conjunction and disjunction with FEEL's rule for values that are no booleans.
Value And(const Value& a, const Value& b);
Value Or(const Value& a, const Value& b);
Value Not(const Value& value);

// Whether the ends make a range: in order, or one of them absent or null.
bool IsRange(const Range& range);
// value in range.
Value Contains(const Range& range, const Value& value);
// value in test, where the test is a range, a list of values and ranges, or a value.
Value IsIn(const Value& value, const Value& test);

// Where a stands to b: negative, 0, positive; nullopt when FEEL has no order between them.
std::optional<int> Order(const Value& a, const Value& b);
// Whether values of this kind have an order at all.
bool IsOrdered(Kind kind);

// value instance of type.
Value InstanceOf(const Value& value, const Type& type);

// value.name on contexts, lists of contexts, times, durations and ranges.
Value PathOf(const Value& value, std::string_view name, std::string_view& problem);

// `truth` as a value; `a` and `b` are where an unknown comes from.
Value ToValue(Truth truth, const Value& a, const Value& b);

}  // namespace kstati::eligibility::feel
