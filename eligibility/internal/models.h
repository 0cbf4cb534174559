// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/issue.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// Reads the decision models that attributes name and ties their input data to the attributes, or
// "event.date" and "relation.*", of the same name. By the slot of the attribute that a decision
// makes; one with errors is left out, each problem is an issue.
std::map<uint32_t, ModelDecision> LinkModels(const Rulebook& book, std::vector<Issue>& issues);

}  // namespace kstati::eligibility
