// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/search/bound.h"
#include "graph/search/core.h"
#include "graph/search/cost_queue.h"

namespace kstati::graph::search {

// A bound by dual ascent on the hypergraph. For a zone of facts that holds a goal and nothing that
// is held, the services that enter it (they give into it and need nothing inside) are a landmark.
// Each goal has a zone, which grows backwards over entering services that have no rest, through
// one need of each that still costs something to reach; the goal whose zone is entered by the
// fewest services is charged first.
class DualAscent {
 public:
  // Nothing in `core` is gone, and every fact can be reached. Stops early at `enough`.
  void Run(const Core& core, Cost enough, Bound& bound);

 private:
  struct Zone {
    std::vector<uint8_t> holds;        // by fact
    std::vector<uint32_t> entering;    // services
    std::vector<uint8_t> is_entering;  // by service
    uint32_t goal = 0;
  };

  void Reach(const Core& core, const Bound& bound, std::span<const uint32_t> changed);
  void FindValues(const Core& core);
  void Add(const Core& core, Zone& zone, uint32_t fact);
  void Restart(const Core& core, Zone& zone);
  void Grow(const Core& core, const Bound& bound, Zone& zone);

  std::vector<Zone> zones_;
  std::vector<uint32_t> goals_;
  std::vector<uint8_t> reached_;  // by fact: at no rest
  std::vector<uint32_t> missing_;
  std::vector<uint32_t> all_;  // services
  std::vector<uint32_t> waiting_;
  std::vector<Cost> value_;
  CostQueue queue_;
};

}  // namespace kstati::graph::search
