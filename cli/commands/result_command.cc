// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/commands.h"

namespace kstati::cli {

void AddResult(CommandList&) {}

}  // namespace kstati::cli
