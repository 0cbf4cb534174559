// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "eligibility/program.h"

namespace kstati::eligibility {

inline constexpr std::string_view kByHandService = "matcap_monthly_payment";

// The criteria of kByHandService as a programmer would write them down in C++, over the same facts,
// with unknowns, dated regional figures and exact decimals; no reasons, no explanation.
// `minimum_income` is the parameter pm_per_capita.
Verdict DecideByHand(const Subject& subject, const graph::Parameter& minimum_income);

// A mother and a child in every combination of a criterion of the service that holds, fails and
// cannot be told.
std::vector<profile::Household> PeopleOfEveryKind(const profile::AsOf& as_of);

}  // namespace kstati::eligibility
