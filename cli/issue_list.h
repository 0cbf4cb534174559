// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <ostream>
#include <span>

#include "base/issue.h"
#include "cli/color.h"

namespace kstati::cli {

inline constexpr size_t kIssuesShownMax = 20;  // the rest mostly follows from the first ones

// Gives the line of a file that an issue stands in; empty when there is none.
using SourceLine = std::function<std::string(const std::string& file, int line)>;

// Prints issues with their line and a caret, errors first; past the limit only how many more there
// are.
void PrintIssues(std::ostream& out, const Palette& palette, std::span<const Issue> issues,
                 const SourceLine& source_line = ReadSourceLine);

}  // namespace kstati::cli
