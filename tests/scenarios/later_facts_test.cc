// SPDX-License-Identifier: Apache-2.0
//
// A registry is late: what could not be decided on the day of the birth is decided when the fact
// arrives, and the legal term runs from that arrival.
//
//   day 0  egr_zags: child born            -> SNILS undetermined (citizenship unknown), no case
//   day 3  mvd_pass: the child is a citizen -> SNILS eligible, case started, term from day 3
#include <gtest/gtest.h>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class LaterFactsTest : public ::testing::Test {
 protected:
  LaterFactsTest() {
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Consents("mother");
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "")));
  }

  Town town{"2026-03-16"};
};

TEST_F(LaterFactsTest, AnUnknownFactIsNotANo) {
  EXPECT_EQ(town.VerdictOf("mother", "snils_newborn"), "undetermined");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "none");
}

TEST_F(LaterFactsTest, TheFactStartsTheCaseAndTheTerm) {
  town.AdvanceTo("2026-03-19");
  town.Report("son", {{"person.citizenship_rf", "true"}});
  const auto snils = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(snils);
  EXPECT_EQ(snils->status, cases::Status::kStarted);
  EXPECT_EQ(LocalDate(snils->clock_started_at, "Europe/Moscow").ToString(), "2026-03-19");
  EXPECT_EQ(snils->due->ToString(), "2026-03-23");  // Thursday and two working days
}

TEST_F(LaterFactsTest, WithoutConsentTheTermWaitsForThePersonAndRunsFromTheConfirmation) {
  const auto consents = town.desk().Consents(town.Number("mother"));
  ASSERT_TRUE(town.Revokes("mother", consents->front().id));
  town.Report("son", {{"person.citizenship_rf", "true"}});
  const auto offered = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->status, cases::Status::kOffered);
  EXPECT_FALSE(offered->due);
  EXPECT_EQ(offered->due_note, "case.due.not_started");
  town.AdvanceTo("2026-04-16");
  ASSERT_TRUE(town.desk().Apply(town.Number("mother"), ServiceId("snils_newborn"), CitizenId()));
  const auto confirmed = town.CaseFor("mother", "snils_newborn");
  EXPECT_EQ(LocalDate(confirmed->clock_started_at, "Europe/Moscow").ToString(), "2026-04-16");
  ASSERT_TRUE(confirmed->due);
  EXPECT_EQ(confirmed->due->ToString(), "2026-04-20");  // Thursday and two working days
  EXPECT_EQ(confirmed->due_note, "");
}

TEST_F(LaterFactsTest, ADefiniteNoOpensNothing) {
  town.Report("son", {{"person.citizenship_rf", "false"}});
  EXPECT_EQ(town.VerdictOf("mother", "snils_newborn"), "not eligible");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "none");
}

TEST_F(LaterFactsTest, WhatWasStoppedIsNotStartedAgainByAnotherFact) {
  town.Report("son", {{"person.citizenship_rf", "true"}});
  const auto snils = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(snils);
  ASSERT_TRUE(town.Revokes("mother", snils->consent));
  town.Consents("mother");
  town.Report("son", {{"person.birth_date", "2026-03-16"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "stopped");
}

}  // namespace
}  // namespace kstati::scenarios
