// SPDX-License-Identifier: Apache-2.0
// The search against trying all sets of services, on random small graphs.
#include <gtest/gtest.h>

#include <algorithm>

#include "graph/search/solver.h"
#include "tests/property/random_rules.h"
#include "tests/unit/chain_search/small_graph.h"

namespace kstati::graph::search {
namespace {

using eligibility::Scaled;

constexpr size_t kGraphs = 10'000;

std::vector<size_t> PlacesOf(const SmallGraph& graph, const Problem& problem,
                             std::span<const uint32_t> services) {
  std::vector<size_t> places;
  for (const uint32_t service : services) {
    const auto found = std::ranges::find(graph.services, problem.id(service), &ServiceForm::id);
    places.push_back(static_cast<size_t>(found - graph.services.begin()));
  }
  return places;
}

// Each service comes after what gives its needs, and the goals are there at the end.
void ExpectFounded(const SmallGraph& graph, const Problem& problem,
                   std::span<const uint32_t> services) {
  std::vector<bool> there(graph.fact_count, false);
  for (const uint32_t fact : graph.initial) there[fact] = true;
  for (const uint32_t service : services) {
    for (const uint32_t need : problem.needs(service)) EXPECT_TRUE(there[need]);
    for (const uint32_t gift : problem.gives(service)) there[gift] = true;
  }
  for (const uint32_t goal : graph.goals) EXPECT_TRUE(there[goal]);
}

TEST(BruteForce, EveryAnswerIsCheapestThenFastest) {
  std::mt19937 random(7);
  size_t reachable = 0;
  for (size_t round = 0; round < Scaled(kGraphs); ++round) {
    SCOPED_TRACE(round);
    const SmallGraph graph = AnyGraph(random);
    const Problem problem = graph.Make();
    Solver solver(problem);
    const Answer& answer = solver.Solve(graph.AsQuery(), std::nullopt);
    const std::vector<CostAndDays> front = FrontByTrying(graph);
    ASSERT_EQ(answer.reachable, !front.empty());
    ASSERT_TRUE(answer.proven());
    if (!answer.reachable) continue;
    ++reachable;
    ASSERT_EQ(answer.cost, front[0].first);
    ASSERT_EQ(answer.lower, answer.cost);
    ASSERT_TRUE(answer.fastest);
    ASSERT_EQ(answer.days, front[0].second);
    ExpectFounded(graph, problem, answer.services);
    ASSERT_EQ(DaysOf(graph, PlacesOf(graph, problem, answer.services)), answer.days);
  }
  EXPECT_GT(reachable, Scaled(kGraphs) / 4);
}

// Of the sets that cost no more and take no longer: how many services count in the smallest.
size_t FewestByTrying(const SmallGraph& graph, const CostAndDays& best) {
  size_t fewest = graph.services.size();
  for (size_t set = 0; set < size_t{1} << graph.services.size(); ++set) {
    std::vector<size_t> services;
    Cost cost = 0;
    size_t counted = 0;
    for (size_t place = 0; place < graph.services.size(); ++place) {
      if ((set >> place & 1) == 0) continue;
      services.push_back(place);
      cost += graph.services[place].cost;
      counted += graph.services[place].counts ? 1 : 0;
    }
    if (cost > best.first || counted >= fewest) continue;
    const auto days = DaysOf(graph, services);
    if (days && *days <= best.second) fewest = counted;
  }
  return fewest;
}

TEST(BruteForce, TheFewestServicesOfAllThatAreAsCheapAndAsFast) {
  std::mt19937 random(10);
  size_t fewer = 0;
  const auto counted = [](const Problem& problem, std::span<const uint32_t> services) {
    return static_cast<size_t>(std::ranges::count_if(
        services, [&problem](uint32_t service) { return problem.counts(service); }));
  };
  for (size_t round = 0; round < Scaled(kGraphs) / 4; ++round) {
    SCOPED_TRACE(round);
    SmallGraph graph = AnyGraph(random);
    for (ServiceForm& service : graph.services) {
      service.cost = std::min<Cost>(service.cost, 3);  // so that many are equal
      service.counts = random() % 5 != 0;
    }
    const Problem problem = graph.Make();
    Solver solver(problem);
    for (const Front::Point& point : Front(solver.FindFront(graph.AsQuery())).points) {
      const size_t before = counted(problem, point.services);
      const Fewest& fewest =
          solver.FindFewest(graph.AsQuery(), point.cost, point.days, before, std::nullopt);
      ASSERT_TRUE(fewest.proven);
      size_t now = before;
      if (!fewest.services.empty()) {
        ExpectFounded(graph, problem, fewest.services);
        now = counted(problem, fewest.services);
        EXPECT_LT(now, before);
        EXPECT_LE(DaysOf(graph, PlacesOf(graph, problem, fewest.services)), point.days);
        ++fewer;
      }
      ASSERT_EQ(now, FewestByTrying(graph, {point.cost, point.days}));
    }
  }
  EXPECT_GT(fewer, Scaled(kGraphs) / 1000) << "the graphs are too small to tell anything";
}

TEST(BruteForce, EveryFrontIsTheWholeFront) {
  std::mt19937 random(8);
  size_t with_choice = 0;
  for (size_t round = 0; round < Scaled(kGraphs); ++round) {
    SCOPED_TRACE(round);
    const SmallGraph graph = AnyGraph(random);
    const Problem problem = graph.Make();
    Solver solver(problem);
    const Front& front = solver.FindFront(graph.AsQuery(), std::nullopt);
    ASSERT_TRUE(front.proven);
    std::vector<CostAndDays> points;
    for (const Front::Point& point : front.points) {
      points.emplace_back(point.cost, point.days);
      ExpectFounded(graph, problem, point.services);
    }
    ASSERT_EQ(points, FrontByTrying(graph));
    if (points.size() > 1) ++with_choice;
  }
  EXPECT_GT(with_choice, Scaled(kGraphs) / 100);
}

// One solver for many queries gives what a new one for each gives, in any order of the services.
TEST(BruteForce, AnswersDependOnNothingButTheQuestion) {
  std::mt19937 random(9);
  for (size_t round = 0; round < Scaled(300); ++round) {
    SCOPED_TRACE(round);
    SmallGraph graph = LayeredGraph(random, 6, 8);
    const Problem problem = graph.Make();
    Solver kept(problem);
    std::vector<std::string> ids;
    for (int query = 0; query < 3; ++query) {
      for (uint32_t& goal : graph.goals) goal = 8 + static_cast<uint32_t>(random() % 40);
      const Answer answer = kept.Solve(graph.AsQuery(), std::nullopt);
      std::shuffle(graph.services.begin(), graph.services.end(), random);
      std::shuffle(graph.goals.begin(), graph.goals.end(), random);
      for (ServiceForm& service : graph.services) {
        std::shuffle(service.needs.begin(), service.needs.end(), random);
      }
      const Problem again = graph.Make();
      Solver fresh(again);
      const Answer& other = fresh.Solve(graph.AsQuery(), std::nullopt);
      ASSERT_EQ(answer.services, other.services);
      ASSERT_EQ(answer.nodes, other.nodes);
    }
  }
}

}  // namespace
}  // namespace kstati::graph::search
