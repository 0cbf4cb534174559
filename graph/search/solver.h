// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/search/branching.h"
#include "graph/search/core.h"
#include "graph/search/founding.h"
#include "graph/search/problem.h"
#include "graph/search/relevance.h"

namespace kstati::graph::search {

struct Answer {
  bool reachable = false;          // whether the goals can be reached at all
  std::vector<uint32_t> services;  // of the problem; each comes after what gives its needs
  Cost cost = 0;
  Cost lower = 0;  // no chain costs less
  int64_t days = 0;
  uint64_t nodes = 0;
  bool proven() const { return !reachable || lower == cost; }
};

// Finds cheapest chains. One per thread; after some queries it takes no more memory.
class Solver {
 public:
  explicit Solver(const Problem& problem) : relevance_(problem), problem_(problem) {}
  // The answer stays until the next call.
  const Answer& Solve(const Query& query, std::optional<std::chrono::microseconds> deadline);

 private:
  Relevance relevance_;
  const Problem& problem_;
  Branching branching_;
  Founding founding_;
  Core relevant_;
  Answer answer_;
};

}  // namespace kstati::graph::search
