// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <span>

#include "base/issue.h"

namespace kstati::cli {

inline constexpr size_t kIssuesShownMax = 20;  // the rest mostly follows from the first ones

// Prints issues with their line and a caret, errors first; past the limit only how many more there
// are.
void PrintIssues(std::ostream& out, std::span<const Issue> issues);

}  // namespace kstati::cli
