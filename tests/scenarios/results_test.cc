// SPDX-License-Identifier: Apache-2.0
//
// What ends a case: what the person gets by it, not what the person had already.
//
//   passport of 2015 ... name changed ──> applied for a new one ──> passport of 2015 told: goes on
//                                                              └──> passport of today told: done
#include <gtest/gtest.h>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/register.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class ResultsTest : public ::testing::Test {
 protected:
  // Tells that the document is valid from a day on, as event `id`.
  void Tell(const std::string& name, const std::string& attribute, const std::string& registry,
            const std::string& from, const std::string& id, const std::string& supersedes = {}) {
    profile::RegistryEvent event;
    event.key = {RegistryId(registry), EventId(id)};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number(name);
    event.occurred_on = town.today();
    profile::FactValue value = true;
    if (attribute.starts_with("pay.")) value = *Decimal::Parse("28000");
    event.facts = {
        {event.subject, AttributeId(attribute), value, {*Date::Parse(from), std::nullopt}}};
    if (!supersedes.empty()) event.supersedes = EventId(supersedes);
    const auto outcome = town.Submit(event);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
  }

  std::vector<cases::ResultRecord> RegisterOf(const std::string& name) {
    cases::Draft draft(town.world(), town.world().Now());
    return *cases::ResultsOf(draft, town.Number(name));
  }

  Town town{"2026-03-16"};
};

TEST_F(ResultsTest, WhatThePersonHadDoesNotEndAStartedRenewal) {
  town.Settled("anna", "1990-05-20");
  town.Consents("anna");
  town.Happens("event.name_changed", "anna");
  ASSERT_EQ(town.StatusOf("anna", "snils_data_update"), "started");
  Tell("anna", "doc.snils", "sfr_ils", "2010-05-11", "old");
  EXPECT_EQ(town.StatusOf("anna", "snils_data_update"), "started");
  EXPECT_TRUE(RegisterOf("anna").empty());
  Tell("anna", "doc.snils", "sfr_ils", "2026-03-16", "new");
  EXPECT_EQ(town.StatusOf("anna", "snils_data_update"), "done");
  ASSERT_EQ(RegisterOf("anna").size(), 1U);
  EXPECT_EQ(RegisterOf("anna").front().latest().valid.from.ToString(), "2026-03-16");
}

TEST_F(ResultsTest, AnOfferEndsByWhatWasGivenAfterItsLifeEventAndLeavesNoResult) {
  town.Settled("anna", "1990-05-20");
  town.Happens("event.name_changed", "anna");
  ASSERT_EQ(town.StatusOf("anna", "passport_replace_name"), "offered");
  Tell("anna", "doc.passport_rf", "mvd_pass", "2015-05-11", "old");
  EXPECT_EQ(town.StatusOf("anna", "passport_replace_name"), "offered");
  town.AdvanceTo("2026-03-20");
  Tell("anna", "doc.passport_rf", "mvd_pass", "2026-03-17", "new");
  EXPECT_EQ(town.StatusOf("anna", "passport_replace_name"), "done");
  EXPECT_TRUE(RegisterOf("anna").empty()) << "nobody applied for it";
}

TEST_F(ResultsTest, ACorrectionOfTheOldDocumentIsNoResult) {
  town.Settled("anna", "1990-05-20");
  Tell("anna", "doc.passport_rf", "mvd_pass", "2015-05-11", "old");
  town.AdvanceTo("2026-03-18");
  town.Happens("event.name_changed", "anna");
  ASSERT_TRUE(town.desk().Apply(town.Number("anna"), ServiceId("passport_replace_name"), {}));
  town.AdvanceTo("2026-03-20");
  Tell("anna", "doc.passport_rf", "mvd_pass", "2026-03-18", "corrected", "old");
  EXPECT_EQ(town.StatusOf("anna", "passport_replace_name"), "started");
}

TEST_F(ResultsTest, WhatIsToldAgainIsNoResult) {
  town.Settled("anna", "1990-05-20");
  Tell("anna", "doc.passport_rf", "mvd_pass", "2026-03-16", "first");
  town.Happens("event.name_changed", "anna");
  ASSERT_TRUE(town.desk().Apply(town.Number("anna"), ServiceId("passport_replace_name"), {}));
  Tell("anna", "doc.passport_rf", "mvd_pass", "2026-03-16", "again");
  EXPECT_EQ(town.StatusOf("anna", "passport_replace_name"), "started");
}

TEST_F(ResultsTest, APaymentMayBeGrantedForTheTimeBeforeTheApplication) {
  town.Settled("mother", "1995-05-20");
  town.Birth("son", "mother", "");
  town.AdvanceTo("2026-04-20");
  ASSERT_TRUE(town.desk().Apply(town.Number("mother"), ServiceId("birth_lump_sum"), {}));
  Tell("son", "pay.birth_lump_sum", "sfr_ils", "2026-03-16", "paid");
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "done");
  ASSERT_EQ(RegisterOf("mother").size(), 1U);
  EXPECT_EQ(RegisterOf("mother").front().latest().valid.from.ToString(), "2026-03-16");
}

TEST_F(ResultsTest, AResultAboutTheDeceasedEndsTheCaseOfTheFamily) {
  town.Settled("widow", "1952-01-01");
  town.Resident("husband", "1950-01-01", "male", {{"person.registered_at_residence", "true"}});
  town.Relate("husband", "spouse", "widow");
  town.Consents("widow");
  town.Happens("event.death_registered", "husband");
  ASSERT_EQ(town.StatusOf("widow", "residence_deregistration_deceased"), "started");
  town.Report("husband", {{"doc.deceased_deregistration", "true"}});
  EXPECT_EQ(town.StatusOf("widow", "residence_deregistration_deceased"), "done");
}

TEST_F(ResultsTest, TheRegisterHasTheFirstDayThatItsRegistryReports) {
  town.Settled("mother", "1995-05-20");
  town.Consents("mother");
  town.Birth("son", "mother", "");
  const CaseId id = town.CaseFor("mother", "snils_newborn")->id;
  ASSERT_TRUE(town.desk().HandOver(town.Number("mother"), id));
  const auto decided =
      cases::DecideCase(town.world(), town.Number("mother"), id, cases::Wait::kGoesOn);
  ASSERT_TRUE(decided) << decided.error().ToString();
  ASSERT_EQ(decided->status, cases::Status::kGranted);
  town.AdvanceTo("2026-03-20");
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "done");
  const cases::ResultRecord result = RegisterOf("mother").front();
  EXPECT_EQ(result.versions.front().valid.from.ToString(), "2026-03-16") << "as was expected";
  EXPECT_EQ(result.latest().valid.from.ToString(), "2026-03-20");
}

}  // namespace
}  // namespace kstati::scenarios
