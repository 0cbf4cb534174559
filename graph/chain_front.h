// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/chain.h"

namespace kstati::graph {

// A way to the goals: what it asks, and how long it takes.
struct FrontPoint {
  std::vector<ChainStep> steps;  // as of a Chain
  int64_t cost = 0;              // kopecks: what graph/chains/burden.h counts but for waiting
  int64_t days = 0;              // working days until all is there
  std::optional<Date> finish;
  int visits = 0;
  int64_t fee = 0;        // kopecks, through the cheapest channels
  bool fee_known = true;  // false: the law states one of them in words
  int documents = 0;      // to bring
};

// All ways worth a thought where nothing but cost and time counts.
struct ChainFront {
  std::vector<FrontPoint> points;  // each costs more than the one before and takes fewer days
  std::vector<AttributeId> reached;
  std::vector<AttributeId> unreachable;
  // No chain costs less. Where that is not the cost of the first point, the gap is what a chain may
  // be cheaper that was not found in time.
  int64_t lower = 0;
  bool proven = true;  // no chain is better than a point in one thing and no worse in the other
};

// The exact front of cost against days of one person, among chains of which every step stands when
// its turn comes, within the request's deadline. No points without steps.
ChainFront FindChainFront(const ServiceGraph& graph, const ChainRequest& request);

}  // namespace kstati::graph
