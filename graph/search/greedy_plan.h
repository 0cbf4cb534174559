// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"
#include "graph/search/cost_queue.h"

namespace kstati::graph::search {

// An upper bound: for each fact the producer that is cheapest when every need is paid by itself
// (h_add), from the goals backwards, and then without the services that turn out not to be needed.
class GreedyPlan {
 public:
  // Nothing in `core` is gone. `rest`, when given, leaves only the services for which it is 0.
  // False: the goals cannot be reached so.
  bool Find(const Core& core, const std::vector<Cost>* rest);
  const std::vector<uint32_t>& services() const { return plan_; }  // of the core, ascending
  Cost cost() const { return cost_; }

 private:
  bool FindProducers(const Core& core, const std::vector<Cost>* rest);
  void Collect(const Core& core);
  void DropNeedless(const Core& core);
  bool Reaches(const Core& core);

  std::vector<Cost> value_;
  std::vector<Cost> sum_;
  std::vector<uint32_t> missing_;
  std::vector<uint32_t> producer_;
  std::vector<uint8_t> done_;
  CostQueue queue_;
  std::vector<uint8_t> in_plan_;
  std::vector<uint8_t> reached_;
  std::vector<uint32_t> waiting_;
  std::vector<uint32_t> plan_;
  std::vector<uint32_t> by_cost_;
  Cost cost_ = 0;
};

}  // namespace kstati::graph::search
