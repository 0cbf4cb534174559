// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "graph/search/instance.h"
#include "graph/search/solver.h"

namespace {

using kstati::graph::search::Answer;
using kstati::graph::search::Problem;
using kstati::graph::search::QueryForm;

// Every service of the chain has what it needs, and the goals are there at the end.
void CheckFounded(const Problem& problem, const QueryForm& query, const Answer& answer) {
  std::vector<bool> there(problem.fact_count(), false);
  for (const uint32_t fact : query.initial) there[fact] = true;
  for (const uint32_t service : answer.services) {
    for (const uint32_t need : problem.needs(service)) KSTATI_CHECK(there[need]);
    for (const uint32_t gift : problem.gives(service)) there[gift] = true;
  }
  for (const uint32_t goal : query.goals) KSTATI_CHECK(there[goal]);
}

}  // namespace

// An instance is either refused, with what to do, or its query has a proven answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto instance = kstati::graph::search::ParseInstance(text, "instance.json");
  if (!instance) {
    KSTATI_CHECK(!instance.error().message.empty() && !instance.error().remedy.empty());
    return 0;
  }
  if (!instance->query || instance->problem.fact_count() > 1000) return 0;
  kstati::graph::search::Solver solver(instance->problem);
  const Answer& answer = solver.Solve(instance->query->AsQuery(), std::chrono::milliseconds(100));
  if (!answer.reachable) return 0;
  KSTATI_CHECK(answer.lower <= answer.cost);
  CheckFounded(instance->problem, *instance->query, answer);
  return 0;
}
