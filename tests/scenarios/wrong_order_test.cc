// SPDX-License-Identifier: Apache-2.0
//
// Registries tell the same in another order, once more, or wrongly at first: in the end it is as if
// they had told it well. Each story is what a stream of tests/property/hostile_stream_test.cc was
// shrunk to.
#include <gtest/gtest.h>

#include "cases/deciding.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class WrongOrderTest : public ::testing::Test {
 protected:
  // A family in which both parents have a right to what their child gets.
  void Settle() {
    for (const char* parent : {"mother", "father"}) {
      town.Resident(parent, parent == std::string("mother") ? "1995-05-20" : "1993-02-11",
                    parent == std::string("mother") ? "female" : "male",
                    {{"person.citizenship_rf", "true"}});
    }
    town.Relate("mother", "spouse", "father");
  }

  profile::RegistryEvent About(const std::string& who, const std::string& id,
                               const std::string& registry) {
    profile::RegistryEvent event;
    event.key = {RegistryId(registry), EventId(id)};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number(who);
    event.occurred_on = town.today();
    return event;
  }
  profile::RegistryEvent Citizenship(const std::string& id, bool is_citizen) {
    profile::RegistryEvent event = About("son", id, "mvd_pass");
    event.facts = {{event.subject,
                    AttributeId("person.citizenship_rf"),
                    is_citizen,
                    {town.today(), std::nullopt}}};
    return event;
  }
  void Tell(profile::RegistryEvent event, const std::string& supersedes = {}) {
    if (!supersedes.empty()) event.supersedes = EventId(supersedes);
    const auto outcome = town.Submit(event);
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().ToString());
  }

  std::string ReasonOf(const std::string& who, const std::string& service) {
    const auto c = town.CaseFor(who, service);
    return c ? c->history.back().reason : "none";
  }

  Town town{"2026-03-16"};
};

TEST_F(WrongOrderTest, AnOfferStandsAsLongAsItWouldBeMade) {
  Settle();
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "offered");
  town.Report("mother", {{"person.parental_rights_deprived", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "annulled");
  EXPECT_EQ(ReasonOf("mother", "birth_lump_sum"), "case.reason.facts_changed");
}

TEST_F(WrongOrderTest, NothingIsOfferedToTheDeadWhicheverIsToldFirst) {
  town.Resident("man", "1981-03-16", "male", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("man", "passport_replace_20_45"), "offered");
  town.Report("man", {{"person.alive", "false"}});
  EXPECT_EQ(town.StatusOf("man", "passport_replace_20_45"), "annulled");
}

TEST_F(WrongOrderTest, SoDoesWhatTheStateStartedByItself) {
  Settle();
  town.Consents("mother");
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  Tell(Citizenship("a", true));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  town.AdvanceTo("2026-03-17");
  Tell(Citizenship("b", false));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "annulled");
}

TEST_F(WrongOrderTest, WhatThePersonConfirmedIsDecided) {
  Settle();
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  Tell(Citizenship("a", true));
  ASSERT_TRUE(town.desk().Apply(town.Number("mother"), ServiceId("snils_newborn"), CitizenId()));
  town.AdvanceTo("2026-03-17");
  Tell(Citizenship("b", false));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
}

TEST_F(WrongOrderTest, WhatStartsByItselfTakesThePlaceOfAnOffer) {
  Settle();
  town.Consents("father");
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "offered");
  town.Report("father", {{"person.lives_in_rf", "true"}});
  EXPECT_EQ(town.StatusOf("father", "birth_lump_sum"), "started");
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "annulled");
  EXPECT_EQ(ReasonOf("mother", "birth_lump_sum"), "case.reason.started_for_household");
}

TEST_F(WrongOrderTest, ThePersonsOwnOfferIsWhatStarts) {
  Settle();
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "")));
  Tell(Citizenship("a", true));
  const auto offered = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->status, cases::Status::kOffered);
  town.Consents("mother");
  town.AdvanceTo("2026-03-17");
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  const auto started = town.CaseFor("mother", "snils_newborn");
  EXPECT_EQ(started->id, offered->id);
  EXPECT_EQ(started->status, cases::Status::kStarted);
  EXPECT_EQ(started->history.size(), 2u);
  ASSERT_TRUE(started->due);
}

TEST_F(WrongOrderTest, ARightIsNotGivenAgainToAParentWhoIsLookedAtAlone) {
  Settle();
  town.Resident("grandmother", "1955-07-01", "female");
  town.Relate("grandmother", "parent", "mother");
  town.Consents("father");
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  Tell(Citizenship("a", true));
  EXPECT_EQ(town.StatusOf("father", "snils_newborn"), "started");
  Tell(About("grandmother", "pension", "sfr_ils"));
  Tell(About("grandmother", "no-pension", "sfr_ils"), "pension");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "none");
}

TEST_F(WrongOrderTest, AFactThatIsToldAgainMovesNoTerm) {
  Settle();
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "")));
  Tell(Citizenship("a", true));
  town.AdvanceTo("2026-03-18");
  Tell(Citizenship("b", true));
  town.AdvanceTo("2026-03-19");
  town.Consents("mother");
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  const auto started = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(started);
  EXPECT_EQ(started->status, cases::Status::kStarted);
  EXPECT_EQ(LocalDate(started->clock_started_at, "Europe/Moscow").ToString(), "2026-03-16");
}

TEST_F(WrongOrderTest, ACorrectionThatWasWrongItselfLeavesNoDoubt) {
  Settle();
  town.Consents("mother");
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "")));
  Tell(Citizenship("right", true));
  const auto started = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(started);
  ASSERT_TRUE(town.desk().HandOver(started->citizen, started->id));
  ASSERT_TRUE(cases::DecideCase(town.world(), started->citizen, started->id, cases::Wait::kGoesOn));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "granted");
  Tell(Citizenship("wrong", false), "right");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "with_official");
  Tell(Citizenship("right again", true), "wrong");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "granted");
  EXPECT_EQ(ReasonOf("mother", "snils_newborn"), "case.reason.corrected_for_better");
}

TEST_F(WrongOrderTest, WhatWasSupersededBeforeItCameStillTakesBack) {
  Settle();
  town.Consents("mother");
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "")));
  Tell(Citizenship("first", true));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  Tell(About("son", "third", "mvd_pass"), "second");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  Tell(Citizenship("second", true), "first");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "annulled");
  EXPECT_EQ(town.VerdictOf("mother", "snils_newborn"), "undetermined");
}

}  // namespace
}  // namespace kstati::scenarios
