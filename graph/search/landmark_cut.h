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

 private:
  void FindValues(const Core& core, const std::vector<Cost>& cost);
  void LowerValues(const Core& core, const std::vector<Cost>& cost);
  void Relax(const Core& core, uint32_t service, Cost value);
  uint32_t DearestGoal() const;
  void MarkZone(const Core& core, const std::vector<Cost>& cost, uint32_t goal);
  void FindCut(const Core& core);
  bool IsBefore(const Core& core, uint32_t fact);
  bool Enters(const Core& core, uint32_t service) const;

  struct Step {
    uint32_t fact;
    uint32_t producer;  // place in its row of producers
  };

  std::vector<Cost> value_;        // by fact
  std::vector<uint32_t> dearest_;  // by service: its dearest need
  std::vector<uint32_t> missing_;  // by service
  std::vector<uint32_t> goals_;
  CostQueue queue_;
  // The round that marked a fact or a service last.
  std::vector<uint32_t> in_zone_;
  std::vector<uint32_t> before_;
  std::vector<uint32_t> in_cut_;
  std::vector<uint32_t> visited_;  // by fact: the visit that marked it last
  std::vector<uint32_t> zone_;
  std::vector<uint32_t> cut_;
  std::vector<Step> way_;
  uint32_t round_ = 0;
  uint32_t visit_ = 0;
};

}  // namespace kstati::graph::search
