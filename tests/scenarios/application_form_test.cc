// SPDX-License-Identifier: Apache-2.0
//
// An application is filled in with what the state holds, each field with its source and time; the
// person is asked for what nobody else knows, and for nothing that the regulation does not list.
#include "cases/application_form.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/deciding.h"
#include "cases/journal_log.h"
#include "cases/monitoring/report.h"
#include "cases/official.h"
#include "eligibility/relevance.h"
#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::FieldState;
using cases::FormField;

class ApplicationFormTest : public ::testing::Test {
 protected:
  explicit ApplicationFormTest(const std::string& catalogue = Town::RealCatalogue())
      : town("2026-03-16", {}, catalogue) {
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

  // An official asks an applicant who is on record as ready to work whether he is.
  Result<cases::Case> AskIfReady() {
    const CitizenId man = town.Number("man");
    town.Report("man", {{"doc.snils", "true"}, {"doc.etk", "true"}, {"person.employed", "true"}});
    const auto applied = town.desk().Apply(man, ServiceId("job_seeker_registration"), man);
    EXPECT_TRUE(applied) << applied.error().ToString();
    EXPECT_TRUE(town.desk().HandOver(man, applied->id));
    EXPECT_TRUE(cases::DecideCase(town.world(), man, applied->id, cases::Wait::kGoesOn));
    town.Report("man", {{"person.ready_to_work", "true"}});
    EXPECT_EQ(town.StatusOf("man", "job_seeker_registration"), "with_official");
    cases::OfficialAct ask;
    ask.citizen = man;
    ask.id = applied->id;
    ask.official = "desk";
    ask.step = cases::OfficialStep::kAsk;
    ask.attributes = {AttributeId("person.ready_to_work")};
    return cases::ActOfficially(town.world(), ask);
  }

  // What the monitor says of all cases.
  cases::monitoring::Report Reported() {
    const auto log = cases::JournalAsLog(town.world());
    return cases::monitoring::MakeReports(*log, cases::monitoring::Grouping::kNone,
                                          town.world().Now())
        .at(0)
        .report;
  }

  Town town;
};

// Where whoever was ready to work once stays so.
class ReadyForeverTest : public ApplicationFormTest {
 protected:
  ReadyForeverTest() : ApplicationFormTest(Catalogue()) {}

  static const std::string& Catalogue() {
    static const AmendedCatalogue catalogue;
    static const bool amended = [] {
      const std::string text = catalogue.Read("attributes/work_income.yaml");
      const size_t begin = text.find("  - id: person.ready_to_work\n");
      const size_t end = text.find("  - id: ", begin + 1);
      catalogue.Write("attributes/work_income.yaml",
                      text.substr(0, begin) +
                          With(text.substr(begin, end - begin), "    changes: by_person\n", "") +
                          text.substr(end));
      return true;
    }();
    EXPECT_TRUE(amended);
    return catalogue.folder();
  }
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

TEST_F(ReadyForeverTest, AnOfficialWhoAsksForWhatIsOnRecordIsRefusedAndThatIsOnRecord) {
  const auto asked = AskIfReady();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::kDenied);
  const auto log = cases::JournalAsLog(town.world());
  ASSERT_EQ(log->cases.size(), 1u);
  EXPECT_EQ(std::ranges::count(log->cases[0].events, cases::kHeldAskActivity,
                               &cases::monitoring::LoggedEvent::activity),
            1);
  EXPECT_EQ(Reported().held_asks, 1u);
}

TEST_F(ApplicationFormTest, WhatThePersonCanHaveChangedSinceMayBeAskedAgain) {
  const auto asked = AskIfReady();
  ASSERT_TRUE(asked) << asked.error().ToString();
  EXPECT_EQ(asked->status, cases::Status::kInformationAsked);
  town.Report("man", {{"doc.passport_rf", "true"}});
  EXPECT_EQ(town.StatusOf("man", "job_seeker_registration"), "information_asked")
      << "that is no answer";
  EXPECT_EQ(Reported().held_asks, 0u);
}

TEST_F(ApplicationFormTest, ADocumentOfBothIsFilledInFromWhoeverHasItsRole) {
  town.Resident("woman", "1993-02-11", "female", {{"doc.snils", "true"}});
  town.Birth("son", "woman", "man");
  town.Report("man", {{"doc.snils", "true"}});
  town.Report("son", {{"doc.snils", "true"}, {"doc.snils_child", "true"}});
  const auto decision =
      town.desk().Explain(town.Number("man"), ServiceId("matcap_certificate"), town.Number("son"));
  ASSERT_TRUE(decision) << decision.error().ToString();
  cases::Draft draft(town.world(), town.world().Now());
  const auto form = cases::FillForm(draft, *decision);
  ASSERT_TRUE(form) << form.error().ToString();
  const FormField* own = FieldOf(*form, "doc.snils");
  const FormField* sons = FieldOf(*form, "doc.snils_child");
  ASSERT_TRUE(own != nullptr && sons != nullptr);
  EXPECT_TRUE(own->fact && sons->fact);
  EXPECT_EQ(own->citizen, town.Number("man"));
  EXPECT_EQ(sons->citizen, town.Number("son"));
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
