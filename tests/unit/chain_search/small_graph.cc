// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/chain_search/small_graph.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace kstati::graph::search {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

std::vector<uint32_t> AnyFacts(std::mt19937& random, uint32_t fact_count, uint32_t most) {
  std::vector<uint32_t> facts(random() % (most + 1));
  for (uint32_t& fact : facts) fact = static_cast<uint32_t>(random() % fact_count);
  return facts;
}

}  // namespace

Problem SmallGraph::Make() const {
  auto problem = Problem::Make(fact_count, services);
  KSTATI_CHECK(problem.has_value());
  return std::move(*problem);
}

ServiceForm Service(std::string id, std::vector<uint32_t> needs, std::vector<uint32_t> gives,
                    Cost cost, int64_t days) {
  return {std::move(id), std::move(needs), std::move(gives), cost, days, 0, 0};
}

SmallGraph AnyGraph(std::mt19937& random, const RandomShape& shape) {
  SmallGraph graph;
  graph.fact_count = 1 + static_cast<uint32_t>(random() % shape.most_facts);
  const size_t services = random() % (shape.most_services + 1);
  const int64_t most_cost = random() % 2 == 0 ? 3 : 40;
  for (size_t i = 0; i < services; ++i) {
    auto needs = AnyFacts(random, graph.fact_count, 3);
    auto gives = AnyFacts(random, graph.fact_count, 2);
    gives.push_back(static_cast<uint32_t>(random() % graph.fact_count));
    const Cost cost = static_cast<Cost>(random() % static_cast<uint64_t>(most_cost));
    graph.services.push_back(
        Service("s" + std::to_string(random() % 1000) + "." + std::to_string(i), needs, gives, cost,
                static_cast<int64_t>(random() % 4)));
  }
  graph.initial = AnyFacts(random, graph.fact_count, 2);
  graph.goals = AnyFacts(random, graph.fact_count, 3);
  return graph;
}

SmallGraph LayeredGraph(std::mt19937& random, uint32_t layers, uint32_t facts_in_layer) {
  SmallGraph graph;
  graph.fact_count = layers * facts_in_layer;
  const auto fact_below = [&](uint32_t layer) {
    return static_cast<uint32_t>(random() % (layer * facts_in_layer));
  };
  for (uint32_t fact = 0; fact < facts_in_layer; ++fact) graph.initial.push_back(fact);
  for (uint32_t fact = facts_in_layer; fact < graph.fact_count; ++fact) {
    const uint32_t layer = fact / facts_in_layer;
    for (uint64_t way = 1 + random() % 3; way > 0; --way) {
      std::vector<uint32_t> needs;
      for (uint64_t need = 1 + random() % 3; need > 0; --need) {
        // A few lead upwards, so that there are circles.
        needs.push_back(random() % 30 == 0 ? fact_below(layers) : fact_below(layer));
      }
      std::vector<uint32_t> gives{fact};
      if (random() % 8 == 0) gives.push_back(facts_in_layer + fact_below(layer));
      std::erase_if(gives, [&](uint32_t gift) { return gift >= graph.fact_count; });
      const Cost cost = random() % 5 == 0 ? 0 : static_cast<Cost>(20 + random() % 300);
      graph.services.push_back(Service("s" + std::to_string(graph.services.size()), needs, gives,
                                       cost, static_cast<int64_t>(random() % 30)));
    }
  }
  for (uint64_t goal = 3 + random() % 5; goal > 0; --goal) {
    graph.goals.push_back(
        static_cast<uint32_t>(graph.fact_count - 1 - random() % (2 * facts_in_layer)));
  }
  return graph;
}

std::optional<int64_t> DaysOf(const SmallGraph& graph, const std::vector<size_t>& services) {
  std::vector<int64_t> ready(graph.fact_count, kNever);
  for (const uint32_t fact : graph.initial) ready[fact] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (const size_t place : services) {
      const ServiceForm& service = graph.services[place];
      int64_t start = 0;
      for (const uint32_t need : service.needs) start = std::max(start, ready[need]);
      if (start == kNever) continue;
      for (const uint32_t gift : service.gives) {
        if (start + service.days >= ready[gift]) continue;
        ready[gift] = start + service.days;
        changed = true;
      }
    }
  }
  int64_t last = 0;
  for (const uint32_t goal : graph.goals) last = std::max(last, ready[goal]);
  if (last == kNever) return std::nullopt;
  return last;
}

std::vector<CostAndDays> FrontByTrying(const SmallGraph& graph) {
  std::vector<CostAndDays> found;
  for (size_t set = 0; set < size_t{1} << graph.services.size(); ++set) {
    std::vector<size_t> services;
    Cost cost = 0;
    for (size_t place = 0; place < graph.services.size(); ++place) {
      if ((set >> place & 1) == 0) continue;
      services.push_back(place);
      cost += graph.services[place].cost;
    }
    if (const auto days = DaysOf(graph, services)) found.emplace_back(cost, *days);
  }
  std::ranges::sort(found);
  std::vector<CostAndDays> front;
  for (const CostAndDays& point : found) {
    if (front.empty() || point.second < front.back().second) front.push_back(point);
  }
  return front;
}

}  // namespace kstati::graph::search
