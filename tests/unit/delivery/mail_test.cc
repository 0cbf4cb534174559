// SPDX-License-Identifier: Apache-2.0
#include "delivery/internal/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/delivery/a_message.h"

namespace kstati::delivery {
namespace {

using testing::HasSubstr;

TEST(MailTest, EncodesWordsAsRfc2047Says) {
  EXPECT_EQ(EncodedWords(""), "");
  EXPECT_EQ(EncodedWords("a"), "=?UTF-8?B?YQ==?=");
  EXPECT_EQ(EncodedWords("СНИЛС"), "=?UTF-8?B?0KHQndCY0JvQoQ==?=");
}

TEST(MailTest, NoWordIsTooLongAndNoCharacterIsCutInTwo) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "€";
  std::istringstream lines(EncodedWords(text));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    EXPECT_LE(line.size(), 76u);
    EXPECT_THAT(line, HasSubstr("=?UTF-8?B?4oKs"));  // each word begins with a whole one
  }
}

TEST(MailTest, NothingInATextBeginsALineOfTheHeader) {
  const std::string words = EncodedWords("Hello\r\nBcc: everybody@example.org\r\n\r\nbody");
  for (size_t at = words.find('\n'); at != std::string::npos; at = words.find('\n', at + 1)) {
    EXPECT_EQ(words[at + 1], ' ');
  }
  EXPECT_EQ(words.find("Bcc"), std::string::npos);
}

TEST(MailTest, BytesThatAreNoTextDoNotKeepItFromEnding) {
  EXPECT_THAT(EncodedWords(std::string(200, '\x80')), HasSubstr("=?UTF-8?B?"));
}

TEST(MailTest, KnowsAddresses) {
  for (const char* good : {"a@b", "000000000017@gateway.example", "first.last+x@example.org"}) {
    EXPECT_TRUE(IsAddress(good)) << good;
  }
  for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "<a@b>",
                          "a@b,c@d", "\"a\"@b", "a@b>", "я@b"}) {
    EXPECT_FALSE(IsAddress(bad)) << bad;
  }
}

TEST(MailTest, WritesDatesAsRfc5322Does) {
  EXPECT_EQ(MailDate(*Instant::Parse("2026-11-29T16:32:10Z")), "Sun, 29 Nov 2026 16:32:10 +0000");
  EXPECT_EQ(MailDate(*Instant::Parse("2026-01-02T03:04:05.9Z")), "Fri, 02 Jan 2026 03:04:05 +0000");
}

TEST(MailTest, TheKeyIsTheMessageId) {
  EXPECT_EQ(MailOf(AMessage("Hi", "тело"), "kstati@example.org", "17@gateway.example"),
            "From: <kstati@example.org>\r\n"
            "To: <17@gateway.example>\r\n"
            "Subject: =?UTF-8?B?SGk=?=\r\n"
            "Date: Sun, 29 Nov 2026 06:05:04 +0000\r\n"
            "Message-ID: <00112233445566778899aabbccddeeff@example.org>\r\n"
            "Content-Language: ru\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "0YLQtdC70L4=\r\n");
}

TEST(MailTest, NoLineOfTheBodyIsTooLong) {
  std::istringstream lines(MailOf(AMessage("Hi", std::string(10'000, 'x')), "a@b", "c@d"));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 78u);
}

}  // namespace
}  // namespace kstati::delivery
