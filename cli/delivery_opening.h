// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "cases/delivering.h"
#include "cli/config.h"

namespace kstati::cli {

// The channels of the configuration, in its order; none when it names none. kInvalidArgument when a
// name or a channel's setting is wrong, kNotFound when a secret cannot be read.
Result<cases::Delivering::Channels> OpenChannels(const Config& config);

// kInvalidArgument when the quiet hours cannot be read.
Result<cases::DeliveryOptions> DeliveryOptionsOf(const Config& config);

}  // namespace kstati::cli
