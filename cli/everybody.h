// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "cli/system.h"

namespace kstati::cli {

// Looks at each citizen of a store in turn, for sums that show nobody, with progress under `title`.
// Each sees the use. Stops at the first failure.
Result<void> LookAtEverybody(const System& system, std::string_view title,
                             const std::function<Result<void>(CitizenId)>& look);

}  // namespace kstati::cli
