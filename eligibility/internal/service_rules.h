// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "eligibility/internal/rulebook.h"
#include "graph/service.h"

namespace kstati::eligibility {

// The rules that may decide a service on a day in a region: its criteria, the categories of its
// variants and their criteria, each once. Rules with errors are left out.
std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day,
                              const std::string& region);

// The same on a day in any region.
std::vector<uint32_t> RulesOf(const graph::Service& service, const Rulebook& book, Date day);

// The slots of the facts for which completions may agree although the rules are open: read more
// than once, in whosever profile, so that parts of rules depend on each other; or by a rule that
// chooses, iterates or looks up by them (a figure of law by sex), so that different values may lead
// to the same.
std::set<uint32_t> Entangled(const std::vector<uint32_t>& rules, const Rulebook& book, Date day,
                             const std::string& region);

}  // namespace kstati::eligibility
