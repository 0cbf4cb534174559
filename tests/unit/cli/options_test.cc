// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OptionsTest : public testing::Test {
 protected:
  OptionsTest() {
    options_.Argument("CITIZEN", citizen_, "whom");
    options_.Number("--limit", "COUNT", limit_, 1, 100, "how many");
    options_.Flag("--tls", tls_, "TLS");
    options_.Choice("--format", format_, {"table", "json"}, "form");
    options_.Share("--share", "SHARE", share_, "share");
    options_.Text("--about", "NUMBER", about_, "about whom");
  }

  Error ErrorOf(const std::vector<std::string>& words) {
    const Result<void> parsed = ParseOptions(words, options_.specs());
    EXPECT_FALSE(parsed);
    return parsed ? Error() : parsed.error();
  }

  Options options_;
  std::string citizen_;
  std::string about_;
  std::string format_ = "table";
  int64_t limit_ = 10;
  double share_ = 0.5;
  bool tls_ = false;
};

TEST_F(OptionsTest, EverythingIsTaken) {
  ASSERT_TRUE(ParseOptions({"--limit", "3", "17", "--tls", "--format=json", "--share", "0.25"},
                           options_.specs()));
  EXPECT_EQ(citizen_, "17");
  EXPECT_EQ(limit_, 3);
  EXPECT_TRUE(tls_);
  EXPECT_EQ(format_, "json");
  EXPECT_EQ(share_, 0.25);
}

TEST_F(OptionsTest, DefaultsStayAndAreShown) {
  ASSERT_TRUE(ParseOptions({"17"}, options_.specs()));
  EXPECT_EQ(limit_, 10);
  EXPECT_EQ(options_.specs()[1].otherwise, "10");
  EXPECT_EQ(options_.specs()[4].otherwise, "0.5");
}

TEST_F(OptionsTest, LastOfRepeatedOptionsCounts) {
  ASSERT_TRUE(ParseOptions({"17", "--limit", "3", "--limit", "4"}, options_.specs()));
  EXPECT_EQ(limit_, 4);
}

TEST_F(OptionsTest, ValuesMayLookLikeAnything) {
  ASSERT_TRUE(ParseOptions({"17", "--about=-5", "--format", "json"}, options_.specs()));
  EXPECT_EQ(about_, "-5");
}

TEST_F(OptionsTest, ProblemsAreNamed) {
  EXPECT_THAT(ErrorOf({}).message, HasSubstr("CITIZEN is missing"));
  EXPECT_THAT(ErrorOf({"17", "18"}).message, HasSubstr("unexpected argument `18`"));
  EXPECT_THAT(ErrorOf({"17", "--limit"}).message, HasSubstr("--limit"));
  EXPECT_EQ(ErrorOf({"17", "--limit", "0"}).place, "--limit");
  EXPECT_EQ(ErrorOf({"17", "--limit", "3x"}).place, "--limit");
  EXPECT_EQ(ErrorOf({"17", "--share", "1.5"}).place, "--share");
  EXPECT_THAT(ErrorOf({"17", "--format", "jsno"}).remedy, HasSubstr("json"));
  EXPECT_THAT(ErrorOf({"17", "--limt", "3"}).remedy, HasSubstr("--limit"));
}

TEST(OptionsManyTest, ArgumentsAreCollectedInOrder) {
  Options options;
  std::vector<std::string> paths;
  bool quiet = false;
  options.Arguments("PATH", paths, "paths");
  options.Flag("--quiet", quiet, "quiet");
  ASSERT_TRUE(ParseOptions({"a", "b", "--quiet", "c"}, options.specs()));
  EXPECT_THAT(paths, ElementsAre("a", "b", "c"));
  EXPECT_TRUE(quiet);
}

}  // namespace
}  // namespace kstati::cli
