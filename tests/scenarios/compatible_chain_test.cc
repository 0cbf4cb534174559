// SPDX-License-Identifier: Apache-2.0
//
// What a family gives up of services that exclude each other, against all that it could give up.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <set>
#include <tuple>

#include "cases/decided_chain.h"
#include "cases/draft.h"
#include "cases/exclusive_steps.h"
#include "recommender/household_bundle.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using recommender::ServiceAbout;
using LeftOutServices = std::set<ServiceAbout>;
// Of the steps that exclusions name what they are worth; goals; burden, less is better.
using Value = std::tuple<graph::Worth, size_t, int64_t>;

class CompatibleChainTest : public ::testing::Test {
 protected:
  CompatibleChainTest() {
    town.Settled("mother", "1990-02-01", "77");
    town.Child("infant", "2025-06-01", "mother");
    town.Child("pupil", "2015-06-01", "mother");
    cases::Draft draft(town.world(), town.world().Now());
    own.household = *draft.HouseholdOf(town.Number("mother"));
  }

  cases::DecidedChain Build(const cases::World& world, const LeftOutServices& services) const {
    cases::LeftOut left_out;
    left_out.services = services;
    std::vector<cases::DecidedChain> parts;
    for (const cases::Viewpoint& viewpoint : cases::ViewpointsOf(situation(), own)) {
      parts.push_back(
          cases::BuildDecidedChain(world, situation(), viewpoint, town.today(), {}, left_out));
    }
    return cases::Together(std::move(parts));
  }

  const graph::Situation& situation() const {
    return *town.world().catalogue().FindSituation(SituationId("moving"));
  }

  // Steps that are in the way of each other, by the exclusions' own words.
  static LeftOutServices InTheWay(const cases::World& world, const cases::DecidedChain& chain) {
    LeftOutServices in_the_way;
    for (const graph::Exclusion& exclusion : *world.exclusions) {
      std::map<CitizenId, LeftOutServices> by_person;
      for (const eligibility::Decision& decision : chain.decisions) {
        if (std::ranges::count(exclusion.services, decision.service) == 0) continue;
        const bool about = exclusion.scope == graph::ExclusionScope::kAbout;
        by_person[about ? decision.about : decision.applicant].insert(
            {decision.service, decision.about});
      }
      for (auto& [person, services] : by_person) {
        if (services.size() > exclusion.at_most) in_the_way.merge(services);
      }
    }
    return in_the_way;
  }

  static Value ValueOf(const cases::World& world, const cases::DecidedChain& chain) {
    graph::Worth worth;
    for (const eligibility::Decision& decision : chain.decisions) {
      if (!recommender::IsExclusive(decision.service, *world.exclusions)) continue;
      worth += recommender::WorthOf(recommender::WeighedOffer(decision, world.catalogue()));
    }
    return {worth, chain.chain.reached.size(), -chain.chain.burden};
  }

  Value Best(const cases::World& world) const {
    std::optional<Value> best;
    std::set<LeftOutServices> seen{{}};
    std::deque<LeftOutServices> next{{}};
    for (; !next.empty(); next.pop_front()) {
      const cases::DecidedChain chain = Build(world, next.front());
      const LeftOutServices in_the_way = InTheWay(world, chain);
      if (in_the_way.empty() && (!best || *best < ValueOf(world, chain))) {
        best = ValueOf(world, chain);
      }
      for (const ServiceAbout& which : in_the_way) {
        LeftOutServices more = next.front();
        more.insert(which);
        if (seen.insert(more).second) next.push_back(more);
      }
    }
    return *best;
  }

  // Of services of the chain, at random.
  cases::World WithExclusions(std::mt19937& random, const cases::DecidedChain& chain) const {
    std::vector<graph::Exclusion> exclusions(2);
    for (graph::Exclusion& exclusion : exclusions) {
      std::set<ServiceId> services;
      while (services.size() < 2 + random() % 2) {
        services.insert(chain.chain.steps[random() % chain.chain.steps.size()].service);
      }
      exclusion.services.assign(services.begin(), services.end());
      exclusion.scope =
          random() % 2 == 0 ? graph::ExclusionScope::kAbout : graph::ExclusionScope::kApplicant;
    }
    cases::World world = town.world();
    world.exclusions = std::make_shared<const std::vector<graph::Exclusion>>(std::move(exclusions));
    return world;
  }

  mutable Town town{"2026-03-16"};
  cases::Viewpoint own;
};

TEST_F(CompatibleChainTest, AFamilyGivesUpWhatLeavesItTheBestOfAllChoices) {
  std::mt19937 random(5);
  const cases::DecidedChain all = Build(town.world(), {});
  ASSERT_GE(all.chain.steps.size(), 4U);
  int conflicts = 0;
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(round);
    const cases::World world = WithExclusions(random, all);
    conflicts += InTheWay(world, all).empty() ? 0 : 1;
    const cases::DecidedChain chain = cases::BuildWholeChain(world, situation(), own, town.today());
    EXPECT_TRUE(InTheWay(world, chain).empty());
    EXPECT_TRUE(chain.chain.proven);
    EXPECT_EQ(ValueOf(world, chain), Best(world));
    for (const recommender::Yielding& yielding : chain.yielding) {
      EXPECT_FALSE(yielding.instead.empty());
    }
  }
  EXPECT_GT(conflicts, 10);
}

}  // namespace
}  // namespace kstati::scenarios
