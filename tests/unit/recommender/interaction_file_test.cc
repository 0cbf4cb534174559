// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/interaction_file.h"

#include <gtest/gtest.h>

namespace kstati::recommender::evaluation {
namespace {

using models::ItemIndex;

Csv Parse(std::string_view text) {
  auto csv = ParseCsv(text, "file.csv");
  EXPECT_TRUE(csv.has_value());
  return csv.value_or(Csv{});
}

TEST(Csv, QuotedFieldsHoldCommasLineEndsAndQuotes) {
  const Csv csv = Parse(
      "\xef\xbb\xbf"
      "a,b\r\n\"1,\"\"x\"\"\n2\",3\r\n\n4,\"5\"\n");
  EXPECT_EQ(csv.columns, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(csv.rows.size(), 2u);
  EXPECT_EQ(csv.rows[0].fields[0], "1,\"x\"\n2");
  EXPECT_EQ(csv.rows[1].line, 5u) << "lines within quotes and empty ones count";
  EXPECT_TRUE(csv.refused.empty());
}

TEST(Csv, RowsOfAnotherLengthAreRefusedByLine) {
  const Csv csv = Parse("a,b\n1\n2,3\n");
  ASSERT_EQ(csv.refused.size(), 1u);
  EXPECT_EQ(csv.refused[0].line, 2u);
  EXPECT_EQ(csv.refused[0].reason, "1 fields instead of 2");
  EXPECT_EQ(csv.rows.size(), 1u);
}

TEST(Csv, LinesOfNothingButSpacesAreSkippedAndCounted) {
  const Csv csv = Parse(" \t\na,b\n  \n\r\n1,2\n \t");
  EXPECT_TRUE(csv.refused.empty());
  ASSERT_EQ(csv.rows.size(), 1u);
  EXPECT_EQ(csv.rows[0].line, 5u);
}

// It swallowed all rows up to the next quote or the end, and the file was read as a few rows.
TEST(Csv, AStrayQuoteIsNamedByTheLineWhereItOpens) {
  const auto place = [](std::string_view text) {
    const auto csv = ParseCsv(text, "f");
    EXPECT_FALSE(csv.has_value());
    if (csv) return std::string();
    EXPECT_EQ(csv.error().code, ErrorCode::kInvalidArgument);
    return csv.error().place;
  };
  EXPECT_EQ(place("a,b\n1,2\n3,\"4\n5,6\n7,8\n"), "f:3") << "it is never closed";
  EXPECT_EQ(place("a,b\n1,2\n3,\"4\n5,6\n7,\"8\"\n9,10\n"), "f:3") << "another quote ends it";
  EXPECT_EQ(place("\"a,b\n1,2\n"), "f:1") << "in the header";
  const Csv within = Parse("a,b\n\"x\"y,5\" pipe\n");
  ASSERT_EQ(within.rows.size(), 1u);
  EXPECT_EQ(within.rows[0].fields, (std::vector<std::string>{"xy", "5\" pipe"}));
}

TEST(Csv, AHeaderIsRequiredAndNamesEachColumnOnce) {
  EXPECT_EQ(ParseCsv("", "f").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseCsv("a,a\n", "f").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseCsv("a,\n", "f").error().place, "f:1");
  EXPECT_EQ(ReadCsv("/").error().code, ErrorCode::kNotFound) << "a folder is no file";
}

TEST(InteractionFile, HistoriesAreInTheOrderOfTime) {
  InteractionTable table;
  ASSERT_TRUE(
      AddInteractions(Parse("user,item,time\nu,x,10\nv,y,3\nu,y,9\nu,x,11\n,x,1\n"), "f", table));
  EXPECT_EQ(table.people, (std::vector<std::string>{"v", "u"}));
  EXPECT_EQ(table.histories.items, (std::vector<std::string>{"y", "x"}));
  EXPECT_EQ(table.histories.people[1], (std::vector<ItemIndex>{0, 1}));
  EXPECT_EQ(table.repeated, 1u);
  ASSERT_EQ(table.refused.size(), 1u);
  EXPECT_EQ(table.refused[0].line, 6u);
}

TEST(InteractionFile, TimesThatAreNotAllNumbersSortAsText) {
  const auto items = [](std::string_view rows) {
    InteractionTable table;
    EXPECT_TRUE(AddInteractions(Parse("user,item,time\n" + std::string(rows)), "f", table));
    return table.histories.items;
  };
  EXPECT_EQ(items("u,b,10\nu,a,9\nu,c,\n"), (std::vector<std::string>{"c", "a", "b"}));
  EXPECT_EQ(items("u,a,9\nu,b,10\nu,c,1x\n"), (std::vector<std::string>{"b", "c", "a"}))
      << "some as numbers and some as text would be no order at all";
  EXPECT_EQ(items("u,b,nan\nu,a,2026-01-02\nu,c,10\n"), (std::vector<std::string>{"c", "a", "b"}));
  EXPECT_EQ(items("u,b,1700000000001\nu,a,999999999999\n"), (std::vector<std::string>{"a", "b"}));
}

TEST(InteractionFile, OneOddTimeAmongNumbersIsRefusedAndMakesNoTextOfTheOthers) {
  std::string text = "user,item,time\nu,a,100\nu,b,9\nu,c,yesterday\n";
  for (int row = 0; row < 20; ++row) text += "v" + std::to_string(row) + ",a,50\n";
  InteractionTable table;
  ASSERT_TRUE(AddInteractions(Parse(text), "f", table));
  EXPECT_EQ(table.histories.items, (std::vector<std::string>{"b", "a"})) << "9 is before 100";
  ASSERT_EQ(table.refused.size(), 1u);
  EXPECT_EQ(table.refused[0].line, 4u);
}

TEST(InteractionFile, IdsOfAnyLengthAreNames) {
  InteractionTable table;
  const std::string one(300, '9');
  const std::string other = one.substr(1) + "8";
  ASSERT_TRUE(AddInteractions(
      Parse("user,item\n" + one + ",x\n" + other + "8,x\n18446744073709551616,y\n"), "f", table));
  EXPECT_EQ(table.people.size(), 3u);
}

TEST(InteractionFile, TheSecondTableKeepsTheNumbersOfTheFirst) {
  InteractionTable training;
  ASSERT_TRUE(AddInteractions(Parse("user,item\nu,x\nu,y\n"), "f", training));
  InteractionTable held_out;
  held_out.histories.items = training.histories.items;
  ASSERT_TRUE(AddInteractions(Parse("user,item\nu,z\nu,x\nw,y\n"), "g", held_out));
  const auto people = HeldOutPeople(training, held_out);
  ASSERT_EQ(people.size(), 2u);
  EXPECT_EQ(people[0].known, (std::vector<ItemIndex>{0, 1}));
  EXPECT_EQ(people[0].wanted, (std::vector<ItemIndex>{2})) << "x is known already";
  EXPECT_TRUE(people[1].known.empty());
  EXPECT_EQ(people[1].wanted, (std::vector<ItemIndex>{1}));
}

TEST(InteractionFile, AMissingColumnIsNamed) {
  InteractionTable table;
  const auto added = AddInteractions(Parse("user,thing\nu,x\n"), "f", table);
  ASSERT_FALSE(added.has_value());
  EXPECT_EQ(added.error().message, "there is no column item");
}

}  // namespace
}  // namespace kstati::recommender::evaluation
