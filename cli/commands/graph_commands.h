// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/commands/commands.h"

namespace kstati::cli {

// What a catalogue's graph shows; AddChainSearch adds them behind its own commands.
void AddGraphExport(CommandList& commands);
void AddBenefits(CommandList& commands);
void AddWhatIf(CommandList& commands);

}  // namespace kstati::cli
