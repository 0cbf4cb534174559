// SPDX-License-Identifier: Apache-2.0
#include "cases/message_values.h"

#include <gtest/gtest.h>

namespace kstati::cases {
namespace {

TEST(ExpectedValueTest, IsAsTheHeaderSays) {
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4}), 0.4);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .completes = 0.5}), 0.2);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .yearly = 900'000}), 0.8);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .yearly = 9'900'000}), 1.2);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .days_left = 0}), 0.8);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .days_left = 30}), 0.6);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .days_left = -1}), 0);
  EXPECT_DOUBLE_EQ(ExpectedValue({.needed = 0.4, .declines = 2}), 0.1);
}

}  // namespace
}  // namespace kstati::cases
