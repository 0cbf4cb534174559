// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "graph/search/problem.h"
#include "graph/search/relevance.h"

namespace kstati::graph::search {

// A graph with a question, as a test writes it or makes it up.
struct SmallGraph {
  uint32_t fact_count = 0;
  std::vector<ServiceForm> services;
  std::vector<uint32_t> initial;
  std::vector<uint32_t> goals;

  Problem Make() const;  // aborts when it is refused
  Query AsQuery() const { return {initial, goals, {}}; }
};

// "a" with needs, gives, cost and days.
ServiceForm Service(std::string id, std::vector<uint32_t> needs, std::vector<uint32_t> gives,
                    Cost cost, int64_t days = 0);

struct RandomShape {
  uint32_t most_facts = 9;
  uint32_t most_services = 11;
};

// Circles, services that give what they need, costs of 0, equal costs, and goals out of reach occur
// often.
SmallGraph AnyGraph(std::mt19937& random, const RandomShape& shape = {});

// A few queries on a larger graph of layers with alternatives, as catalogues have them.
SmallGraph LayeredGraph(std::mt19937& random, uint32_t layers, uint32_t facts_in_layer);

// Days until all goals are there when these services start as soon as they can; nothing when they
// do not lead there. The services are places in `graph.services`.
std::optional<int64_t> DaysOf(const SmallGraph& graph, const std::vector<size_t>& services);

using CostAndDays = std::pair<Cost, int64_t>;

// Every best trade of cost against days, cheapest first, found by trying all sets of services.
std::vector<CostAndDays> FrontByTrying(const SmallGraph& graph);

}  // namespace kstati::graph::search
