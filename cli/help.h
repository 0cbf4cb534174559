// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/commands/commands.h"

namespace kstati::cli {

// The page of one command: what it does, examples, arguments and options with defaults.
std::string HelpOf(const Command& command, const Options& options);
// What `kstati` alone prints: the commands used most, and how to see the rest.
std::string ShortOverview(const CommandList& commands);
// The first page: every command.
std::string Overview(const CommandList& commands);
// The reference of all commands as a Markdown page.
std::string CommandReference(const CommandList& commands);

}  // namespace kstati::cli
