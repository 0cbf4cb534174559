// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eligibility/feel/value.h"

namespace kstati::certificate_verifier {

// A list of one stands for its item.
eligibility::feel::Value Single(const eligibility::feel::Value& value);

// A function of numbers or of texts: null when an argument is of another kind, unknown when one is
// unknown. nullopt when there is no such function of so many arguments.
std::optional<eligibility::feel::Value> OfScalars(
    const std::string& name, const std::vector<eligibility::feel::Value>& arguments);

}  // namespace kstati::certificate_verifier
