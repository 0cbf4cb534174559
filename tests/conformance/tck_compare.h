// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "eligibility/feel/value.h"

namespace kstati::tck {

enum class Match {
  kExact,
  kClose,  // numbers within 1e-8, as the kit's own runners compare
  kDifferent,
};

Match Compare(const eligibility::feel::Value& expected, const eligibility::feel::Value& actual);

}  // namespace kstati::tck
