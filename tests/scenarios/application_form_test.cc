// SPDX-License-Identifier: Apache-2.0
//
// An application is filled in with what the state holds, each field with its source and time; the
// person is asked for what nobody else knows, and for nothing that the regulation does not list.
#include "cases/application_form.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/deciding.h"
#include "cases/journal_log.h"
#include "cases/official.h"
#include "eligibility/relevance.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::FieldState;
using cases::FormField;

class ApplicationFormTest : public ::testing::Test {
 protected:
  ApplicationFormTest() {
    town.Resident("man", "1990-05-20", "male",
                  {{"person.citizenship_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.employed", "false"},
                   {"doc.passport_rf", "true"}});
  }

  std::vector<FormField> FormFor(const char* service) {
    const CitizenId man = town.Number("man");
    const auto decision = town.desk().Explain(man, ServiceId(service), man);
    EXPECT_TRUE(decision) << (decision ? "" : decision.error().ToString());
    cases::Draft draft(town.world(), town.world().Now());
    auto form = cases::FillForm(draft, *decision);
    EXPECT_TRUE(form) << (form ? "" : form.error().ToString());
    return *std::move(form);
  }

  static const FormField* FieldOf(const std::vector<FormField>& form, const char* attribute) {
    const auto found = std::ranges::find(form, AttributeId(attribute), &FormField::attribute);
    return found == form.end() ? nullptr : &*found;
  }

  Town town{"2026-03-16"};
};

TEST_F(ApplicationFormTest, WhatIsHeldIsFilledInWithItsSourceAndTimeAndTheRestIsAskedOfWhoKnows) {
  const std::vector<FormField> form = FormFor("job_seeker_registration");
  const FormField* passport = FieldOf(form, "doc.passport_rf");
  ASSERT_NE(passport, nullptr);
  EXPECT_EQ(passport->state, FieldState::kHeld);
  ASSERT_TRUE(passport->fact);
  EXPECT_EQ(passport->citizen, town.Number("man"));
  EXPECT_EQ(passport->fact->fact.reported_by->source, RegistryId("mvd_pass"));
  EXPECT_EQ(passport->fact->fact.valid.from, town.today());
  EXPECT_EQ(LocalDate(passport->fact->fact.known_at, "Europe/Moscow"), town.today());
  const FormField* employed = FieldOf(form, "person.employed");
  ASSERT_NE(employed, nullptr);
  EXPECT_EQ(employed->fact->fact.value, profile::FactValue(false));
  const FormField* ready = FieldOf(form, "person.ready_to_work");
  ASSERT_NE(ready, nullptr);
  EXPECT_EQ(ready->state, FieldState::kPerson);
  EXPECT_FALSE(ready->fact);
}

TEST_F(ApplicationFormTest, NoServiceAsksForMoreThanItListsOrForWhatARegistryKeeps) {
  const profile::Dictionary& dictionary = town.world().program->dictionary();
  size_t asked = 0;
  for (const graph::Service& service : town.world().catalogue().services()) {
    if (service.about != graph::About::kPerson || !service.RegulationOn(town.today())) continue;
    const std::set<AttributeId> listed =
        eligibility::FactsThatMatter(*town.world().program, service);
    for (const FormField& field : FormFor(service.id.text().c_str())) {
      const profile::Attribute* recorded = cases::ReportedAs(dictionary, field.attribute);
      ASSERT_NE(recorded, nullptr) << field.attribute.text();
      EXPECT_TRUE(listed.contains(recorded->id))
          << service.id.text() << " " << field.attribute.text();
      const bool of_person =
          field.state == FieldState::kPerson || field.state == FieldState::kBring;
      EXPECT_TRUE(recorded->askable || !of_person) << field.attribute.text();
      EXPECT_FALSE(of_person && field.fact) << field.attribute.text();
      asked += of_person ? 1 : 0;
    }
  }
  EXPECT_GT(asked, 0u);
}

TEST_F(ApplicationFormTest, AnOfficialWhoAsksForWhatIsOnRecordIsRefusedAndThatIsOnRecord) {
  const CitizenId man = town.Number("man");
  town.Report("man", {{"doc.snils", "true"}, {"doc.etk", "true"}, {"person.employed", "true"}});
  const auto applied = town.desk().Apply(man, ServiceId("job_seeker_registration"), man);
  ASSERT_TRUE(applied) << applied.error().ToString();
  ASSERT_TRUE(town.desk().HandOver(man, applied->id));
  ASSERT_TRUE(cases::DecideCase(town.world(), man, applied->id, cases::Wait::kGoesOn));
  town.Report("man", {{"person.ready_to_work", "true"}});
  ASSERT_EQ(town.StatusOf("man", "job_seeker_registration"), "with_official");
  cases::OfficialAct ask;
  ask.citizen = man;
  ask.id = applied->id;
  ask.official = "desk";
  ask.step = cases::OfficialStep::kAsk;
  ask.attributes = {AttributeId("person.ready_to_work")};
  const auto asked = cases::ActOfficially(town.world(), ask);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::kDenied);
  const auto log = cases::JournalAsLog(town.world());
  ASSERT_EQ(log->cases.size(), 1u);
  EXPECT_EQ(std::ranges::count(log->cases[0].events, cases::kHeldAskActivity,
                               &cases::monitoring::LoggedEvent::activity),
            1);
}

TEST_F(ApplicationFormTest, EachFieldIsThereOnce) {
  std::set<std::pair<CitizenId, AttributeId>> seen;
  for (const FormField& field : FormFor("zhku_subsidy")) {
    EXPECT_TRUE(seen.emplace(field.citizen, field.attribute).second) << field.attribute.text();
  }
  EXPECT_FALSE(seen.empty());
}

}  // namespace
}  // namespace kstati::scenarios
