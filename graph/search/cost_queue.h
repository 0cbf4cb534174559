// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "graph/search/core.h"

namespace kstati::graph::search {

// Facts by the cost at which they were pushed, cheapest first, then the lowest number.
class CostQueue {
 public:
  using Entry = std::pair<Cost, uint32_t>;

  bool empty() const { return entries_.empty(); }
  void Clear() { entries_.clear(); }
  void Push(Cost cost, uint32_t fact) {
    entries_.emplace_back(cost, fact);
    std::push_heap(entries_.begin(), entries_.end(), std::greater<>());
  }
  Entry Pop() {
    std::pop_heap(entries_.begin(), entries_.end(), std::greater<>());
    const Entry entry = entries_.back();
    entries_.pop_back();
    return entry;
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace kstati::graph::search
