// SPDX-License-Identifier: Apache-2.0
#include "graph/search/solver.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::graph::search {

const Answer& Solver::Solve(const Query& query, std::optional<std::chrono::microseconds> deadline) {
  std::optional<Instant> stop;
  if (deadline) stop = std::chrono::steady_clock::now() + *deadline;
  relevance_.Cut(query, relevant_);
  branching_.core() = relevant_;
  const Branching::Outcome outcome = branching_.Search(kInfiniteCost, stop);
  answer_.nodes = branching_.nodes();
  answer_.reachable = outcome.upper < kInfiniteCost;
  answer_.services.clear();
  answer_.cost = answer_.lower = 0;
  answer_.days = 0;
  if (!answer_.reachable) return answer_;
  KSTATI_CHECK(founding_.Order(problem_, relevant_, branching_.best(), answer_.services));
  for (const uint32_t service : answer_.services) answer_.cost += problem_.cost(service);
  answer_.days = founding_.days();
  answer_.lower = std::min(outcome.lower, answer_.cost);
  KSTATI_CHECK(answer_.cost <= outcome.upper);
  return answer_;
}

}  // namespace kstati::graph::search
