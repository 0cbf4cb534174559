// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kstati::eligibility::feel {

// Steps of evaluations: nodes, and items of lists that were made.
struct Work {
  uint64_t computed = 0;
  uint64_t reused = 0;  // that need not be computed, since a part that has them was kept
};

}  // namespace kstati::eligibility::feel
