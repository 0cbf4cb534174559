// SPDX-License-Identifier: Apache-2.0
// A solver that has answered a set of queries answers them again without asking for memory. Every
// allocation of this program is counted, so it is a program of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <new>

#include "graph/search/solver.h"
#include "tests/unit/chain_search/small_graph.h"
#include "tests/unit/chain_search/workload.h"

namespace {

uint64_t allocations = 0;

void* Allocate(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(std::max<std::size_t>(size, 1))) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace kstati::graph::search {
namespace {

namespace fs = std::filesystem;

Workload MakeWorkload(uint32_t layers, uint32_t facts_in_layer, size_t queries) {
  std::mt19937 random(5);
  SmallGraph graph = LayeredGraph(random, layers, facts_in_layer);
  Workload made{graph.Make(), {}};
  const uint32_t below = graph.fact_count - facts_in_layer;
  for (size_t query = 0; query < queries; ++query) {
    for (uint32_t& goal : graph.goals) {
      goal = facts_in_layer + static_cast<uint32_t>(random() % below);
    }
    made.queries.push_back({graph.initial, graph.goals, {}, std::nullopt});
  }
  return made;
}

template <class Ask>
uint64_t CountAllocations(const Workload& workload, bool backwards, const Ask& ask) {
  const size_t count = workload.queries.size();
  const uint64_t before = allocations;
  for (size_t i = 0; i < count; ++i) {
    ask(workload.queries[backwards ? count - 1 - i : i].AsQuery());
  }
  return allocations - before;
}

// After one round, none in a second one, nor in one in the opposite order.
void ExpectNoAllocations(const Workload& workload) {
  Solver solver(workload.problem);
  const auto solve = [&](const Query& query) { solver.Solve(query, std::nullopt); };
  const auto front = [&](const Query& query) { solver.FindFront(query, std::nullopt); };
  const auto fewest = [&](const Query& query) {
    const Answer& answer = solver.Solve(query, std::nullopt);
    const Cost cost = answer.cost;
    const int64_t days = answer.days;
    solver.FindFewest(query, cost, days, answer.services.size() + 1, std::nullopt);
  };
  EXPECT_GT(CountAllocations(workload, false, solve), 0U);
  EXPECT_EQ(CountAllocations(workload, false, solve), 0U);
  EXPECT_EQ(CountAllocations(workload, true, solve), 0U);
  CountAllocations(workload, false, front);
  EXPECT_EQ(CountAllocations(workload, false, front), 0U);
  EXPECT_EQ(CountAllocations(workload, true, front), 0U);
  EXPECT_EQ(CountAllocations(workload, false, solve), 0U);
  CountAllocations(workload, false, fewest);
  EXPECT_EQ(CountAllocations(workload, true, fewest), 0U);
}

TEST(Allocation, AWarmSolverAsksForNoMemory) {
  ExpectNoAllocations(MakeWorkload(6, 30, 40));
  ExpectNoAllocations(MakeWorkload(8, 60, 40));
}

TEST(Allocation, NorOnTheInstancesWithKnownOptima) {
  const char* const folder = std::getenv("KSTATI_ACCEPTANCE_DIR");
  if (folder == nullptr) GTEST_SKIP() << "KSTATI_ACCEPTANCE_DIR is not set";
  for (const std::string name : {"svc100", "svc1000"}) {
    SCOPED_TRACE(name);
    const fs::path chains = fs::path(folder) / "chains";
    const auto workload =
        ReadWorkload(chains / ("gen-" + name + ".json"), chains / (name + ".queries.json"));
    ASSERT_TRUE(workload) << workload.error().ToString();
    ExpectNoAllocations(*workload);
  }
}

}  // namespace
}  // namespace kstati::graph::search
