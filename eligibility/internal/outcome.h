// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "eligibility/decision.h"
#include "eligibility/internal/evaluation.h"

namespace kstati::eligibility {

// What each criterion came to and from what, after `evaluation` (a recording one) evaluated them.
std::vector<CriterionOutcome> DescribeCriteria(const graph::Regulation& regulation,
                                               graph::About about, const Rulebook& book,
                                               Evaluation& evaluation);
// The same for who belongs to each variant.
std::vector<CriterionOutcome> DescribeCategories(const graph::Regulation& regulation,
                                                 graph::About about, const Rulebook& book,
                                                 Evaluation& evaluation);

}  // namespace kstati::eligibility
