// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/config.h"

namespace kstati::cli {

enum class Health { kOk, kWarning, kProblem };

std::string_view NameOf(Health health);

// One thing a server needs, and how it is.
struct Finding {
  std::string item;  // "store"
  Health health = Health::kOk;
  std::string state;   // "schema 1, 120 GiB free"
  std::string advice;  // what to do; empty when ok
};

// Looks at everything `serve` needs; changes nothing but makes the store when it is missing.
std::vector<Finding> Examine(const Config& config);

}  // namespace kstati::cli
