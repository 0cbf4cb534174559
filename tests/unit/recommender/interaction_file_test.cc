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

TEST(Csv, RowsOfAnotherLengthAndOpenQuotesAreRefusedByLine) {
  const Csv csv = Parse("a,b\n1\n2,3\n4,\"5\n");
  ASSERT_EQ(csv.refused.size(), 2u);
  EXPECT_EQ(csv.refused[0].line, 2u);
  EXPECT_EQ(csv.refused[0].reason, "1 fields instead of 2");
  EXPECT_EQ(csv.refused[1].line, 4u);
  EXPECT_EQ(csv.rows.size(), 1u);
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
