// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "eligibility/internal/rulebook.h"
#include "graph/service.h"

namespace kstati::eligibility {

// The rules that may decide a service on a day in a region: its criteria, the categories of its
// variants and their criteria, each once. Rules with errors are left out.
std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day,
                              const std::string& region);

// Whether some fact is read more than once by the rules, so that parts of them depend on each other
// and all completions may agree where each part alone is open.
bool AreEntangled(const std::vector<uint32_t>& rules, const Rulebook& book, Date day,
                  const std::string& region);

}  // namespace kstati::eligibility
