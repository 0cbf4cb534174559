// SPDX-License-Identifier: Apache-2.0
#include "graph/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "graph/exclusion.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int Scaled(int count) {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? count : count * std::atoi(scale);
}

uint32_t MaskOf(const std::vector<uint32_t>& items) {
  uint32_t mask = 0;
  for (const uint32_t item : items) mask |= 1U << item;
  return mask;
}

bool Fits(uint32_t mask, const std::vector<Limit>& limits) {
  return std::ranges::all_of(limits, [mask](const Limit& limit) {
    return std::popcount(mask & MaskOf(limit.items)) <= static_cast<int>(limit.at_most);
  });
}

Worth WorthOf(uint32_t mask, const std::vector<Worth>& items) {
  Worth worth;
  for (size_t i = 0; i < items.size(); ++i) {
    if ((mask >> i & 1U) != 0) worth += items[i];
  }
  return worth;
}

TEST(Bundle, IsWorthAsMuchAsTheBestOfAllSubsets) {
  std::mt19937 random(17);
  const auto below = [&](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
  for (int round = 0; round < Scaled(400); ++round) {
    std::vector<Worth> items(1 + below(10));
    for (Worth& item : items) item = {below(4) * 100, below(3)};
    std::vector<Limit> limits(below(6));
    for (Limit& limit : limits) {
      for (uint32_t i = 0; i < items.size(); ++i) {
        if (below(3) == 0) limit.items.push_back(i);
      }
      limit.at_most = 1 + below(2);
    }
    const Bundle bundle = BestBundle(items, limits);
    ASSERT_TRUE(Fits(MaskOf(bundle.items), limits));
    ASSERT_EQ(bundle.worth, WorthOf(MaskOf(bundle.items), items));
    for (uint32_t mask = 0; mask < 1U << items.size(); ++mask) {
      if (!Fits(mask, limits)) continue;
      ASSERT_LE(WorthOf(mask, items), bundle.worth) << "round " << round;
    }
  }
}

TEST(Bundle, TwoSmallThingsMayBeWorthMoreThanALargeOne) {
  const Bundle bundle = BestBundle({{100, 1}, {60, 1}, {60, 1}}, {{{0, 1}, 1}, {{0, 2}, 1}});
  EXPECT_THAT(bundle.items, ElementsAre(1, 2));
}

TEST(Bundle, OfEqualOnesTheEarlierIsTaken) {
  EXPECT_THAT(BestBundle({{50, 1}, {50, 1}}, {{{1, 0}, 1}}).items, ElementsAre(0));
  EXPECT_THAT(BestBundle({{50, 1}, {50, 2}}, {{{1, 0}, 1}}).items, ElementsAre(1));
  EXPECT_THAT(BestBundle({}, {}).items, ElementsAre());
}

TEST(Exclusions, AreReadWithTheirProblems) {
  SmallCatalogue files;
  files.Write("exclusions.yaml", R"(exclusions:
  - {id: one, services: [snils_newborn], scope: about, text: {ru: Одно, en: One}, act: fz_81,
     article: ст. 1, verification: from_knowledge}
  - {id: one, services: [nothing], scope: everybody, at_most: 0, text: {ru: Одно, en: One},
     act: fz_9, article: ст. 1, verification: from_knowledge}
)");
  const Catalogue catalogue = files.Load();
  const std::string folder =
      std::filesystem::path(catalogue.services().front().location.file).parent_path().parent_path();
  std::vector<Issue> issues;
  const std::vector<Exclusion> exclusions = LoadExclusions(folder, catalogue, issues);
  ASSERT_EQ(exclusions.size(), 2U);
  EXPECT_EQ(exclusions[0].scope, ExclusionScope::kAbout);
  EXPECT_EQ(exclusions[0].at_most, 1U);
  std::vector<std::string> texts;
  for (const Issue& issue : issues) texts.push_back(issue.text);
  EXPECT_THAT(texts, testing::IsSupersetOf(
                         {HasSubstr("no service \"nothing\""), HasSubstr("nobody could get any"),
                          HasSubstr("no act \"fz_9\""), HasSubstr("\"one\" is there twice")}));
}

}  // namespace
}  // namespace kstati::graph
