// SPDX-License-Identifier: Apache-2.0
//
// A birth is reported, and with consent the applications start.
//
//   egr_zags: child born -> [birth record] -+-> SNILS ----+--> OMS policy
//                                           +-> tax number |
//                                           +-------------+--> maternity capital
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BirthTest : public ::testing::Test {
 protected:
  BirthTest() {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.registered_at_residence", "true"}});
    town.Resident("father", "1993-02-11", "male",
                  {{"person.citizenship_rf", "true"}, {"person.region_code", "77"}});
    town.Relate("mother", "spouse", "father");
  }

  Town town{"2026-03-16"};  // a Monday
};

TEST_F(BirthTest, WithAStandingConsentTheApplicationsStart) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_EQ(town.StatusOf("mother", "inn_newborn"), "started");
  EXPECT_EQ(town.StatusOf("mother", "matcap_certificate"), "started");
}

TEST_F(BirthTest, WithoutConsentNothingStartsButTheOfferIsThere) {
  town.Birth("son", "mother", "father");
  EXPECT_THAT(town.CasesOf("mother") + town.CasesOf("father"), Not(HasSubstr("started")));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered");
}

TEST_F(BirthTest, ABirthThatWasAnnulledBeforeItArrivedStartsNothing) {
  if (town.world().store->Partitions() > 1) {
    GTEST_SKIP() << "with partitions a correction keeps its event's subject (decision 016)";
  }
  town.Consents("mother");
  const profile::RegistryEvent birth = town.BirthEvent("son", "mother", "father");
  profile::RegistryEvent annulment;
  annulment.key = {birth.key.source, EventId("annulment")};
  annulment.type = EventTypeId(std::string(profile::kFactsOnly));
  annulment.subject = town.Number("mother");
  annulment.occurred_on = birth.occurred_on;
  annulment.supersedes = birth.key.id;
  ASSERT_TRUE(town.Submit(annulment));
  const Result<cases::Outcome> outcome = town.Submit(birth);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->repeated);
  EXPECT_TRUE(outcome->life_events.empty() && outcome->situations.empty());
  EXPECT_TRUE(outcome->cases.empty());
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "none");
  EXPECT_TRUE(town.Submit(birth)->repeated);
}

TEST_F(BirthTest, TheTermRunsInWorkingDaysFromTheArrivalOfTheFacts) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto snils = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(snils);
  ASSERT_TRUE(snils->due);
  EXPECT_EQ(snils->due->ToString(), "2026-03-18");  // two working days after Monday
}

TEST_F(BirthTest, EachServiceIsGivenOnceThoughBothParentsConsent) {
  town.Consents("mother");
  town.Consents("father");
  town.Birth("son", "mother", "father");
  std::set<std::pair<std::string, uint64_t>> seen;
  for (const char* parent : {"mother", "father"}) {
    const auto cases = town.desk().Cases(town.Number(parent));
    ASSERT_TRUE(cases);
    for (const cases::Case& c : *cases) {
      EXPECT_TRUE(seen.insert({c.service.text(), c.about.number()}).second) << c.service.text();
    }
  }
}

// In Kamchatka it is six in the morning of the 17th, in Moscow still the 16th.
TEST_F(BirthTest, ABirthWhereTheDayHasBegunEarlierStartsWhatItStartsElsewhere) {
  town.Consents("mother");
  town.SetBack(-9 * 3600);
  profile::RegistryEvent birth = town.BirthEvent("son", "mother", "father");
  birth.occurred_on = birth.occurred_on.AddDays(1);
  for (profile::ReportedFact& fact : birth.facts) fact.valid.from = birth.occurred_on;
  const auto outcome = town.Submit(birth);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  const CitizenId son = birth.subject;
  const auto follows = [&](const char* registry, const char* attribute, profile::FactValue value) {
    profile::RegistryEvent event;
    event.key = {RegistryId(registry), EventId("follows")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = son;
    event.occurred_on = birth.occurred_on;
    event.facts = {{son, AttributeId(attribute), value, {birth.occurred_on, std::nullopt}}};
    const auto followed = town.Submit(event);
    EXPECT_TRUE(followed) << followed.error().ToString();
  };
  follows("fns_erns", "person.birth_date", birth.occurred_on);
  follows("mvd_pass", "person.citizenship_rf", true);
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_EQ(town.StatusOf("mother", "matcap_certificate"), "started");
}

TEST_F(BirthTest, ADayThatHasBegunNowhereIsRefused) {
  profile::RegistryEvent birth = town.BirthEvent("son", "mother", "father");
  birth.occurred_on = birth.occurred_on.AddDays(1);
  const auto outcome = town.Submit(birth);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(BirthTest, TheSameEventAgainChangesNothing) {
  town.Consents("mother");
  const profile::RegistryEvent event = town.BirthEvent("son", "mother", "father");
  const auto first = town.Submit(event);
  ASSERT_TRUE(first) << first.error().ToString();
  const std::string before = town.CasesOf("mother");
  const size_t messages = town.desk().Notifications(town.Number("mother"))->size();
  const auto second = town.Submit(event);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->repeated);
  EXPECT_EQ(town.CasesOf("mother"), before);
  EXPECT_EQ(town.desk().Notifications(town.Number("mother"))->size(), messages);
}

TEST_F(BirthTest, TheSameIdWithOtherContentIsAConflict) {
  profile::RegistryEvent event = town.BirthEvent("son", "mother", "father");
  ASSERT_TRUE(town.Submit(event));
  event.occurred_on = event.occurred_on.AddDays(-1);
  const auto outcome = town.Submit(event);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kConflict);
}

TEST_F(BirthTest, ARevocationStopsWhatHasNotBeenHandedOver) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto revoked = town.Revokes("mother", consent);
  ASSERT_TRUE(revoked) << revoked.error().ToString();
  EXPECT_FALSE(revoked->stopped.empty());
  const auto snils = town.CaseFor("mother", "snils_newborn");
  EXPECT_EQ(snils->status, cases::Status::kStopped);
  EXPECT_EQ(snils->history.back().reason, "case.reason.consent_revoked");
  const auto step = town.desk().HandOver(town.Number("mother"), snils->id);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::kConflict);
}

TEST_F(BirthTest, TheResultFromTheRegistryEndsTheCase) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  ASSERT_TRUE(
      town.desk().HandOver(town.Number("mother"), town.CaseFor("mother", "snils_newborn")->id));
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "done");
}

TEST_F(BirthTest, EverythingSurvivesARestart) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const std::string before = town.CasesOf("mother");
  town.Restart();
  EXPECT_EQ(town.CasesOf("mother"), before);
}

TEST_F(BirthTest, ASecondChildGetsItsOwnCases) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  town.Report("son", {{"doc.snils_child", "true"}});
  town.AdvanceTo("2026-11-02");
  town.Birth("daughter", "mother", "father");
  const auto cases = town.desk().Cases(town.Number("mother"));
  size_t about_daughter = 0;
  for (const cases::Case& c : *cases) {
    if (c.service.text() == "snils_newborn" && c.about == town.Number("daughter")) ++about_daughter;
  }
  EXPECT_EQ(about_daughter, 1u);
}

TEST_F(BirthTest, APersonWhoDoesNotExistIsNamedByRole) {
  profile::RegistryEvent event = town.BirthEvent("son", "mother", "");
  event.participants["father"] = {CitizenId(999'999)};
  const auto outcome = town.Submit(event);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(outcome.error().place, HasSubstr("participants.father[0]"));
  EXPECT_FALSE(town.desk().Profile(event.subject, town.today()));
}

TEST_F(BirthTest, ATermPastTheLastLoadedYearHasNoDateButAReason) {
  town.AdvanceTo("2026-12-30");
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto inn = town.CaseFor("mother", "inn_newborn");
  ASSERT_TRUE(inn);
  EXPECT_FALSE(inn->due);
  EXPECT_EQ(inn->due_note, "case.due.calendar_missing");
}

}  // namespace
}  // namespace kstati::scenarios
