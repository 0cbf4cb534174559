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

  void Color(const std::string& when) {
    ASSERT_TRUE(ParseOptions({"--color", when}, options_.specs()));
  }

  std::string Print(const std::vector<Json>& records, bool on_terminal = false,
                    bool colors_refused = true) {
    std::istringstream in;
    std::ostringstream out;
    output_.Print({in, out, err_, on_terminal, colors_refused}, records,
                  {{"id", "ID"}, {"name", "NAME"}});
    return out.str();
  }

  std::string PrintOne(const Json& object) {
    std::istringstream in;
    std::ostringstream out;
    output_.Print({in, out, err_}, object, "readable\n");
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

TEST_F(OutputTest, CsvQuotesWhatWouldBreakALine) {
  Choose("csv");
  EXPECT_EQ(Print({{{"id", "a"}, {"name", "one, \"two\""}}, {{"id", "two\nlines"}}}),
            "id,name\na,\"one, \"\"two\"\"\"\n\"two\nlines\",\n");
  EXPECT_EQ(Print({}), "id,name\n") << "a reader of csv expects the heading in any case";
}

TEST_F(OutputTest, MarkdownEscapesWhatWouldBreakACell) {
  Choose("markdown");
  EXPECT_EQ(Print({{{"id", "a|b"}, {"name", "two\nlines"}}}),
            "| ID | NAME |\n|---|---|\n| a\\|b | two lines |\n");
}

TEST_F(OutputTest, OneThingHasARowForEachKey) {
  const Json one{{"id", "a"}, {"list", {"b", "c"}}};
  Choose("csv");
  EXPECT_EQ(PrintOne(one), "key,value\nid,a\nlist,\"b, c\"\n");
  Choose("markdown");
  EXPECT_EQ(PrintOne(one), "| KEY | VALUE |\n|---|---|\n| id | a |\n| list | b, c |\n");
  Choose("table");
  EXPECT_EQ(PrintOne(one), "readable\n");
}

TEST_F(OutputTest, ColorsOnATerminalOnlyUnlessAskedFor) {
  const std::string escape = "\x1b[";
  Choose("table");
  EXPECT_NE(Print(two_, true, false).find(escape), std::string::npos);
  EXPECT_EQ(Print(two_, true, true).find(escape), std::string::npos) << "NO_COLOR";
  EXPECT_EQ(Print(two_, false, false).find(escape), std::string::npos);
  Color("always");
  EXPECT_NE(Print(two_, false, true).find(escape), std::string::npos);
  Color("never");
  EXPECT_EQ(Print(two_, true, false).find(escape), std::string::npos);
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
