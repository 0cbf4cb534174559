// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eligibility/certificate_verifier/formula.h"

namespace kstati::certificate_verifier {

// A function of lists, texts, numbers, days or functions: null when an argument does not fit.
// nullopt when there is no such function, or it takes another number of arguments.
std::optional<Value> OfAny(const std::string& name, const std::vector<Value>& arguments,
                           Formula& formula);

}  // namespace kstati::certificate_verifier
