// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "graph/chains/ways.h"

namespace kstati::graph::chains {

// By action: no chain begins it before this day, whatever else is done; absent when none begins it.
// Past the last loaded year a guess.
std::vector<std::optional<Date>> FirstDaysOf(const Ways& ways);

}  // namespace kstati::graph::chains
