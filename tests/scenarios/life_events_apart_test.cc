// SPDX-License-Identifier: Apache-2.0
//
// A life event is one thing, and the next of its kind another: time limits run from the one that
// the service is meant for, and what was offered, got or turned down before keeps nothing away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/delivery_holds.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

class LifeEventsApartTest : public ::testing::Test {
 protected:
  explicit LifeEventsApartTest(const std::string& today = "2026-04-20") : town(today) {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"doc.passport_rf", "true"},
                   {"doc.snils", "true"}});
  }

  std::vector<cases::Case> CasesFor(const std::string& who, const char* service) {
    auto cases = *town.desk().Cases(town.Number(who));
    std::erase_if(cases, [&](const auto& c) { return c.service != ServiceId(service); });
    return cases;
  }
  bool IsSuggested(const std::string& who, const char* service) {
    const auto suggestions = town.desk().Suggest(town.Number(who), 100);
    EXPECT_TRUE(suggestions);
    return std::ranges::any_of(suggestions->items, [&](const auto& item) {
      return item.decision.service == ServiceId(service);
    });
  }

  Town town;
};

TEST_F(LifeEventsApartTest, ATimeLimitRunsFromTheEventThatTheServiceIsMeantFor) {
  town.Birth("son", "mother", "");
  const CaseId offered = town.CaseFor("mother", "birth_lump_sum")->id;
  town.AdvanceTo("2026-11-01");
  town.Happens("event.adoption_decision", "son", {{"child", "son"}, {"guardian", "mother"}});
  town.AdvanceTo("2026-11-30");
  EXPECT_EQ(town.VerdictOf("mother", "birth_lump_sum"), "not eligible");
  cases::Draft draft(town.world(), town.world().Now());
  const auto c = cases::RequireCase(draft, town.Number("mother"), offered);
  ASSERT_TRUE(c);
  EXPECT_EQ(cases::ViewpointOfCase(draft, *c)->event_date->ToString(), "2026-04-20");
}

TEST_F(LifeEventsApartTest, ALaterLifeEventReplacesAnOfferThatNobodyConfirmed) {
  town.AdvanceTo("2026-04-21");
  town.Happens("event.name_changed", "mother");
  ASSERT_EQ(CasesFor("mother", "snils_data_update").size(), 1U);
  EXPECT_EQ(CasesFor("mother", "snils_data_update").front().status, cases::Status::kOffered);
  town.AdvanceTo("2026-05-20");
  town.Consents("mother");
  town.AdvanceTo("2026-09-20");
  town.Happens("event.name_changed", "mother");
  const auto both = CasesFor("mother", "snils_data_update");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].status, cases::Status::kAnnulled);
  EXPECT_EQ(both[0].history.back().reason, "case.reason.later_event");
  EXPECT_EQ(both[1].status, cases::Status::kStarted);
  const auto offers = CasesFor("mother", "passport_replace_name");
  ASSERT_EQ(offers.size(), 2U) << "what the person confirms is offered anew";
  EXPECT_EQ(offers[0].status, cases::Status::kAnnulled);
  EXPECT_EQ(offers[1].status, cases::Status::kOffered);
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  EXPECT_EQ(CasesFor("mother", "passport_replace_name").size(), 2U) << "and stays";
}

TEST_F(LifeEventsApartTest, WhatWasTurnedDownIsSuggestedAgainAfterHalfAYear) {
  town.Birth("son", "mother", "");
  const CaseId offered = town.CaseFor("mother", "snils_newborn")->id;
  ASSERT_TRUE(IsSuggested("mother", "snils_newborn"));
  ASSERT_TRUE(town.desk().Decline(town.Number("mother"), offered));
  EXPECT_FALSE(IsSuggested("mother", "snils_newborn"));
  town.AdvanceTo("2026-11-20");
  EXPECT_TRUE(IsSuggested("mother", "snils_newborn"));
}

TEST_F(LifeEventsApartTest, WhatHasEndedIsSuggestedAgain) {
  town.Birth("son", "mother", "");
  ASSERT_TRUE(town.desk().Apply(town.Number("mother"), ServiceId("snils_newborn"), {}));
  EXPECT_FALSE(IsSuggested("mother", "snils_newborn")) << "it is under way";
  profile::RegistryEvent event;
  event.key = {RegistryId("sfr_ils"), EventId("snils")};
  event.type = EventTypeId(std::string(profile::kFactsOnly));
  event.subject = town.Number("son");
  event.occurred_on = town.today();
  event.facts = {{event.subject,
                  AttributeId("doc.snils_child"),
                  true,
                  {town.today(), town.today().AddDays(30)}}};
  ASSERT_TRUE(town.Submit(event));
  ASSERT_EQ(town.StatusOf("mother", "snils_newborn"), "done");
  EXPECT_FALSE(IsSuggested("mother", "snils_newborn")) << "the son has one";
  town.AdvanceTo("2026-06-20");
  EXPECT_TRUE(IsSuggested("mother", "snils_newborn"));
}

TEST_F(LifeEventsApartTest, AMessageAboutANewLifeEventIsSentThoughTheOldOfferWasTurnedDown) {
  town.Happens("event.name_changed", "mother");
  const CaseId old = town.CaseFor("mother", "passport_replace_name")->id;
  ASSERT_TRUE(town.desk().Decline(town.Number("mother"), old));
  town.AdvanceTo("2026-08-20");
  town.Happens("event.name_changed", "mother");
  const CaseId fresh = CasesFor("mother", "passport_replace_name").back().id;
  ASSERT_NE(fresh, old);
  const auto notifications = town.desk().Notifications(town.Number("mother"));
  ASSERT_TRUE(notifications);
  bool found = false;
  for (const auto& each : *notifications) {
    if (each.notification.case_id != fresh) continue;
    found = true;
    const auto why = cases::WhySuppressed(town.world(), {}, each.notification);
    ASSERT_TRUE(why);
    EXPECT_EQ(*why, "");
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace kstati::scenarios
