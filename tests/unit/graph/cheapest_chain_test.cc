// SPDX-License-Identifier: Apache-2.0
// Chains beside every set of services and documents that small worlds allow.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "graph/chain.h"
#include "tests/unit/graph/small_world.h"

namespace kstati::graph {
namespace {

using small::Kind;
using small::SmallWorld;

uint32_t TestScale() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : static_cast<uint32_t>(std::max(1, std::atoi(scale)));
}

TEST(CheapestChainTest, NoSetOfServicesAndDocumentsIsLessBurden) {
  size_t with_steps = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed);
    const Chain chain = world.Solve();
    EXPECT_TRUE(chain.proven) << world.Lines();
    EXPECT_EQ(chain.burden, world.LeastBurden()) << "seed " << seed << "\n" << world.Lines();
    EXPECT_EQ(chain.least_burden, chain.burden);
    with_steps += chain.steps.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(with_steps, 30U) << "the worlds are too small to tell anything";
}

TEST(CheapestChainTest, NoScenariosOfAnyServicesAreLessBurden) {
  size_t with_a_choice = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed, Kind::kScenarios);
    const Chain chain = world.Solve();
    EXPECT_TRUE(chain.proven) << world.Lines();
    EXPECT_EQ(chain.burden, world.LeastBurden()) << "seed " << seed << "\n" << world.Lines();
    for (const ChainStep& step : chain.steps) {
      with_a_choice += step.scenario.scenario != nullptr ? 1 : 0;
    }
  }
  EXPECT_GT(with_a_choice, 50U) << "the worlds are too small to tell anything";
}

TEST(CheapestChainTest, TheFrontIsThatOfAllScenariosOfAnyServices) {
  size_t by_scenarios_alone = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed, Kind::kScenarios);
    const ChainFront front = world.Front();
    EXPECT_TRUE(front.proven) << world.Lines();
    std::map<int64_t, int64_t> found;
    std::set<std::set<ServiceId>> services;
    for (const FrontPoint& point : front.points) {
      found[point.days] = point.cost;
      std::set<ServiceId> all;
      for (const ChainStep& step : point.steps) {
        EXPECT_TRUE(all.insert(step.service).second) << "twice: " << step.service.text();
      }
      by_scenarios_alone += services.insert(all).second ? 0 : 1;
    }
    std::map<int64_t, int64_t> whole = world.WholeFront();
    if (world.HasAll()) whole.clear();
    EXPECT_EQ(found, whole) << "seed " << seed << "\n" << world.Lines();
  }
  EXPECT_GT(by_scenarios_alone, 5U) << "the worlds are too small to tell anything";
}

TEST(CheapestChainTest, NoSetIsLessBurdenWhereServicesComeAfterOthers) {
  size_t with_steps = 0;
  size_t blocked = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed, Kind::kAfter);
    if (world.IsBlocked()) {
      ++blocked;
      continue;
    }
    const Chain chain = world.Solve();
    EXPECT_TRUE(chain.proven) << world.Lines();
    EXPECT_EQ(chain.burden, world.LeastBurden()) << "seed " << seed << "\n" << world.Lines();
    for (const ChainStep& step : chain.steps) with_steps += step.behind.empty() ? 0 : 1;
  }
  EXPECT_GT(with_steps, 10U) << "the worlds are too small to tell anything";
  EXPECT_LT(blocked, 50 * TestScale());
}

TEST(CheapestChainTest, TheFrontIsThatOfAllSetsWhereServicesComeAfterOthers) {
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed, Kind::kAfter);
    if (world.IsBlocked()) continue;
    const ChainFront front = world.Front();
    EXPECT_TRUE(front.proven) << world.Lines();
    std::map<int64_t, int64_t> found;
    for (const FrontPoint& point : front.points) found[point.days] = point.cost;
    std::map<int64_t, int64_t> whole = world.WholeFront();
    if (world.HasAll()) whole.clear();
    EXPECT_EQ(found, whole) << "seed " << seed << "\n" << world.Lines();
  }
}

TEST(CheapestChainTest, TheFrontIsThatOfAllSetsOfServicesAndDocuments) {
  size_t with_a_choice = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed);
    const ChainFront front = world.Front();
    EXPECT_TRUE(front.proven) << world.Lines();
    std::map<int64_t, int64_t> found;
    for (const FrontPoint& point : front.points) found[point.days] = point.cost;
    std::map<int64_t, int64_t> whole = world.WholeFront();
    // Where nothing is to be done there is no point.
    if (world.HasAll()) whole.clear();
    EXPECT_EQ(found, whole) << "seed " << seed << "\n" << world.Lines();
    with_a_choice += front.points.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(with_a_choice, 5U) << "the worlds are too small to tell anything";
}

// Of those that lead to all that can be reached; each is the recommended one or is offered beside.
TEST(CheapestChainTest, NoSetOfServicesIsDoneBeforeTheFastestOption) {
  size_t with_faster = 0;
  for (uint32_t number = 2; number <= 300 * TestScale() + 1; ++number) {
    const uint32_t seed = number / 2;
    const SmallWorld world(seed, number % 2 == 0 ? Kind::kPlain : Kind::kScenarios);
    const std::vector<ChainOption> options = world.Options();
    if (options.empty()) continue;
    std::set<size_t> doubtful;
    for (const ChainStep& step : options[0].steps) {
      const size_t service = std::stoul(step.service.text().substr(1));
      if (world.IsDoubtful(service)) doubtful.insert(service);
    }
    Date first = options[0].finish.value();
    for (const ChainOption& option : options) {
      EXPECT_TRUE(option.proven) << world.Lines();
      first = std::min(first, option.finish.value());
    }
    EXPECT_EQ(first, world.FirstDay(doubtful)) << "seed " << seed << "\n" << world.Lines();
    with_faster += first < *options[0].finish ? 1 : 0;
  }
  EXPECT_GT(with_faster, 5U) << "the worlds are too small to tell anything";
}

TEST(CheapestChainTest, NoSetOfServicesTakesFewerTripsThanTheOptionForThem) {
  size_t with_fewer = 0;
  for (uint32_t number = 2; number <= 300 * TestScale() + 1; ++number) {
    const uint32_t seed = number / 2;
    const SmallWorld world(seed, number % 2 == 0 ? Kind::kPlain : Kind::kScenarios);
    const std::vector<ChainOption> options = world.Options();
    if (options.empty()) continue;
    std::set<size_t> doubtful;
    for (const ChainStep& step : options[0].steps) {
      const size_t service = std::stoul(step.service.text().substr(1));
      if (world.IsDoubtful(service)) doubtful.insert(service);
    }
    int fewest = options[0].trips;
    for (const ChainOption& option : options) fewest = std::min(fewest, option.trips);
    const int least = world.LeastTrips(doubtful);
    EXPECT_EQ(fewest, least) << "seed " << seed << "\n" << world.Lines();
    EXPECT_EQ(options[0].least_trips, least) << "seed " << seed << "\n" << world.Lines();
    with_fewer += fewest < options[0].trips ? 1 : 0;
  }
  EXPECT_GT(with_fewer, 3U) << "the worlds are too small to tell anything";
}

}  // namespace
}  // namespace kstati::graph
