// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace kstati::graph {

// What something is worth: first the amount, then the weight. Neither is negative.
struct Worth {
  int64_t amount = 0;
  int64_t weight = 0;

  auto operator<=>(const Worth&) const = default;
  Worth& operator+=(const Worth& other);
};

// Of these items no more than so many go together.
struct Limit {
  std::vector<uint32_t> items;
  uint32_t at_most = 1;
};

struct Bundle {
  std::vector<uint32_t> items;  // ascending
  Worth worth;
};

// The compatible items that are worth most together: exact. Of bundles that are worth the same the
// one that takes earlier items. Requires that limits name items that are there.
Bundle BestBundle(const std::vector<Worth>& items, const std::vector<Limit>& limits);

}  // namespace kstati::graph
