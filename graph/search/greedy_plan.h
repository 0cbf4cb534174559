// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"
#include "graph/search/cost_queue.h"
#include "graph/search/rows.h"

namespace kstati::graph::search {

// An upper bound: for each fact the producer that is cheapest when every need is paid by itself
// (h_add), from the goals backwards, and then without the services that turn out not to be needed.
class GreedyPlan {
 public:
  // Nothing in `core` is gone. `rest`, when given, leaves only the services for which it is 0.
  // False: the goals cannot be reached so.
  bool Find(const Core& core, const std::vector<Cost>* rest);
  // Goal by goal, the nearest first: what was taken for one costs nothing for the next. Takes as
  // many times longer as there are goals.
  bool FindSharing(const Core& core);
  const std::vector<uint32_t>& services() const { return plan_; }  // of the core, ascending
  Cost cost() const { return cost_; }

 private:
  bool FindProducers(const Core& core, const std::vector<Cost>& price,
                     const std::vector<Cost>* rest);
  void TakeFor(const Core& core, uint32_t fact);
  void Collect(const Core& core);
  void DropNeedless(const Core& core);
  bool Reaches(const Core& core);

  std::vector<Cost> price_;
  std::vector<Cost> value_;
  std::vector<Cost> sum_;
  std::vector<uint32_t> missing_;
  std::vector<uint32_t> producer_;
  std::vector<uint8_t> done_;
  CostQueue queue_;
  std::vector<uint8_t> in_plan_;  // by service
  std::vector<uint32_t> plan_;
  // What was chosen at first, by numbers of its own.
  std::vector<uint32_t> chosen_;  // services, dearest first
  std::vector<uint32_t> facts_;   // what they need, and goals
  std::vector<uint32_t> place_;   // by fact of the core: among facts_
  Rows needs_;
  Rows gives_;
  Rows consumers_;
  std::vector<uint32_t> sources_;  // by fact: services of the plan that give it
  std::vector<uint32_t> waiting_;
  Cost cost_ = 0;
};

}  // namespace kstati::graph::search
