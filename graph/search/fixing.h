// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/bound.h"
#include "graph/search/core.h"
#include "graph/search/cost_queue.h"

namespace kstati::graph::search {

// Reduced-cost fixing. A chain in which each service is of use holds, with a service, some way to
// its dearest need before it and some way from one of its gifts to a goal after it; by the rests of
// a bound these three cost something on top of the bound. A service for which that reaches a limit
// is in no chain below the limit. (That no chain is left without such services means only that no
// chain costs less than the limit.)
class Fixing {
 public:
  // Nothing in `core` is gone.
  void Find(const Core& core, const Bound& bound);
  // What a chain with this service costs at least on top of the bound.
  Cost extra(uint32_t service) const { return extra_[service]; }

 private:
  void FindWaysTo(const Core& core, const std::vector<Cost>& rest);
  void FindWaysFrom(const Core& core, const std::vector<Cost>& rest);

  std::vector<Cost> extra_;
  std::vector<Cost> to_;    // by service: of its dearest need
  std::vector<Cost> from_;  // by fact: of the cheapest way on to a goal
  std::vector<Cost> value_;
  std::vector<uint8_t> done_;
  std::vector<uint32_t> missing_;
  CostQueue queue_;
};

}  // namespace kstati::graph::search
