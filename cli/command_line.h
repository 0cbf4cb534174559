// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace kstati::cli {

// Exit codes beside those of base/error.h.
inline constexpr int kExitFine = 0;
inline constexpr int kExitFoundProblems = 1;  // it ran, and what it looked at is not in order
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFoundWarnings = 3;  // nothing but warnings, and the caller is strict

// Runs one command and returns the exit code. Never throws.
int RunCommandLine(const std::vector<std::string>& arguments, const Terminal& terminal);

}  // namespace kstati::cli
