// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/commands/commands.h"

namespace kstati::cli {

// Of AddMonitor, one function per file.
void AddMonitorChanges(CommandList& commands);
void AddMonitorStandard(CommandList& commands);
void AddMonitorZeros(CommandList& commands);
void AddMonitorImport(CommandList& commands);
void AddIncidents(CommandList& commands);
void AddChangeRequests(CommandList& commands);

}  // namespace kstati::cli
