// SPDX-License-Identifier: Apache-2.0
// How near each variant of a service comes to zero input, zero waiting and zero paper.
#include "cases/variant_zeros.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/eligibility/small_world.h"

namespace kstati::cases {
namespace {

using eligibility::Day;
using eligibility::SmallCatalogue;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Words(const ZeroBlocker& blocker) {
  std::string words(NameOf(blocker.zero));
  for (const AttributeId& id : blocker.any_of) words += " " + id.text();
  if (blocker.term) words += " " + std::to_string(blocker.term->value);
  if (blocker.visits > 0) words += " visits " + std::to_string(blocker.visits);
  return words;
}

std::vector<std::string> Words(const std::vector<ZeroBlocker>& blockers) {
  std::vector<std::string> words;
  for (const ZeroBlocker& blocker : blockers) words.push_back(Words(blocker));
  return words;
}

class OfVariants : public ::testing::Test {
 protected:
  OfVariants() {
    WithPeople(catalogue_);
    for (const char* id : {"doc.note", "doc.receipt", "doc.letter"}) {
      catalogue_.Attribute("id: " + std::string(id) +
                           ", type: document, name: {ru: С, en: N}, registry: declared, category: "
                           "documents, completeness: open, askable: true, verification: "
                           "from_knowledge");
    }
    catalogue_.Attribute(
        "id: person.plans, type: boolean, name: {ru: П, en: P}, registry: declared, category: "
        "identity, completeness: open, askable: true, verification: from_knowledge");
  }

  std::vector<VariantZeros> Counted(const ZeroExceptions& exceptions = {}) {
    const eligibility::Program& program = catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    return ZerosOfVariants(program, exceptions, Day("2026-03-15"));
  }

  SmallCatalogue catalogue_;
};

TEST_F(OfVariants, WhatTheRegulationAsksBlocksZero) {
  catalogue_.Asks(2, "[doc.note]").Service("one", "person", {{"rule", "person.plans = true"}});
  const std::vector<VariantZeros> counted = Counted();
  ASSERT_EQ(counted.size(), 1U);
  EXPECT_THAT(Words(counted[0].zeros.blockers),
              ElementsAre("input person.plans", "waiting 5", "paper visits 2", "paper doc.note"));
  EXPECT_EQ(counted[0].zeros.score(), 0);
}

TEST_F(OfVariants, WhatARegistryHoldsIsNeitherToldNorBrought) {
  catalogue_.Asks(0, "[{any_of: [doc.note, person.income]}]")
      .Service("one", "person", {{"rule", "person.student = true"}}, "");
  EXPECT_THAT(Words(Counted()[0].zeros.blockers), ElementsAre("waiting 5"));
}

TEST_F(OfVariants, OneDocumentThatSeveralInputsAcceptIsBroughtOnce) {
  catalogue_.Asks(0, "[{any_of: [doc.note, doc.letter]}, {any_of: [doc.receipt, doc.letter]}]")
      .Service("one", "person", {{"rule", "person.student = true"}});
  EXPECT_THAT(Words(Counted()[0].zeros.blockers), ElementsAre("waiting 5", "paper doc.letter"));
}

TEST_F(OfVariants, WhatIsAllowedDoesNotCount) {
  catalogue_.Asks(1, "[doc.note, doc.letter]")
      .Service("one", "person", {{"rule", "person.plans = true and person.income < 5"}});
  ZeroExceptions exceptions;
  exceptions.input = {AttributeId("person.plans")};
  exceptions.waiting = {{Latency::kInteragency, Term{5, TermUnit::kWorkingDays}}};
  exceptions.paper = {AttributeId("doc.note")};
  const VariantZeros counted = Counted(exceptions)[0];
  EXPECT_THAT(Words(counted.zeros.blockers), ElementsAre("paper visits 1", "paper doc.letter"));
  EXPECT_THAT(Words(counted.allowed),
              ElementsAre("input person.plans", "waiting 5", "paper doc.note"));
  EXPECT_EQ(counted.zeros.score(), 2);
}

TEST_F(OfVariants, WaitingIsAllowedOnlyForTheVariantsSlowestSource) {
  catalogue_.Service("one", "person", {{"rule", "person.income < 5"}});
  ZeroExceptions exceptions;
  exceptions.waiting = {{Latency::kDataMart, Term{9, TermUnit::kWorkingDays}},
                        {Latency::kInteragency, Term{4, TermUnit::kWorkingDays}}};
  EXPECT_THAT(Words(Counted(exceptions)[0].zeros.blockers), ElementsAre("waiting 5"));
}

TEST_F(OfVariants, EachVariantHasItsOwnScore) {
  const auto variant = [](const std::string& id, const std::string& sex, const std::string& more) {
    return "      - {id: " + id + ", name: {ru: К, en: C}, applies: 'person.sex = \"" + sex +
           "\"', act: law, article: ст. 3, verification: from_knowledge" + more + "}\n";
  };
  catalogue_.Service("one", "person", {{"rule", "person.student = true"}},
                     "    variants:\n" + variant("woman", "female", ", visits: 3") +
                         variant("man", "male", ", term: {value: 0, unit: minutes}"));
  const std::vector<VariantZeros> counted = Counted();
  ASSERT_EQ(counted.size(), 2U);
  EXPECT_EQ(counted[0].variant->id, "woman");
  EXPECT_THAT(Words(counted[0].zeros.blockers), ElementsAre("waiting 5", "paper visits 3"));
  EXPECT_EQ(counted[1].variant->id, "man");
  EXPECT_EQ(counted[1].zeros.score(), 3);
}

TEST_F(OfVariants, TheWayOfDeliveryThatIsNearestToZeroCounts) {
  catalogue_.Service("one", "person", {{"rule", "person.student = true"}});
  const std::string path = catalogue_.folder() + "/services/one.yaml";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  std::string amended = text.str();
  const std::string part = "    visits: 0\n    channels: [epgu]\n";
  amended.replace(amended.find(part), part.size(),
                  "    scenarios:\n"
                  "      - {kind: traditional, visits: 2, channels: [office]}\n"
                  "      - {kind: electronic, visits: 0, channels: [epgu]}\n");
  std::ofstream(path) << amended;
  const VariantZeros counted = Counted()[0];
  EXPECT_EQ(counted.scenario, graph::ScenarioKind::kElectronic);
  EXPECT_THAT(Words(counted.zeros.blockers), ElementsAre("waiting 5"));
}

// Tries every set of things.
size_t FewestByTryingAll(const std::vector<std::vector<AttributeId>>& groups, size_t things) {
  size_t fewest = SIZE_MAX;
  for (uint32_t set = 0; set < (1U << things); ++set) {
    const bool hits = std::ranges::all_of(groups, [&](const std::vector<AttributeId>& group) {
      return std::ranges::any_of(
          group, [&](const AttributeId& id) { return ((set >> (id.text()[0] - 'a')) & 1U) != 0; });
    });
    if (hits) fewest = std::min(fewest, static_cast<size_t>(__builtin_popcount(set)));
  }
  return fewest;
}

TEST(FewestOfEachTest, IsWhatTryingEverySetFinds) {
  constexpr size_t kThings = 9;
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::vector<AttributeId>> groups(random() % 8);
    for (auto& group : groups) {
      for (size_t i = 0; i < 1 + random() % 4; ++i) {
        group.emplace_back(std::string(1, static_cast<char>('a' + random() % kThings)));
      }
    }
    const std::vector<AttributeId> found = FewestOfEach(groups);
    EXPECT_EQ(found.size(), FewestByTryingAll(groups, kThings)) << "round " << round;
    for (const auto& group : groups) {
      EXPECT_TRUE(std::ranges::any_of(group, [&](const AttributeId& id) {
        return std::ranges::find(found, id) != found.end();
      }));
    }
    EXPECT_EQ(found, FewestOfEach(groups));
  }
}

TEST(ZeroExceptionsTest, ThatMakeNoSenseAreIssuesWithTheirLine) {
  const std::string path = ::testing::TempDir() + "exceptions.yaml";
  std::ofstream(path) << "version: a\nwaiting:\n  soon: {value: 1, unit: working_days}\n"
                      << "  interagency: {value: -1, unit: working_days}\npapers: []\n";
  std::vector<Issue> issues;
  LoadZeroExceptions(path, issues);
  std::vector<int> lines;
  for (const Issue& issue : issues) lines.push_back(issue.where.line);
  EXPECT_THAT(lines, ElementsAre(3, 4, 5));
}

TEST(ZeroExceptionsTest, ThoseThatShipAreRead) {
  std::vector<Issue> issues;
  const ZeroExceptions exceptions =
      LoadZeroExceptions(std::string(KSTATI_DATA) + "/monitoring/zeros.yaml", issues);
  EXPECT_THAT(issues, IsEmpty());
  EXPECT_EQ(exceptions.waiting.at(Latency::kInteragency).value, 5);
}

}  // namespace
}  // namespace kstati::cases
