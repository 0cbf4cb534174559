// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/completion.h"

namespace kstati::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<std::string> Complete(const std::vector<std::string>& words) {
  return CompletionsFor(MakeCommands(), words, [](Names names) {
    return names == Names::kService ? std::vector<std::string>{"inn_newborn", "snils_newborn"}
                                    : std::vector<std::string>{"child_birth"};
  });
}

TEST(CompletionTest, CommandsFromTheirFirstLetters) {
  EXPECT_THAT(Complete({"do"}), ElementsAre("doctor"));
  EXPECT_THAT(Complete({""}), Contains("suggest"));
  EXPECT_THAT(Complete({""}), Not(Contains("__reference")));
}

TEST(CompletionTest, SecondWordOfAGroup) {
  EXPECT_THAT(Complete({"consent", ""}), ElementsAre("bases", "grant", "history", "list", "narrow",
                                                     "needs", "receipt", "renew", "revoke"));
}

TEST(CompletionTest, OptionsOfACommandAndTheirWords) {
  EXPECT_THAT(Complete({"suggest", "17", "--li"}), ElementsAre("--limit"));
  EXPECT_THAT(Complete({"suggest", "17", "--language", ""}), ElementsAre("en", "ru"));
}

TEST(CompletionTest, HelpOfTheProgramAndOfEveryCommand) {
  EXPECT_THAT(Complete({"--h"}), ElementsAre("--help"));
  EXPECT_THAT(Complete({"suggest", "--he"}), ElementsAre("--help"));
}

TEST(CompletionTest, ServicesWhereAServiceIsNamed) {
  EXPECT_THAT(Complete({"explain", "17", "sn"}), ElementsAre("snils_newborn"));
  EXPECT_THAT(Complete({"explain", "--about", "18", "17", ""}), Contains("inn_newborn"))
      << "the value of an option takes no place among the arguments";
  EXPECT_THAT(Complete({"explain", "17", "snils_newborn", ""}), Not(Contains("inn_newborn")));
  EXPECT_THAT(Complete({"consent", "grant", "17", "--service", ""}),
              ElementsAre("inn_newborn", "snils_newborn"))
      << "nothing but a value can follow";
}

TEST(CompletionTest, SituationsWhereASituationIsNamed) {
  EXPECT_THAT(Complete({"chain", "17", "ch"}), ElementsAre("child_birth"));
  EXPECT_THAT(Complete({"consent", "grant", "17", "--situation", "c"}), ElementsAre("child_birth"));
}

}  // namespace
}  // namespace kstati::cli
