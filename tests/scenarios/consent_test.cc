// SPDX-License-Identifier: Apache-2.0
//
// Who may consent, and until when a consent carries an application.
//
//   the person, a guardian, a parent until the child is 18  -> may
//   a spouse, a grown-up child, a parent of a grown-up      -> may not
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class ConsentTest : public ::testing::Test {
 protected:
  ConsentTest() {
    town.Resident("mother", "1978-05-20", "female");
    town.Resident("father", "1976-02-11", "male");
    town.Resident("aunt", "1980-03-01", "female");
    town.Resident("schoolgirl", "2010-06-01", "female");
    town.Resident("student", "2008-03-16", "male");  // 18 today
    town.Relate("mother", "spouse", "father");
    for (const char* child : {"schoolgirl", "student"}) {
      town.Relate("mother", "parent", child);
      town.Relate("father", "parent", child);
    }
  }

  // "may", or the code of the refusal.
  std::string MayConsent(const std::string& by, const std::string& for_whom) {
    profile::ConsentGrant grant;
    grant.citizen = town.Number(for_whom);
    grant.by.who = town.Number(by);
    grant.valid = {town.today(), std::nullopt};
    grant.evidence = {"2026-01", "ru", "portal"};
    const auto consent = town.desk().Grant(grant);
    return consent ? "may" : std::string(KindOf(consent.error().code).name);
  }

  Town town{"2026-03-16"};
};

TEST_F(ConsentTest, ThePersonMayAndSoMayAParentOfAMinor) {
  EXPECT_EQ(MayConsent("mother", "mother"), "may");
  EXPECT_EQ(MayConsent("student", "student"), "may");
  EXPECT_EQ(MayConsent("mother", "schoolgirl"), "may");
  EXPECT_EQ(MayConsent("father", "schoolgirl"), "may");
}

TEST_F(ConsentTest, NobodyElseOfTheHouseholdMay) {
  EXPECT_EQ(MayConsent("mother", "father"), "denied");
  EXPECT_EQ(MayConsent("student", "mother"), "denied");
  EXPECT_EQ(MayConsent("schoolgirl", "mother"), "denied");
  EXPECT_EQ(MayConsent("student", "schoolgirl"), "denied");
  EXPECT_EQ(MayConsent("aunt", "schoolgirl"), "denied");
}

TEST_F(ConsentTest, AParentMayNoLongerOnTheEighteenthBirthday) {
  EXPECT_EQ(MayConsent("mother", "student"), "denied");
  town.AdvanceTo("2028-05-31");
  EXPECT_EQ(MayConsent("mother", "schoolgirl"), "may");
  town.AdvanceTo("2028-06-01");
  EXPECT_EQ(MayConsent("mother", "schoolgirl"), "denied");
}

TEST_F(ConsentTest, AParentDeprivedOfParentalRightsMayNot) {
  town.Report("father", {{"person.parental_rights_deprived", "true"}});
  EXPECT_EQ(MayConsent("father", "schoolgirl"), "denied");
}

TEST_F(ConsentTest, AParentMayNoLongerForAMinorWhoIsMarried) {
  ASSERT_EQ(MayConsent("mother", "schoolgirl"), "may");
  town.Resident("groom", "2007-01-05", "male");
  town.Relate("schoolgirl", "spouse", "groom");
  EXPECT_EQ(MayConsent("mother", "schoolgirl"), "denied");
}

TEST_F(ConsentTest, AGuardianMay) {
  town.Relate("aunt", "guardian", "schoolgirl");
  town.Relate("aunt", "guardian", "father");
  EXPECT_EQ(MayConsent("aunt", "schoolgirl"), "may");
  EXPECT_EQ(MayConsent("aunt", "father"), "denied") << "an adult speaks in person";
  town.Report("father", {{"person.capable", "false"}});
  EXPECT_EQ(MayConsent("aunt", "father"), "may") << "unless a court found otherwise";
  EXPECT_EQ(MayConsent("father", "father"), "denied");
}

TEST_F(ConsentTest, AnApplicationStopsWithAReasonWhenItsConsentRunsOutBeforeTheHandOver) {
  town.Report("mother", {{"person.citizenship_rf", "true"}});
  town.Consents("mother");  // for twelve months
  town.AdvanceTo("2027-03-16");
  town.Birth("son", "mother", "father");
  const auto started = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(started);
  ASSERT_EQ(started->status, cases::Status::kStarted);
  const size_t messages = town.desk().Notifications(town.Number("mother"))->size();
  town.AdvanceTo("2027-03-17");
  ASSERT_TRUE(town.desk().HandOver(town.Number("mother"), started->id));
  const auto stopped = town.CaseFor("mother", "snils_newborn");
  EXPECT_EQ(stopped->status, cases::Status::kStopped);
  EXPECT_EQ(stopped->history.back().reason, "case.reason.consent_expired");
  const auto notifications = town.desk().Notifications(town.Number("mother"));
  ASSERT_EQ(notifications->size(), messages + 1);
  EXPECT_EQ(notifications->back().notification.message, "notification.stopped");
}

}  // namespace
}  // namespace kstati::scenarios
