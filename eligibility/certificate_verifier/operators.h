// SPDX-License-Identifier: Apache-2.0
// FEEL's operators with three outcomes for every question (DMN 1.5, 10.3.2): yes, no, and unknown
// with the inputs that are missing.
#pragma once

#include <optional>
#include <string>

#include "base/decimal.h"
#include "eligibility/feel/value.h"

namespace kstati::certificate_verifier {

using eligibility::feel::Kind;
using eligibility::feel::Value;

bool EitherUnknown(const Value& a, const Value& b);
// A disjunction when true decides, a conjunction when false does.
Value Join(const Value& a, const Value& b, bool decisive);
Value And(const Value& a, const Value& b);
Value Or(const Value& a, const Value& b);
Value Not(const Value& value);
// Null when the kinds differ.
Value Equal(const Value& a, const Value& b);
// Negative, 0, positive; nullopt when there is no order between them.
std::optional<int> OrderOf(const Value& a, const Value& b);
// What a comparison of the two says, null when they have no common order; nullopt for another sign.
std::optional<Value> Compared(const std::string& sign, const Value& a, const Value& b);
// Whether the value is the test, in it when it is a range, or in one of the items of a list.
Value IsIn(const Value& value, const Value& test);
// nullopt for another sign than + - * / **.
std::optional<Value> Calculated(const std::string& sign, const Value& a, const Value& b);
Value Negated(const Value& value);
Value NumberOrNull(const std::optional<Decimal>& number);
// Null beyond the largest duration.
Value Months(int64_t months);
// An entry of a context, or a property; of a list those of its items.
Value PartOf(const Value& value, const std::string& name);

}  // namespace kstati::certificate_verifier
