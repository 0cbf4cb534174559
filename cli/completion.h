// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/commands/commands.h"

namespace kstati::cli {

// Gives the ids of a kind that exist.
using ListNames = std::function<std::vector<std::string>(Names)>;

// What may stand in place of the last word of a command line, for `kstati __complete`: commands,
// options, words and ids. Sorted.
std::vector<std::string> CompletionsFor(const CommandList& commands,
                                        const std::vector<std::string>& words,
                                        const ListNames& list_names);

// From the folder of the configured catalogue, by the names of its files: nothing is read, since a
// shell waits. Empty when there is no such folder.
std::vector<std::string> NamesOfCatalogue(Names names);

}  // namespace kstati::cli
