// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"

namespace kstati::graph::search {

// Which facts lie on a circle together: a fact leads to every fact given by a service that needs
// it. Facts with the same number in `circle_of` lead to each other.
class CircleFinder {
 public:
  // Returns whether there is any circle. Without one each fact has a number of its own, and the
  // numbers of facts in the core are taken for an order in which needs come before gifts.
  bool Find(const Core& core);
  uint32_t circle_of(uint32_t fact) const { return circle_of_[fact]; }

 private:
  struct Visit {
    uint32_t fact;
    uint32_t consumer;  // place in the row of consumers
    uint32_t gift;      // place in the row of that consumer's gives
  };

  bool NextFact(const Core& core, Visit& visit, uint32_t& next) const;
  void Enter(uint32_t fact);
  void Leave(uint32_t fact);

  std::vector<uint32_t> circle_of_;
  std::vector<uint32_t> entered_;  // order of discovery, from 1; 0: not yet
  std::vector<uint32_t> lowest_;
  std::vector<uint32_t> open_;
  std::vector<Visit> visits_;
  uint32_t time_ = 0;
  uint32_t circle_count_ = 0;
};

}  // namespace kstati::graph::search
