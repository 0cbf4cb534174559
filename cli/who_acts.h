// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kstati::cli {

// The account of the machine that runs the command.
std::string WhoActs();

}  // namespace kstati::cli
