// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/rows.h"

namespace kstati::graph::search {

using Cost = int64_t;
// More than any chain costs: costs of a problem add up to less (see Problem).
inline constexpr Cost kInfiniteCost = Cost{1} << 61;

inline Cost SumOf(Cost a, Cost b) {
  const Cost sum = a + b;
  return sum < kInfiniteCost ? sum : kInfiniteCost;
}

// What is left of a problem for one query: small, with numbers of its own for facts and services.
// What was decided about the rest is in `paid`.
//
// Invariants:
//  1. producers and consumers are the transposes of gives and needs.
//  2. The counts of a fact or service count what is not gone in its rows; rows may hold gone ones.
//  3. No service gives what it needs.
//  4. A paid service costs nothing and all its needs are goals or gone.
struct Core {
  Rows needs;      // by service
  Rows gives;      // by service
  Rows producers;  // by fact
  Rows consumers;  // by fact
  std::vector<Cost> cost;
  std::vector<uint32_t> service;  // the service of the problem
  std::vector<uint8_t> is_paid;   // by service
  std::vector<uint8_t> is_goal;   // by fact

  std::vector<uint8_t> service_gone;
  std::vector<uint8_t> fact_gone;
  std::vector<uint32_t> need_count;
  std::vector<uint32_t> give_count;
  std::vector<uint32_t> producer_count;
  std::vector<uint32_t> consumer_count;
  uint32_t goal_count = 0;
  // Without circles the numbers of facts are an order in which needs come before gifts.
  bool may_have_circles = false;

  Cost paid_cost = 0;
  std::vector<uint32_t> paid;  // services of the problem, in the order in which they were taken

  uint32_t fact_count() const { return static_cast<uint32_t>(is_goal.size()); }
  uint32_t service_count() const { return static_cast<uint32_t>(cost.size()); }

  void Clear();
  // After needs, gives, cost, service, is_paid and is_goal are filled: makes everything else.
  void Finish();
};

}  // namespace kstati::graph::search
