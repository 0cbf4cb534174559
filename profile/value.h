// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/decimal.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::profile {

// What the dictionary says an attribute's values are.
enum class ValueType {
  kBoolean,
  kNumber,
  kMoney,  // roubles, exact decimal
  kText,
  kDate,
  kCode,      // one of a closed code list
  kDocument,  // true: the person holds the document
  kPayment,   // money assigned
  kEvent,     // true on the day it happened
};

std::string_view NameOf(ValueType type);
Result<ValueType> ParseValueType(std::string_view name);

// The registry states that the attribute does not apply to this person. FEEL's null.
struct NotApplicable {
  bool operator==(const NotApplicable&) const = default;
};

// The value of a fact. Money and numbers are exact decimals; text and codes are UTF-8.
using FactValue = std::variant<NotApplicable, bool, Decimal, std::string, Date>;

// Types foreign text ("true", "12.50", "2026-03-15", "female", "" = not applicable).
// kInvalidArgument says which form the type wants. Knows no code lists: a code is any text here.
Result<FactValue> ParseFactValue(ValueType type, std::string_view text);

// The inverse of ParseFactValue. The result is data about a person: never log it.
std::string ToText(const FactValue& value);

// Whether the alternative that `value` holds is the one `type` uses; NotApplicable suits every
// type.
bool HasType(const FactValue& value, ValueType type);

// Whether the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool IsUtf8(std::string_view text);

}  // namespace kstati::profile
