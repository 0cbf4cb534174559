// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <gtest/gtest.h>

#include <sstream>

namespace kstati::cli {
namespace {

class OutputTest : public testing::Test {
 protected:
  OutputTest() { output_.Declare(options_); }

  void Choose(const std::string& format) {
    ASSERT_TRUE(ParseOptions({"--format", format}, options_.specs()));
  }

  std::string Print(const std::vector<Json>& records, bool on_terminal = false) {
    std::istringstream in;
    std::ostringstream out;
    output_.Print({in, out, err_, on_terminal}, records, {{"id", "ID"}, {"name", "NAME"}});
    return out.str();
  }

  const std::vector<Json> two_{{{"id", "a"}, {"name", "Имя"}, {"more", 1}},
                               {{"id", "long id"}, {"name", nullptr}}};
  std::ostringstream err_;
  Options options_;
  Output output_;
};

TEST_F(OutputTest, TerminalGetsATableAndAPipeGetsLines) {
  EXPECT_EQ(Print(two_, true), "ID       NAME\na        Имя\nlong id\n");
  EXPECT_EQ(Print(two_, false),
            "{\"id\":\"a\",\"name\":\"Имя\",\"more\":1}\n{\"id\":\"long id\",\"name\":null}\n");
}

TEST_F(OutputTest, OptionWinsOverTheKindOfOutput) {
  Choose("json");
  EXPECT_EQ(Print({}, true), "[]\n");
  Choose("jsonl");
  EXPECT_EQ(Print(two_, true), Print(two_, false));
}

TEST_F(OutputTest, NothingFoundIsSaidBesideTheData) {
  Choose("table");
  EXPECT_EQ(Print({}), "");
  EXPECT_EQ(err_.str(), "nothing found\n");
}

TEST_F(OutputTest, WidthCountsLettersNotBytes) {
  EXPECT_EQ(WidthOf("Имя"), 3U);
  EXPECT_EQ(WidthOf(""), 0U);
}

TEST_F(OutputTest, CellsAreOneLineOfText) {
  EXPECT_EQ(CellText(Json::array({"a", "b"})), "a, b");
  EXPECT_EQ(CellText(true), "yes");
  EXPECT_EQ(CellText(5), "5");
}

TEST_F(OutputTest, BytesThatAreNotUtf8AreReplacedNotThrown) {
  EXPECT_NO_THROW(Print({{{"id", "\xff"}}}));
}

}  // namespace
}  // namespace kstati::cli
