// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/issue.h"
#include "eligibility/feel/expression.h"
#include "graph/catalogue.h"

namespace kstati::eligibility {

// Checks that every parameter() of a compiled expression gives exactly the dimensions that the
// law's table has. `where` is the start of the expression. False when an error was appended.
bool CheckDimensions(const feel::Expression& expression, const Location& where,
                     const graph::Catalogue& catalogue, std::vector<Issue>& issues);

}  // namespace kstati::eligibility
