// SPDX-License-Identifier: Apache-2.0
#include "cli/population_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace kstati::cli {
namespace {

using testing::HasSubstr;

Date Day(const char* text) { return *Date::Parse(text); }

class PopulationRecordTest : public testing::Test {
 protected:
  PopulationRecordTest() { std::filesystem::create_directories(folder_); }
  ~PopulationRecordTest() override { std::filesystem::remove_all(folder_); }

  static PopulationChoice Choice(const std::vector<std::string>& words) {
    PopulationChoice choice;
    Options options;
    choice.Declare(options);
    EXPECT_TRUE(ParseOptions(words, options.specs()));
    return choice;
  }

  const std::string folder_ =
      std::filesystem::temp_directory_path() / ("kstati-population-" + std::to_string(getpid()));
  const PopulationRecord village_{500, 7, Day("2026-07-01"), true, 3};
};

TEST_F(PopulationRecordTest, WhatIsWrittenIsReadAndNothingIsRecordedAtFirst) {
  EXPECT_EQ(*ReadPopulationRecord(folder_), std::nullopt);
  ASSERT_TRUE(WritePopulationRecord(folder_, village_));
  const auto read = ReadPopulationRecord(folder_);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->ToString(), "500 citizens, seed 7, since 2026-07-01");
  EXPECT_TRUE((*read)->loaded);
  EXPECT_EQ((*read)->pace, 3);
}

TEST_F(PopulationRecordTest, ADamagedRecordIsNotTakenForNone) {
  for (const char* text : {"", "{", "[]", "{\"citizens\": 5}",
                           R"({"citizens":"5","seed":1,"since":"2026-07-01","loaded":true})",
                           R"({"citizens":5,"seed":1,"since":"July","loaded":true,"pace":0})"}) {
    std::ofstream(folder_ + "/population.json") << text;
    const auto read = ReadPopulationRecord(folder_);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << text;
  }
}

TEST_F(PopulationRecordTest, TheRecordedPeopleAreMeantOnEveryLaterDay) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"--citizens", "500"}, {"--seed", "7", "--since", "2026-07-01"}}) {
    const auto record = Choice(words).Recorded(village_);
    ASSERT_TRUE(record) << record.error().ToString();
    EXPECT_EQ(record->ToString(), village_.ToString());
  }
}

TEST_F(PopulationRecordTest, OtherPeopleThanTheRecordedOnesAreRefused) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--citizens", "300"}, {"--seed", "1"}, {"--since", "2025-07-01"}}) {
    const auto record = Choice(words).Recorded(village_);
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code, ErrorCode::kConflict);
    EXPECT_THAT(record.error().message, HasSubstr("500 citizens, seed 7, since 2026-07-01"));
    EXPECT_EQ(record.error().place, words.front());
  }
}

TEST_F(PopulationRecordTest, WithoutARecordThePeopleMustBeNamed) {
  EXPECT_EQ(Choice({}).Recorded(std::nullopt).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Choice({"--citizens", "9"}).Recorded(std::nullopt).error().code, ErrorCode::kNotFound);
  const auto named = Choice({"--citizens", "9", "--since", "2026-07-01"}).Recorded(std::nullopt);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->ToString(), "9 citizens, seed 1, since 2026-07-01");
}

TEST_F(PopulationRecordTest, ANewPopulationStandsThreeMonthsAndMoreBeforeToday) {
  EXPECT_EQ(Choice({}).ToMake(Day("2026-09-30"))->since, Day("2025-07-01"));
  EXPECT_EQ(Choice({}).ToMake(Day("2026-10-01"))->since, Day("2026-07-01"));
  const auto tomorrow = Choice({"--since", "2026-10-02"}).ToMake(Day("2026-10-01"));
  ASSERT_FALSE(tomorrow);
  EXPECT_EQ(tomorrow.error().place, "--since");
}

}  // namespace
}  // namespace kstati::cli
