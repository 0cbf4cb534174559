// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cases/case.h"
#include "cases/erasure.h"
#include "cases/notification.h"

namespace kstati::cases {
namespace {

Case SomeCase() {
  Case c;
  c.id = CaseId("C-000000000017-0003");
  c.citizen = CitizenId(17);
  c.about = CitizenId(901);
  c.service = ServiceId("snils_newborn");
  c.situation = SituationId("child_birth");
  c.mode = graph::Mode::kProactiveAct;
  c.status = Status::kStarted;
  c.opened_at = Instant{1'773'567'000'000'001};
  c.clock_started_at = Instant{1'773'566'000'000'000};
  c.due = Date::Of(2026, 3, 18);
  c.verdict = eligibility::Verdict::kEligible;
  c.consent = ConsentId("K-000000000017-0001");
  c.categories = {profile::CategoryId("family"), profile::CategoryId("identity")};
  c.cause = {RegistryId("egr_zags"), EventId("birth-1")};
  c.regulation_from = Date::Of(2024, 1, 1);
  c.history = {{Status::kStarted, c.opened_at, "case.reason.started_by_consent"}};
  c.rests_on = {{RegistryId("egr_zags"), EventId("birth-1")}, {RegistryId("sfr"), EventId("1")}};
  c.rulings = {{Decided::kRefused,
                "sfr desk: ivanova",
                eligibility::Verdict::kUndetermined,
                {GroundId("rg_criteria")},
                Override::kDocumentSeen,
                Instant{5},
                Decimal::Parse("4117.20")}};
  c.awaited = {AttributeId("person.income")};
  c.wait_until = Date::Of(2026, 4, 1);
  c.told = {{{CitizenId(23), AttributeId("person.income")}, "12.50"}};
  c.findings = {{"place_free", true}, {"healthy", false}};
  c.has_place = true;
  c.compensation = {CaseId("C-000000000017-0001")};
  c.refused = {{Status::kDone, Action::kDecline, Instant{7}}};
  c.refused_steps = 12;
  c.calendar = "sfr_77";
  return c;
}

TEST(CaseCodecTest, WhatIsWrittenIsRead) {
  const Case c = SomeCase();
  const Result<Case> read = DecodeCase(Encode(c));
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(Encode(*read), Encode(c));
  EXPECT_EQ(read->id, c.id);
  EXPECT_EQ(read->due, c.due);
  EXPECT_EQ(read->categories, c.categories);
  EXPECT_EQ(read->rests_on, c.rests_on);
  ASSERT_EQ(read->rulings.size(), 1u);
  EXPECT_EQ(read->rulings[0].amount, Decimal::Parse("4117.20"));
  EXPECT_EQ(read->told, c.told);
  EXPECT_EQ(read->findings, c.findings);
  EXPECT_EQ(read->refused_steps, 12u);
  EXPECT_EQ(read->calendar, "sfr_77");
  EXPECT_EQ(read->history.size(), 1u);
  EXPECT_EQ(read->history[0].reason, "case.reason.started_by_consent");
}

TEST(CaseCodecTest, EveryTruncationIsCorruptAndNoneIsRead) {
  const std::string bytes = Encode(SomeCase());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeCase(std::string_view(bytes).substr(0, size))) << size;
  }
}

void ExpectReadInTheNewForm(const std::string& bytes, const Case& c) {
  const Result<Case> read = DecodeCase(bytes);
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(Encode(*read), Encode(c));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeCase(std::string_view(bytes).substr(0, size))) << size;
  }
}

// A case without amounts: one empty text for its ruling at the end.
Case WithoutAmounts() {
  Case old = SomeCase();
  old.rulings[0].amount.reset();
  return old;
}

std::string BytesWithoutAmounts(const Case& c) {
  std::string bytes = Encode(c);
  EXPECT_TRUE(bytes.ends_with('\0'));
  bytes.pop_back();
  return bytes;
}

TEST(CaseCodecTest, ACaseWhoseRulingsHadNoAmountsIsReadAndWrittenInTheNewForm) {
  const Case old = WithoutAmounts();
  std::string bytes = BytesWithoutAmounts(old);
  bytes[0] = 5;
  ExpectReadInTheNewForm(bytes, old);
}

TEST(CaseCodecTest, ACaseOfTheTimeWithOneCalendarRunsByTheCountrys) {
  Case old = WithoutAmounts();
  old.calendar.clear();
  old.told.clear();
  std::string bytes = BytesWithoutAmounts(old);
  ASSERT_TRUE(bytes.ends_with('\0'));
  bytes.pop_back();
  bytes[0] = 3;
  ExpectReadInTheNewForm(bytes, old);
}

TEST(CaseCodecTest, WhatWasToldWhenNobodySaidWhoseItIsIsTheApplicants) {
  Case old = WithoutAmounts();
  std::string bytes = BytesWithoutAmounts(old);
  const std::string asked =
      "\x0dperson.income\x05"
      "12.50";
  const size_t place = bytes.find(char(23) + asked);
  ASSERT_NE(place, std::string::npos);
  bytes.erase(place, 1);
  bytes[0] = 4;
  old.told = {{{old.citizen, AttributeId("person.income")}, "12.50"}};
  ExpectReadInTheNewForm(bytes, old);
}

// Of a case of which nothing is known but what the oldest form held: eight empty lists, an absent
// day, a flag, a count and no calendar.
constexpr size_t kEmptyEnd = 11;

TEST(CaseCodecTest, AnOlderCaseIsReadAndWrittenInTheNewForm) {
  Case old = SomeCase();
  old.rests_on.clear();
  old.rulings.clear();
  old.awaited.clear();
  old.wait_until.reset();
  old.told.clear();
  old.findings.clear();
  old.has_place = false;
  old.compensation.clear();
  old.refused.clear();
  old.refused_steps = 0;
  old.calendar.clear();
  // The form before ended with the history; all that came after is empty.
  std::string bytes = Encode(old);
  ASSERT_TRUE(bytes.ends_with(std::string(kEmptyEnd, '\0')));
  bytes.resize(bytes.size() - kEmptyEnd);
  bytes[0] = 2;
  ExpectReadInTheNewForm(bytes, old);
}

TEST(CaseCodecTest, ANumberThatNoListHasIsCorrupt) {
  Case c = SomeCase();
  c.status = static_cast<Status>(kStatusCount);
  const Result<Case> read = DecodeCase(Encode(c));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
}

TEST(CaseCodecTest, ANewerFormatIsUnsupported) {
  std::string bytes = Encode(SomeCase());
  bytes[0] = 9;
  const Result<Case> read = DecodeCase(bytes);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kUnsupported);
}

TEST(CaseCodecTest, ADutyToEraseIsReadAsWritten) {
  ErasureDuty duty{ConsentId("K-1"),
                   {CaseId("C-1"), CaseId("C-2")},
                   Instant{7},
                   Date::Of(2026, 4, 15),
                   Instant{9}};
  const std::string bytes = Encode(duty);
  const Result<ErasureDuty> read = DecodeErasureDuty(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->cases, duty.cases);
  EXPECT_EQ(read->due, duty.due);
  EXPECT_EQ(read->done, duty.done);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeErasureDuty(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(CaseCodecTest, ANotificationIsReadAsWritten) {
  const Notification notification{CitizenId(17), Instant{5}, "notification.started",
                                  CaseId("C-000000000017-0003"), ServiceId("snils_newborn")};
  const Result<Notification> read = DecodeNotification(Encode(notification));
  ASSERT_TRUE(read);
  EXPECT_EQ(Encode(*read), Encode(notification));
  EXPECT_FALSE(DecodeNotification("\x11\x02"));
}

}  // namespace
}  // namespace kstati::cases
