// SPDX-License-Identifier: Apache-2.0
//
// What messages tell of a case, and what may be answered to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/message_text.h"
#include "cases/official.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::HasSubstr;

class MessagesToldTest : public ::testing::Test {
 protected:
  MessagesToldTest() {
    std::vector<Issue> issues;
    messages_ = Messages::Load(std::string(KSTATI_SOURCE_DIR) + "/data/messages", issues);
    EXPECT_TRUE(issues.empty());
  }

  // The last message about the case, in English.
  std::string TextAbout(const cases::Case& c) {
    const auto all = *town.desk().Notifications(c.citizen);
    const auto last = std::find_if(all.rbegin(), all.rend(), [&](const auto& each) {
      return each.notification.case_id == c.id;
    });
    if (last == all.rend()) return "none";
    const cases::MessageWords words{messages_, town.world().program->dictionary(),
                                    Language::kEnglish};
    return cases::TextOfMessage(words, last->notification, "The service", &c);
  }

  // A friend registers a death, and is asked who the deceased was to them.
  cases::Case AskedFriend() {
    town.Resident("neighbour", "1970-01-01", "male");
    town.Resident("friend", "1972-01-01", "female", {{"person.citizenship_rf", "true"}});
    town.Happens("event.death_registered", "neighbour");
    const CitizenId applicant = town.Number("friend");
    const auto c = town.desk().Apply(applicant, ServiceId("zags_death_registration"),
                                     town.Number("neighbour"));
    EXPECT_TRUE(c) << (c ? "" : c.error().ToString());
    EXPECT_TRUE(town.desk().HandOver(applicant, c->id));
    const auto asked = cases::DecideCase(town.world(), applicant, c->id, cases::Wait::kGoesOn);
    EXPECT_TRUE(asked) << (asked ? "" : asked.error().ToString());
    return asked ? *asked : cases::Case{};
  }

  Messages messages_;
  Town town{"2026-03-16"};
};

TEST_F(MessagesToldTest, WhatIsAskedAndUntilWhen) {
  const cases::Case asked = AskedFriend();
  ASSERT_EQ(asked.status, cases::Status::kInformationAsked);
  ASSERT_TRUE(asked.wait_until);
  const std::string text = TextAbout(asked);
  EXPECT_THAT(text, HasSubstr("Your relation to the deceased"));
  EXPECT_THAT(text, HasSubstr(asked.wait_until->ToString().substr(0, 4)));
}

TEST_F(MessagesToldTest, AnAnswerOutsideTheListIsRefused) {
  const cases::Case asked = AskedFriend();
  const AttributeId relation("applicant.stated_relation_to_deceased");
  ASSERT_TRUE(asked.awaited.contains(relation));
  const auto told = cases::TellCase(town.world(), asked.citizen, asked.id,
                                    {{{CitizenId(), relation}, "penfriend"}});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, ErrorCode::kInvalidArgument);
  const auto known = cases::TellCase(town.world(), asked.citizen, asked.id,
                                     {{{CitizenId(), relation}, "sibling"}});
  EXPECT_TRUE(known) << known.error().ToString();
}

TEST_F(MessagesToldTest, WhatEndedTellsWhy) {
  for (const char* parent : {"mother", "father"}) {
    town.Resident(parent, "1993-02-11", parent == std::string("mother") ? "female" : "male",
                  {{"person.citizenship_rf", "true"}});
  }
  town.Consents("father");
  town.Birth("son", "mother", "father");
  town.Report("father", {{"person.alive", "false"}});
  const auto stopped = town.CaseFor("father", "snils_newborn");
  ASSERT_TRUE(stopped);
  ASSERT_EQ(stopped->status, cases::Status::kStopped);
  EXPECT_EQ(TextAbout(*stopped), "A registry has reported the death of the applicant");
}

}  // namespace
}  // namespace kstati::scenarios
