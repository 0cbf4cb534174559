// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "graph/bundle.h"
#include "graph/search/deadline.h"

namespace kstati::graph {

// What comes of building without some items.
struct Attempt {
  struct Item {
    uint32_t number = 0;
    Worth worth;
  };
  std::vector<Item> items;  // those that are in it, by number
  size_t reached = 0;       // goals; no more of them when more is left out
  int64_t burden = 0;
  bool proven = true;  // nothing else could have come of it
};

// Items of which limits let only so many go together, and what can be built without some of them.
struct CompatibleQuestion {
  std::vector<Worth> most;  // by item: it is never worth more
  std::vector<Limit> limits;
  // Not with any of these, which are ascending.
  std::function<Attempt(const std::vector<uint32_t>&)> build;
  size_t builds_max = 200;
  search::Deadline deadline = 5 * search::kDefaultDeadline;
};

struct Compatible {
  std::vector<uint32_t> left_out;  // ascending
  bool proven = true;              // false: another choice may be better
};

// What to leave out so that all limits hold. An item is given up only where a limit is broken that
// has it, and then it is built again, which may break others. Of all that can be come to in this
// way the best: whose items are worth most, then what reaches most goals, then what asks the least
// burden. Exact by branch and bound; past `builds_max` or the deadline the best so far.
Compatible FindCompatible(const CompatibleQuestion& question);

}  // namespace kstati::graph
