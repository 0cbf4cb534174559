// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "cli/command_line.h"

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  return kstati::cli::RunCommandLine(arguments, kstati::cli::Terminal::OfThisProcess());
}
