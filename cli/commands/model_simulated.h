// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "cli/output.h"

namespace kstati::cli {

// What `kstati model evaluate --simulated` is asked.
struct SimulatedQuestion {
  bool asked = false;
  int64_t people = 20'000;
  int64_t years = 3;
  std::string keep;  // a file for the model that was learned; empty: none
};

// Learns from simulated lives to infer events that nobody announced, judges that on other simulated
// people and prints how well it goes, by kind of event and group of people.
Result<int> JudgeSimulated(const SimulatedQuestion& question, int64_t seed, const Output& output,
                           const Terminal& terminal);

}  // namespace kstati::cli
