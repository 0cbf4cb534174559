// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands/commands.h"

namespace kstati::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<std::string> Complete(const std::vector<std::string>& words) {
  return CompletionsFor(MakeCommands(), words);
}

TEST(CompletionTest, CommandsFromTheirFirstLetters) {
  EXPECT_THAT(Complete({"do"}), ElementsAre("doctor"));
  EXPECT_THAT(Complete({""}), Contains("suggest"));
  EXPECT_THAT(Complete({""}), Not(Contains("__reference")));
}

TEST(CompletionTest, SecondWordOfAGroup) {
  EXPECT_THAT(Complete({"consent", ""}), ElementsAre("grant", "list", "revoke"));
}

TEST(CompletionTest, OptionsOfACommandAndTheirWords) {
  EXPECT_THAT(Complete({"suggest", "17", "--li"}), ElementsAre("--limit"));
  EXPECT_THAT(Complete({"suggest", "17", "--language", ""}), Contains("en"));
}

}  // namespace
}  // namespace kstati::cli
