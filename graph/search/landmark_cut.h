// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/bound.h"
#include "graph/search/core.h"
#include "graph/search/cost_queue.h"

namespace kstati::graph::search {

// The bound LM-cut (Helmert and Domshlak, 2009): while the dearest goal costs something by the
// dearest need of each service, cut every way to it once more and charge the cheapest service of
// the cut.
class LandmarkCut {
 public:
  // Nothing in `core` is gone, and every fact can be reached. Stops early at `enough`.
  void Run(const Core& core, Cost enough, Bound& bound);
  // After Run: what a fact costs at least by the rests.
  Cost value(uint32_t fact) const { return value_[fact]; }

 private:
  void FindValues(const Core& core, const std::vector<Cost>& cost);
  void LowerValues(const Core& core, const std::vector<Cost>& cost);
  void Relax(const Core& core, uint32_t service, Cost value);
  uint32_t DearestGoal(const Core& core) const;
  void MarkZone(const Core& core, const std::vector<Cost>& cost, uint32_t goal);
  void FindCut(const Core& core);
  void Cross(const Core& core, uint32_t service);

  std::vector<Cost> value_;        // by fact
  std::vector<uint32_t> dearest_;  // by service: its dearest need
  std::vector<uint32_t> missing_;  // by service
  std::vector<uint32_t> sources_;  // services that need nothing
  CostQueue queue_;
  std::vector<uint32_t> in_zone_;  // by fact: the round that marked it last
  std::vector<uint32_t> reached_;  // by fact: likewise
  std::vector<uint32_t> waiting_;
  std::vector<uint32_t> cut_;
  uint32_t round_ = 0;
};

}  // namespace kstati::graph::search
