// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/goal_conflicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <set>

#include "tests/unit/graph/drawing.h"

namespace kstati::graph::chains {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(GoalConflictsTest, NothingBarredNothingIsGivenUp) {
  EXPECT_THAT(GoalConflicts({4, 7, 9}).FewestToGiveUp(), IsEmpty());
}

TEST(GoalConflictsTest, OfTwoTheLastIsGivenUpAndOneForManyGoesFirst) {
  GoalConflicts conflicts({4, 7, 9});
  conflicts.Bar({4, 9});
  EXPECT_THAT(conflicts.FewestToGiveUp(), ElementsAre(9));
  conflicts.Bar({4, 7});
  EXPECT_THAT(conflicts.FewestToGiveUp(), ElementsAre(4));
  EXPECT_THAT(conflicts.Without({4}), ElementsAre(7, 9));
}

// Sets of goals in the order in which they would be given up: fewer first, then the last ones.
TEST(GoalConflictsTest, NoFewerAndNoLaterGoalsBreakAllThatIsBarred) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const uint32_t count = 2 + random() % 6;
    std::vector<uint32_t> goals;
    for (uint32_t goal = 0; goal < count; ++goal) goals.push_back(goal);
    GoalConflicts conflicts(goals);
    std::vector<uint32_t> barred;  // as bits
    for (uint32_t i = 0; i < random() % 5; ++i) {
      barred.push_back(1 + random() % ((1U << count) - 1));
      std::vector<uint32_t> together;
      for (const uint32_t goal : goals) {
        if ((barred.back() >> goal & 1U) != 0) together.push_back(goal);
      }
      conflicts.Bar(together);
    }
    uint32_t best = (1U << count) - 1;
    for (uint32_t set = 0; set < 1U << count; ++set) {
      const bool breaks_all =
          std::ranges::all_of(barred, [set](uint32_t one) { return (one & set) != 0; });
      const int fewer = std::popcount(best) - std::popcount(set);
      if (breaks_all && (fewer > 0 || (fewer == 0 && set > best))) best = set;
    }
    uint32_t found = 0;
    for (const uint32_t goal : conflicts.FewestToGiveUp()) found |= 1U << goal;
    EXPECT_EQ(found, best);
  }
}

// Two pairs that exclude each other among sixteen goals: 120 pairs could be given up.
TEST(GoalConflictsTest, OfManyGoalsAsFewAsPossibleAreGivenUp) {
  std::string lines;
  std::string goals;
  for (const char* pair : {"x", "y"}) {
    const std::string p(pair);
    lines += "a -> " + p + "first -> " + p + "one [unless " + p + "two]\n" +   //
             "b -> " + p + "second -> " + p + "two [unless " + p + "one]\n" +  //
             p + "one -> " + p + "confirm_one -> " + p + "seal_one\n" +        //
             p + "two -> " + p + "confirm_two -> " + p + "seal_two [unless " + p +
             "seal_one, unless " + p + "one]\n";
    goals += p + "seal_one + " + p + "seal_two + ";
  }
  for (int free = 0; free < 12; ++free) {
    const std::string name = "z" + std::to_string(free);
    lines += "a -> give_" + name + " -> " + name + "\n";
    goals += (free == 0 ? "" : " + ") + name;
  }
  Drawing world(lines);
  const Chain chain = world.Goals(goals).Held("a + b").Solve();
  EXPECT_THAT(chain.unreachable, ElementsAre(Document("xseal_two"), Document("yseal_two")));
  EXPECT_THAT(chain.reached, SizeIs(14));
}

}  // namespace
}  // namespace kstati::graph::chains
