// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cases/case.h"
#include "cases/draft.h"
#include "eligibility/decision.h"

namespace kstati::cases {

// By which version of its service's regulation a case goes on, and for which variant, so that what
// a change brought can be counted. The entry's reason has both; the last entry counts.
inline constexpr std::string_view kRegulationAppliedActivity = "regulation.applied";

struct AppliedRegulation {
  std::string version;  // the day from which it is in force; empty: not known
  std::string variant;  // empty: it has none, or it is not settled
};

// Writes it down as of this decision on the case, which has its id. Nothing without a regulation.
void NoteRegulation(Draft& draft, const Case& c, const eligibility::Decision& decision);

// Reads the reason of such an entry.
AppliedRegulation ParseAppliedRegulation(std::string_view reason);

}  // namespace kstati::cases
