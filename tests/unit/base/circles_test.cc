// SPDX-License-Identifier: Apache-2.0
#include "base/circles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FindCircles, FindsNoneWhereReadsOnlyGoForward) {
  EXPECT_THAT(FindCircles({{1, 2}, {2}, {}}), IsEmpty());
}

TEST(FindCircles, ANodeThatReadsItselfIsACircle) {
  EXPECT_THAT(FindCircles({{}, {1}}), ElementsAre(ElementsAre(1)));
}

TEST(FindCircles, GivesTheNodesInTheOrderTheyReadEachOther) {
  EXPECT_THAT(FindCircles({{2}, {0}, {3}, {0}}), ElementsAre(ElementsAre(0, 2, 3)));
}

TEST(FindCircles, GivesTheShortestWay) {
  EXPECT_THAT(FindCircles({{1, 2}, {2}, {0}}), ElementsAre(ElementsAre(0, 2)));
}

TEST(FindCircles, SeparateCirclesAreAllFound) {
  EXPECT_THAT(FindCircles({{1}, {0}, {3}, {2}}), ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
}

}  // namespace
}  // namespace kstati
