// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "profile/dictionary.h"

namespace kstati::cases {

// That a person may answer so: in the form of the attribute's type and, where it has a code list,
// with one of its codes; else kInvalidArgument.
Result<void> CheckAnswer(const profile::Attribute& attribute, std::string_view answer);

}  // namespace kstati::cases
