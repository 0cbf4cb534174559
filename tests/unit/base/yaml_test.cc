// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace kstati::yaml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class YamlTest : public ::testing::Test {
 protected:
  Node Read(const std::string& text) {
    document_.emplace("file.yaml", text, issues_);
    return document_->root();
  }

  // "line:column text" of every issue.
  std::vector<std::string> Problems() const {
    std::vector<std::string> lines;
    for (const Issue& issue : issues_) {
      lines.push_back(std::to_string(issue.where.line) + ":" + std::to_string(issue.where.column) +
                      " " + issue.text);
    }
    return lines;
  }

  std::vector<Issue> issues_;
  std::optional<Document> document_;
};

std::string At(const Location& where) {
  return std::to_string(where.line) + ":" + std::to_string(where.column);
}

TEST_F(YamlTest, EveryScalarStaysText) {
  const Node root = Read("a: no\nb: 1.10\nc: null\nd: ~\ne: 0x10\nf: 2026-01-01\ng: NULL # none\n");
  EXPECT_EQ(root.Get("a").Text(), "no");
  EXPECT_EQ(root.Get("b").Text(), "1.10");
  EXPECT_EQ(root.Get("c").Text(), "null");
  EXPECT_EQ(root.Get("d").Text(), "~");
  EXPECT_EQ(root.Get("e").Text(), "0x10");
  EXPECT_EQ(root.Get("f").Text(), "2026-01-01");
  EXPECT_EQ(root.Get("g").Text(), "NULL");
  EXPECT_THAT(issues_, IsEmpty());
}

TEST_F(YamlTest, TypedReadersTypeTheText) {
  const Node root =
      Read("b: true\ni: -12\nn: 1.50\nd: 2026-03-15\np: P18M\nt: {ru: да, en: \"yes\"}\n");
  EXPECT_EQ(root.Get("b").Boolean(), true);
  EXPECT_EQ(root.Get("i").Integer(), -12);
  EXPECT_EQ(root.Get("n").Number(), Decimal::Parse("1.5"));
  EXPECT_EQ(root.Get("d").Day(), Date::Of(2026, 3, 15));
  EXPECT_EQ(root.Get("p").Span(), (Period{18, 0}));
  EXPECT_EQ(root.Get("t").Texts()->ru, "да");
  EXPECT_EQ(root.Get("t").Texts()->en, "yes");
  EXPECT_THAT(issues_, IsEmpty());
}

TEST_F(YamlTest, ABadValueIsReportedAtTheValue) {
  const Node root = Read("b: yes\ni: 12a\nn: 1,5\nd: 2026-02-30\np: P18\nw: reed\n");
  EXPECT_EQ(root.Get("b").Boolean(), std::nullopt);
  EXPECT_EQ(root.Get("i").Integer(), std::nullopt);
  EXPECT_EQ(root.Get("n").Number(), std::nullopt);
  EXPECT_EQ(root.Get("d").Day(), std::nullopt);
  EXPECT_EQ(root.Get("p").Span(), std::nullopt);
  root.Get("w").OneOf({"red", "green"});
  EXPECT_THAT(Problems(),
              ElementsAre("1:4 \"yes\" is not true or false", "2:4 \"12a\" is not a whole number",
                          "3:4 \"1,5\" is not a number", "4:4 \"2026-02-30\" is not a date",
                          "5:4 \"P18\" is not a period", "6:4 \"reed\" is not one of: red, green"));
  EXPECT_EQ(issues_.back().hint, "did you mean \"red\"?");
}

TEST_F(YamlTest, AnUnknownKeyIsReportedAtTheKeyWithTheNearestKnownOne) {
  const Node root = Read("name: a\npriorty: 1\nzzzzzzzz: 2\n");
  root.Require("name");
  root.Get("priority");
  root.RejectUnknownKeys();
  EXPECT_THAT(Problems(),
              ElementsAre("2:1 unknown key \"priorty\"", "3:1 unknown key \"zzzzzzzz\""));
  EXPECT_EQ(issues_[0].hint, "did you mean \"priority\"?");
  EXPECT_EQ(issues_[1].hint, "known here: name, priority");
}

TEST_F(YamlTest, AMissingKeyIsReportedAtItsMap) {
  const Node root = Read("list:\n  - {a: 1}\n");
  EXPECT_FALSE(root.Get("list").Items().at(0).Require("b"));
  EXPECT_FALSE(root.Get("absent"));
  EXPECT_THAT(Problems(), ElementsAre("2:5 the key \"b\" is missing"));
}

TEST_F(YamlTest, ReadersOfAnAbsentNodeAreSilent) {
  const Node absent = Read("a: 1\n").Get("b").Get("c");
  EXPECT_EQ(absent.Text(), std::nullopt);
  EXPECT_EQ(absent.Texts(), std::nullopt);
  EXPECT_THAT(absent.Items(), IsEmpty());
  absent.RejectUnknownKeys();
  EXPECT_FALSE(absent.Require("d"));
  EXPECT_THAT(issues_, IsEmpty());
}

TEST_F(YamlTest, AWrongFormIsReportedOnce) {
  const Node root = Read("map: word\nlist: {a: 1}\ntext: [1]\nempty:\n");
  const Node map = root.Get("map");
  map.Require("a");
  map.Require("b");
  map.RejectUnknownKeys();
  root.Get("list").Items();
  root.Get("text").Text();
  root.Get("empty").Text();
  EXPECT_THAT(Problems(), ElementsAre("1:6 wrong form: a map is expected here",
                                      "2:7 wrong form: a list is expected here",
                                      "3:7 wrong form: a text is expected here",
                                      "4:1 the value is missing: a text is expected here"));
}

TEST_F(YamlTest, BothLanguagesAreRequired) {
  const Node root = Read("a: {ru: да}\nb: {ru: да, en: \"\"}\n");
  EXPECT_EQ(root.Get("a").Texts(), std::nullopt);
  EXPECT_EQ(root.Get("b").Texts(), std::nullopt);
  EXPECT_THAT(Problems(), ElementsAre("1:4 the key \"en\" is missing", "2:19 the text is empty"));
}

TEST_F(YamlTest, ARepeatedKeyIsReportedAtTheSecondOne) {
  const Node root = Read("a: 1\nb: {c: 1, c: 2}\na: 3\n");
  EXPECT_EQ(root.Get("a").Text(), "1");
  EXPECT_THAT(Problems(),
              ElementsAre("2:11 the key \"c\" is given twice", "3:1 the key \"a\" is given twice"));
  EXPECT_EQ(issues_[1].hint, "the first is in line 1");
}

TEST_F(YamlTest, TextStartsAfterTheQuote) {
  const Node root = Read("a: plain\nb: \"double\"\nc: 'single'\n");
  EXPECT_EQ(At(root.Get("a").text_location()), "1:4");
  EXPECT_EQ(At(root.Get("b").text_location()), "2:5");
  EXPECT_EQ(At(root.Get("c").text_location()), "3:5");
  EXPECT_EQ(At(root.Get("b").location()), "2:4");
}

TEST_F(YamlTest, BlockTextStartsInTheNextLineAtItsIndentation) {
  const Node root = Read(
      "a: |\n"
      "    x = 1\n"
      "    y\n"
      "b: >-\n"
      "\n"
      "  folded\n"
      "c: |2\n"
      "    two blanks are mine\n"
      "d:\n"
      "  - |\n"
      "     deep\n");
  EXPECT_EQ(At(root.Get("a").text_location()), "2:5");
  EXPECT_EQ(At(root.Get("b").text_location()), "5:3");
  EXPECT_EQ(root.Get("c").Text(), "  two blanks are mine\n");
  EXPECT_EQ(At(root.Get("c").text_location()), "8:3");
  EXPECT_EQ(At(root.Get("d").Items().at(0).text_location()), "11:6");
}

TEST_F(YamlTest, ColumnsCountBytes) {
  const Node root = Read("имя: {ru: да, en: x}\n");
  EXPECT_EQ(At(root.Entries().at(0).second.location()), "1:9");
}

TEST_F(YamlTest, ASyntaxErrorIsOneIssueWithItsPlace) {
  EXPECT_FALSE(Read("a: [1, 2\nb: 3\n"));
  ASSERT_THAT(issues_, SizeIs(1));
  EXPECT_EQ(issues_[0].where.file, "file.yaml");
  EXPECT_EQ(issues_[0].where.line, 2);
}

TEST_F(YamlTest, AnchorsAliasesAndTagsAreRejected) {
  Read("a: &x 1\nb: *x\nc: !!str 2\nd: ! 3\ne: !own {f: 1}\n");
  EXPECT_THAT(Problems(), ElementsAre("1:4 an anchor is not allowed", "2:4 an alias is not allowed",
                                      "3:4 a tag is not allowed", "4:4 a tag is not allowed",
                                      "5:4 a tag is not allowed"));
}

TEST_F(YamlTest, ASecondDocumentIsRejected) {
  Read("a: 1\n---\nb: 2\n");
  EXPECT_THAT(Problems(), ElementsAre("3:1 a second document in one file"));
}

TEST_F(YamlTest, AnEmptyFileIsRejected) {
  EXPECT_FALSE(Read("# nothing\n"));
  EXPECT_THAT(Problems(), ElementsAre("0:0 the file is empty"));
}

TEST_F(YamlTest, NestingIsLimited) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  EXPECT_TRUE(Read(nested(kMaxDepth)));
  EXPECT_THAT(issues_, IsEmpty());
  EXPECT_FALSE(Read(nested(kMaxDepth + 1)));
  EXPECT_THAT(Problems(), ElementsAre("1:33 lists and maps are nested deeper than 32 levels"));
}

TEST_F(YamlTest, SizeIsLimited) {
  const std::string line = "a: " + std::string(kMaxFileBytes - 4, 'x') + "\n";
  EXPECT_TRUE(Read(line));
  EXPECT_THAT(issues_, IsEmpty());
  EXPECT_FALSE(Read(line + "\n"));
  EXPECT_THAT(Problems(), ElementsAre("0:0 the file is larger than 1 MiB"));
}

TEST_F(YamlTest, ForeignBytesAreReportedAtTheirPlace) {
  EXPECT_FALSE(Read("a: 1\nb: \xff\n"));
  EXPECT_FALSE(Read(std::string("a: 1\nbc\0d: 2\n", 12)));
  EXPECT_FALSE(Read("a: \xed\xa0\x80\n"));
  EXPECT_THAT(Problems(),
              ElementsAre("2:4 not a character of UTF-8 text", "2:3 not a character of UTF-8 text",
                          "1:4 not a character of UTF-8 text"));
}

TEST_F(YamlTest, AKeyMustBeAWord) {
  Read("? [a, b]\n: 1\n");
  EXPECT_THAT(Problems(), ElementsAre("1:3 a key must be a word"));
}

TEST_F(YamlTest, AFileThatCannotBeReadIsAnIssue) {
  const Document document("/nonexistent/a.yaml", issues_);
  EXPECT_FALSE(document.root());
  EXPECT_THAT(Problems(), ElementsAre("0:0 the file cannot be read"));
}

TEST_F(YamlTest, FilesAreListedByName) {
  const std::string folder = ::testing::TempDir();
  for (const char* name : {"yaml_test_b.yaml", "yaml_test_a.yaml", "yaml_test_c.txt"}) {
    std::ofstream(folder + name) << "a: 1\n";
  }
  std::vector<std::string> found;
  for (const std::string& file : FilesIn(folder)) {
    if (file.find("yaml_test_") != std::string::npos) found.push_back(file);
  }
  EXPECT_THAT(found, ElementsAre(HasSubstr("yaml_test_a.yaml"), HasSubstr("yaml_test_b.yaml")));
  EXPECT_THAT(FilesIn("/nonexistent"), IsEmpty());
}

}  // namespace
}  // namespace kstati::yaml
