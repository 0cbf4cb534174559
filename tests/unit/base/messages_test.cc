// SPDX-License-Identifier: Apache-2.0
#include "base/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace kstati {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MessagesTest : public ::testing::Test {
 protected:
  MessagesTest()
      : folder_(::testing::TempDir() + "messages_test_" +
                ::testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~MessagesTest() override { std::filesystem::remove_all(folder_); }

  void Load(const std::string& ru, const std::string& en) {
    std::ofstream(folder_ + "/ru.json") << ru;
    std::ofstream(folder_ + "/en.json") << en;
    messages_ = Messages::Load(folder_, issues_);
  }

  std::string Russian(std::string_view key,
                      const std::map<std::string, Messages::Argument>& arguments = {}) const {
    return messages_.Format(Language::kRussian, key, arguments);
  }
  std::string English(std::string_view key,
                      const std::map<std::string, Messages::Argument>& arguments = {}) const {
    return messages_.Format(Language::kEnglish, key, arguments);
  }

  // "file:line text" of every issue.
  std::vector<std::string> Problems() const {
    std::vector<std::string> lines;
    for (const Issue& issue : issues_) {
      lines.push_back(std::filesystem::path(issue.where.file).filename().string() + ":" +
                      std::to_string(issue.where.line) + " " + issue.text);
    }
    return lines;
  }

  std::string folder_;
  std::vector<Issue> issues_;
  Messages messages_;
};

TEST_F(MessagesTest, RussianPluralsFollowTheNumber) {
  Load(R"({"days": "{count, plural, one {# день} few {# дня} many {# дней} other {# дня}}"})",
       R"({"days": "{count, plural, one {# day} other {# days}}"})");
  ASSERT_THAT(Problems(), IsEmpty());
  EXPECT_EQ(Russian("days", {{"count", 1}}), "1 день");
  EXPECT_EQ(Russian("days", {{"count", 3}}), "3 дня");
  EXPECT_EQ(Russian("days", {{"count", 11}}), "11 дней");
  EXPECT_EQ(Russian("days", {{"count", 21}}), "21 день");
  EXPECT_EQ(Russian("days", {{"count", 1.5}}), "1,5 дня");
  EXPECT_EQ(English("days", {{"count", 1}}), "1 day");
}

TEST_F(MessagesTest, DatesAreWrittenInTheLanguage) {
  Load(R"({"until": "до {day, date, long}"})", R"({"until": "until {day, date, long}"})");
  ASSERT_THAT(Problems(), IsEmpty());
  EXPECT_EQ(Russian("until", {{"day", Date::Of(2026, 3, 5)}}), "до 5 марта 2026\u202Fг.");
  EXPECT_EQ(English("until", {{"day", Date::Of(2026, 3, 5)}}), "until 5 March 2026");
}

TEST_F(MessagesTest, ADateIsTheSameDayInEveryZone) {
  Load(R"({"a": "{day, date, long}"})", R"({"a": "{day, date, long}"})");
  for (const char* zone : {"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kamchatka"}) {
    EXPECT_EXIT(
        {
          setenv("TZ", zone, 1);
          std::fputs(English("a", {{"day", Date::Of(2026, 3, 5)}}).c_str(), stderr);
          std::exit(0);
        },
        ::testing::ExitedWithCode(0), "5 March 2026");
  }
}

TEST_F(MessagesTest, TextArgumentsAreNotPatterns) {
  Load(R"({"hello": "Здравствуйте, {name}!"})", R"({"hello": "Hello, {name}!"})");
  EXPECT_EQ(Russian("hello", {{"name", "{count} 'кавычки'"}}), "Здравствуйте, {count} 'кавычки'!");
}

TEST_F(MessagesTest, WhatIsMissingIsVisible) {
  Load(R"({"hello": "Здравствуйте, {name}!"})", R"({"hello": "Hello, {name}!"})");
  EXPECT_EQ(Russian("no.such.key"), "no.such.key");
  EXPECT_EQ(Russian("hello"), "Здравствуйте, {name}!");
  EXPECT_TRUE(messages_.Has(Language::kEnglish, "hello"));
  EXPECT_FALSE(messages_.Has(Language::kEnglish, "no.such.key"));
}

TEST_F(MessagesTest, ABrokenPatternIsAnIssueWithItsKey) {
  Load("{\n  \"good\": \"a\",\n  \"bad\": \"{count, plural, one {#}\"\n}",
       "{\n  \"good\": \"a\",\n  \"bad\": \"{count}\"\n}");
  ASSERT_THAT(Problems(), ::testing::Contains(HasSubstr("ru.json:3 message \"bad\"")));
}

TEST_F(MessagesTest, PluralFormsMustHaveTheFallback) {
  Load(R"({"days": "{n, plural, one {день}}"})", R"({"days": "{n, plural, other {days}}"})");
  EXPECT_THAT(Problems(), ::testing::Contains(HasSubstr("ru.json:1 message \"days\"")));
}

TEST_F(MessagesTest, ArgumentsNeedNames) {
  Load(R"({"a": "{0}"})", R"({"a": "{0}"})");
  EXPECT_THAT(Problems(), ElementsAre("ru.json:1 message \"a\": the argument {0} has no name",
                                      "en.json:1 message \"a\": the argument {0} has no name"));
}

TEST_F(MessagesTest, BothLanguagesMustHaveTheSameKeysAndArguments) {
  Load("{\"a\": \"{x}\",\n \"b\": \"\"}", "{\"a\": \"{y}\"}");
  EXPECT_THAT(Problems(), ElementsAre("ru.json:1 message \"a\" has other arguments in en.json",
                                      "ru.json:2 message \"b\" has no text in en.json",
                                      "en.json:1 message \"a\" has other arguments in ru.json"));
}

TEST_F(MessagesTest, AFileThatIsNotAFlatObjectOfTextsIsAnIssue) {
  Load("{\"a\": \"1\",\n \"b\": {\"c\": \"2\"}}", "{\"a\": \"1\", \n}");
  EXPECT_THAT(Problems(), ElementsAre("ru.json:2 the file must be one flat object of texts",
                                      HasSubstr("en.json:2")));
}

TEST_F(MessagesTest, ARepeatedOrMalformedKeyIsAnIssue) {
  Load("{\"a\": \"1\",\n \"a\": \"2\",\n \"B c\": \"3\"}", "{\"a\": \"1\", \"B c\": \"3\"}");
  EXPECT_THAT(Problems(),
              ElementsAre("ru.json:2 the key \"a\" is given twice",
                          "ru.json:3 \"B c\" is not a key", "en.json:1 \"B c\" is not a key"));
}

TEST_F(MessagesTest, AMissingFileIsAnIssue) {
  messages_ = Messages::Load("/nonexistent", issues_);
  EXPECT_THAT(Problems(), ElementsAre("ru.json:0 the file cannot be read",
                                      "en.json:0 the file cannot be read"));
}

TEST_F(MessagesTest, FormattingIsSafeFromAnyThread) {
  Load(R"({"days": "{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}"})",
       R"({"days": "{n, plural, one {# day} other {# days}}"})");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_EQ(Russian("days", {{"n", 5}}), "5 дней");
    });
  }
}

TEST_F(MessagesTest, TheTextsWeShipHaveNoProblems) {
  messages_ = Messages::Load(std::string(KSTATI_DATA) + "/messages", issues_);
  EXPECT_THAT(Problems(), IsEmpty());
}

}  // namespace
}  // namespace kstati
