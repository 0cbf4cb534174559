// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/config.h"
#include "intake/amqp_connection.h"

namespace kstati::cli {

// The broker that the configuration names; its URL is empty when it names none. kNotFound when the
// file of its password cannot be read.
Result<intake::AmqpOptions> BrokerOptions(const Config& config);

}  // namespace kstati::cli
