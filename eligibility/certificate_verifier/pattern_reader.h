// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "eligibility/certificate_verifier/pattern.h"

namespace kstati::certificate_verifier {

// A regular expression of XPath in the notation of PCRE2, sets of characters written out; nullopt
// when it is none.
std::optional<std::string> InNotationOfPcre(const std::string& text, const PatternFlags& flags);

}  // namespace kstati::certificate_verifier
