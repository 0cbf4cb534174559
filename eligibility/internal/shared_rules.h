// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eligibility/feel/rule_set.h"
#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/rulebook.h"

namespace kstati::eligibility {

// Compiles all rules of the book together, and numbers them. nullopt when there are none, or their
// text is longer than one program may be; then each is evaluated alone.
std::optional<feel::RuleSet> CompileTogether(Rulebook& book, const CatalogueScope& scope);

// By part: what the slots below it need.
std::vector<uint8_t> NeedsOfParts(const Rulebook& book);

}  // namespace kstati::eligibility
