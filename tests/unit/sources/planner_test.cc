// SPDX-License-Identifier: Apache-2.0
#include "sources/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace kstati::sources {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

const AttributeId kA("a");
const AttributeId kB("b");
const AttributeId kC("c");

SourceTerms Source(std::set<AttributeId> attributes, int64_t cost, int64_t latency = 10,
                   Way way = Way::kPull) {
  SourceTerms terms;
  terms.attributes = std::move(attributes);
  terms.cost = cost;
  terms.latency = milliseconds(latency);
  terms.way = way;
  return terms;
}

TEST(Planner, OneSourceForAllIsTakenWhenItIsCheaperThanOneForEach) {
  const std::vector<SourceTerms> sources{Source({kA}, 2), Source({kB}, 2), Source({kA, kB}, 3)};
  const CallPlan plan = PlanCalls(sources, {kA, kB}, milliseconds(100));
  EXPECT_EQ(plan.cost, 3);
  EXPECT_THAT(plan.calls, ElementsAre(PlannedCall{2, {kA, kB}}));
}

TEST(Planner, OfEquallyCheapOnesTheSoonestIsTaken) {
  const std::vector<SourceTerms> sources{Source({kA}, 1, 90), Source({kA}, 1, 20)};
  EXPECT_THAT(PlanCalls(sources, {kA}, milliseconds(100)).calls, ElementsAre(PlannedCall{1, {kA}}));
}

TEST(Planner, WhatAnswersTooLateOrTellsByItselfIsNotAsked) {
  const std::vector<SourceTerms> sources{Source({kA}, 1, 200), Source({kB}, 1, 1, Way::kPush)};
  const CallPlan plan = PlanCalls(sources, {kA, kB, kC}, milliseconds(100));
  EXPECT_THAT(plan.calls, IsEmpty());
  EXPECT_THAT(plan.out_of_reach, ElementsAre(kA, kB, kC));
}

// The cheapest of all subsets of sources, by trying each.
struct Cheapest {
  int64_t cost = INT64_MAX;
  milliseconds slowest{0};
};
Cheapest TryAll(const std::vector<SourceTerms>& sources, const std::set<AttributeId>& reachable,
                milliseconds limit) {
  Cheapest cheapest;
  for (uint32_t chosen = 0; chosen < 1u << sources.size(); ++chosen) {
    Cheapest price{0, milliseconds(0)};
    std::set<AttributeId> covered;
    bool allowed = true;
    for (size_t i = 0; i < sources.size(); ++i) {
      if ((chosen >> i & 1) == 0) continue;
      allowed = allowed && sources[i].way != Way::kPush && sources[i].latency <= limit;
      price.cost += sources[i].cost;
      price.slowest = std::max(price.slowest, sources[i].latency);
      covered.insert(sources[i].attributes.begin(), sources[i].attributes.end());
    }
    const bool covers = std::ranges::includes(covered, reachable);
    const auto key = [](const Cheapest& c) { return std::pair(c.cost, c.slowest); };
    if (allowed && covers && key(price) < key(cheapest)) cheapest = price;
  }
  return cheapest;
}

TEST(Planner, NoSubsetOfSourcesIsCheaper) {
  const char* scale = std::getenv("KSTATI_TEST_SCALE");
  const int rounds = 400 * (scale == nullptr ? 1 : std::atoi(scale));
  std::mt19937 random(20260315);
  for (int round = 0; round < rounds; ++round) {
    std::vector<SourceTerms> sources;
    const size_t count = 1 + random() % 9;
    for (size_t i = 0; i < count; ++i) {
      std::set<AttributeId> attributes;
      for (int a = 0; a < 7; ++a) {
        if (random() % 3 == 0) attributes.insert(AttributeId("x" + std::to_string(a)));
      }
      sources.push_back(Source(attributes, static_cast<int64_t>(random() % 5), random() % 120,
                               random() % 6 == 0 ? Way::kPush : Way::kPull));
    }
    std::set<AttributeId> missing;
    for (int a = 0; a < 7; ++a) {
      if (random() % 2 == 0) missing.insert(AttributeId("x" + std::to_string(a)));
    }
    const CallPlan plan = PlanCalls(sources, missing, milliseconds(100));
    std::set<AttributeId> reachable = missing;
    for (const AttributeId& attribute : plan.out_of_reach) reachable.erase(attribute);
    std::set<AttributeId> asked;
    milliseconds slowest{0};
    for (const PlannedCall& call : plan.calls) {
      slowest = std::max(slowest, sources[call.source].latency);
      for (const AttributeId& attribute : call.attributes) {
        EXPECT_TRUE(sources[call.source].attributes.contains(attribute));
        EXPECT_TRUE(asked.insert(attribute).second) << "asked twice";
      }
    }
    EXPECT_EQ(asked, reachable);
    const Cheapest cheapest = TryAll(sources, reachable, milliseconds(100));
    EXPECT_EQ(plan.cost, cheapest.cost) << "round " << round;
    EXPECT_LE(slowest, cheapest.slowest) << "round " << round;
  }
}

}  // namespace
}  // namespace kstati::sources
