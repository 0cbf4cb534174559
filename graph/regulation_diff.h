// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "graph/service.h"

namespace kstati::graph {

// What differs between two versions of a regulation, a line each: "criterion income: rule
// \"person.income < 5\" becomes \"person.income < 7\"", "variant mother: visits 1 becomes 0". Empty
// when they are the same but for their dates, texts and marks.
std::vector<std::string> DiffOf(const Regulation& before, const Regulation& after);

}  // namespace kstati::graph
