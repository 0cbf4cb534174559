// SPDX-License-Identifier: Apache-2.0
#include "cases/register.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cases/result_token.h"
#include "graph/catalogue.h"

namespace kstati::cases {
namespace {

using profile::ledger::SigningKey;

SigningKey Key(uint8_t seed = 7) {
  return std::move(SigningKey::FromSeed("kstati.example/results", {seed}).value());
}

Instant At(const char* text) { return Instant::Parse(text).value(); }

ResultRecord Record() {
  ResultRecord record{"R-000000000017-0001",
                      CitizenId(17),
                      CitizenId(18),
                      CaseId("C-000000000017-0001"),
                      ServiceId("snils_newborn"),
                      "sfr",
                      {},
                      {}};
  record.versions.push_back({ResultChange::kIssued,
                             At("2026-03-18T09:00:00Z"),
                             {Date::Of(2026, 3, 18), std::nullopt},
                             "granted",
                             {AttributeId("doc.snils_child")},
                             "case.reason.result"});
  return record;
}

class ResultTokenTest : public ::testing::Test {
 protected:
  ResultTokenTest() {
    std::vector<Issue> issues;
    dictionary_ = profile::LoadDictionary(std::string(KSTATI_DATA) + "/catalogue", issues);
    program_ = std::make_unique<eligibility::Program>(catalogue_, dictionary_, issues);
    world_.program = program_.get();
  }

  Result<std::string> Make(const ResultRecord& record, int64_t days = kTokenDays) {
    return MakeResultToken(record, world_, Key(), At("2026-03-20T09:00:00Z"), days);
  }

  static std::string Verify(const std::string& token, const char* now = "2026-03-21T09:00:00Z",
                            uint8_t seed = 7) {
    const auto verified = VerifyResultToken(token, Key(seed).public_key(), At(now));
    return verified ? verified->claims : std::string(KindOf(verified.error().code).name);
  }

  profile::Dictionary dictionary_;
  graph::Catalogue catalogue_;
  std::unique_ptr<eligibility::Program> program_;
  World world_;
};

// The golden token was made by another program from the same seed; the console's tests verify it
// in a language that shares nothing with us.
TEST_F(ResultTokenTest, IsByteForByteWhatAnotherProgramMakes) {
  std::ifstream file(KSTATI_GOLDEN "/result_token.json");
  const nlohmann::json golden = nlohmann::json::parse(file);
  const Result<std::string> token = Make(Record());
  ASSERT_TRUE(token) << token.error().ToString();
  EXPECT_EQ(Key().public_key().ToString(), golden["key"].get<std::string>());
  EXPECT_EQ(*token, golden["token"].get<std::string>());
}

TEST_F(ResultTokenTest, TellsWhatStandsAndEndsInTime) {
  ResultRecord record = Record();
  const std::string claims = Verify(Make(record).value());
  EXPECT_NE(claims.find("\"jti\":\"R-000000000017-0001\""), std::string::npos) << claims;
  EXPECT_NE(claims.find("doc.snils_child"), std::string::npos);
  EXPECT_EQ(Verify(Make(record).value(), "2026-04-20T09:00:00Z"), "conflict");
  EXPECT_EQ(Verify(Make(record).value(), "2026-03-20T08:00:00Z"), "conflict");
  record.versions.back().valid.to = Date::Of(2026, 3, 22);
  EXPECT_EQ(Verify(Make(record).value(), "2026-03-22T20:59:59Z").front(), '{');
  EXPECT_EQ(Verify(Make(record).value(), "2026-03-22T21:00:00Z"), "conflict") << "midnight there";
}

TEST_F(ResultTokenTest, WhatWasRevokedOrHasEndedGetsNone) {
  ResultRecord record = Record();
  record.versions.back().valid.to = Date::Of(2026, 3, 19);
  EXPECT_FALSE(Make(record));
  record = Record();
  record.versions.push_back(record.latest());
  record.versions.back().change = ResultChange::kRevoked;
  EXPECT_FALSE(Make(record));
}

TEST_F(ResultTokenTest, NoByteOfItCanBeChanged) {
  const std::string token = Make(Record()).value();
  EXPECT_EQ(Verify(token, "2026-03-21T09:00:00Z", 8), "corrupt") << "another key";
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(Verify(changed).front(), '{') << "place " << i;
    EXPECT_NE(Verify(token.substr(0, i)).front(), '{') << "length " << i;
  }
}

TEST(RegisterTest, ARecordComesBackFromItsBytes) {
  ResultRecord record = Record();
  record.versions.back().amount = Decimal::Parse("4117.20");
  record.sharings.push_back(
      {"Bank", At("2026-03-19T09:00:00Z"), Date::Of(2026, 12, 31), At("2026-03-20T09:00:00Z")});
  const std::string bytes = Encode(record);
  const Result<ResultRecord> back = DecodeResultRecord(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->versions, record.versions);
  EXPECT_EQ(back->sharings, record.sharings);
  EXPECT_EQ(Encode(*back), bytes);
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeResultRecord(bytes.substr(0, length)));
  }
}

TEST(RegisterTest, ARecordOfTheTimeWithoutAmountsIsReadAndWrittenInTheNewForm) {
  const ResultRecord record = Record();
  ASSERT_EQ(record.versions.size(), 1u);
  ASSERT_TRUE(record.sharings.empty());
  std::string bytes = Encode(record);
  // Without the empty text of the amount, which stands before the count of sharings.
  ASSERT_TRUE(bytes.ends_with(std::string(2, '\0')));
  bytes.pop_back();
  bytes[0] = 1;
  const Result<ResultRecord> back = DecodeResultRecord(bytes);
  ASSERT_TRUE(back) << back.error().ToString();
  EXPECT_EQ(back->versions, record.versions);
  EXPECT_EQ(Encode(*back), Encode(record));
}

TEST(RegisterTest, ACodeIsOfOneVersionAndOneKey) {
  ResultRecord record = Record();
  const std::string code = VerificationCode(record, Key());
  EXPECT_EQ(code.size(), 10U);
  EXPECT_EQ(code, VerificationCode(record, Key()));
  EXPECT_NE(code, VerificationCode(record, Key(8)));
  record.versions.push_back(record.latest());
  EXPECT_NE(code, VerificationCode(record, Key()));
}

}  // namespace
}  // namespace kstati::cases
