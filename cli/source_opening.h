// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "cli/config.h"
#include "profile/dictionary.h"
#include "sources/gatherer.h"

namespace kstati::cli {

sources::Gatherer::Options GathererOptions(const Config& config);

// The sources of the configured list; none without a list. kInvalidArgument when the list has
// errors. `dictionary` outlives them.
Result<std::vector<std::unique_ptr<sources::FactSource>>> OpenSources(
    const Config& config, const profile::Dictionary& dictionary);

}  // namespace kstati::cli
