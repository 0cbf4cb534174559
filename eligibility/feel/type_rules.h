// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "eligibility/feel/program.h"
#include "eligibility/feel/type.h"

namespace kstati::eligibility::feel {

// The type of `a op b` for kAdd .. kPower; nullopt when it is null for all values of these types.
std::optional<Type> ArithmeticType(Op op, const Type& a, const Type& b);
// Whether a < b can be anything but null.
bool Orderable(const Type& a, const Type& b);
// Whether a = b can be anything but null.
bool Comparable(const Type& a, const Type& b);

struct Property {
  std::string_view name;
  Kind result;
};
// The properties of a temporal kind or range, read by a path: date.year, range.start.
const std::vector<Property>& PropertiesOf(Kind kind);

// "add", "<=", for messages.
std::string_view NameOf(Op op);

}  // namespace kstati::eligibility::feel
