// SPDX-License-Identifier: Apache-2.0
#include "population/random.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace kstati::population {
namespace {

TEST(RandomTest, TheSameSeedGivesTheSameNumbersInEveryRelease) {
  Random random(42);
  EXPECT_EQ(random.Next(), 13679457532755275413ULL);
  EXPECT_EQ(random.Next(), 2949826092126892291ULL);
}

TEST(RandomTest, BetweenReachesBothEnds) {
  Random random(1);
  bool low = false;
  bool high = false;
  for (int i = 0; i < 1'000; ++i) {
    const int64_t value = random.Between(-2, 2);
    ASSERT_GE(value, -2);
    ASSERT_LE(value, 2);
    low = low || value == -2;
    high = high || value == 2;
  }
  EXPECT_TRUE(low && high);
}

TEST(RandomTest, DistributionsHaveTheirMeans) {
  Random random(1);
  constexpr int kDraws = 20'000;
  double normal = 0;
  double rare = 0;
  double frequent = 0;
  std::array<int, 3> picked{};
  constexpr std::array<double, 3> kWeights{1, 0, 3};
  for (int i = 0; i < kDraws; ++i) {
    normal += random.Normal(10, 2);
    rare += static_cast<double>(random.Poisson(0.3));
    frequent += static_cast<double>(random.Poisson(80));
    ++picked[random.Pick(kWeights)];
  }
  EXPECT_NEAR(normal / kDraws, 10, 0.1);
  EXPECT_NEAR(rare / kDraws, 0.3, 0.02);
  EXPECT_NEAR(frequent / kDraws, 80, 0.5);
  EXPECT_EQ(picked[1], 0);
  EXPECT_NEAR(static_cast<double>(picked[2]) / kDraws, 0.75, 0.02);
}

}  // namespace
}  // namespace kstati::population
