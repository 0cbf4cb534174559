// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// The value as a variable of the type holds it: DMN 1.5, 10.3.2.9.4. A list of one becomes its
// item, an item a list of one, a date midnight UTC where the type asks for it; null is of every
// type; what is unknown stays so. nullopt when the value is not of the type.
std::optional<Value> Convert(const Value& value, const Type& type);

}  // namespace kstati::eligibility::feel
