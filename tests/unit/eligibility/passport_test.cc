// SPDX-License-Identifier: Apache-2.0
#include "eligibility/passport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kVariants = R"(    variants:
      - id: student
        name: {ru: Учащийся, en: Student}
        applies: person.student = true
        act: law
        article: ст. 2
        verification: from_knowledge
        inputs: [doc.record, doc.certificate]
        visits: 1
      - id: worker
        name: {ru: Работник, en: Worker}
        applies: person.student = false
        act: law
        article: ст. 3
        verification: from_knowledge
        fee: {amount: 500, discounts: [{factor: discount, channel: epgu}]}
        channels: [epgu, mfc]
        term: {value: 9, unit: working_days, by_latency: {at_hand: {value: 0, unit: minutes}}}
)";

class PassportOf : public testing::Test {
 protected:
  PassportOf() {
    WithPeople(catalogue_);
    catalogue_.Attribute(
        "id: doc.record, type: document, name: {ru: Запись, en: Record}, registry: zags, category: "
        "documents");
    catalogue_.Attribute(
        "id: doc.certificate, type: document, name: {ru: Справка, en: Certificate}, registry: "
        "declared, category: documents, askable: true");
    catalogue_.Parameter(
        "id: discount, unit: ratio, type: number, values: [{from: 2020-01-01, to: 2026-06-30, "
        "region: RU, value: 0.7, verification: from_knowledge}]");
    catalogue_.Service("benefit", "person", {{"poor", "person.income < 100", "rg_income"}},
                       kVariants);
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  Passport Written(const char* on = "2026-03-15", Values values = Values::kShown) {
    household_ = records_.HouseholdOf(1, on);
    Subject subject;
    subject.household = &household_;
    const Decision decision = program_->Decide(catalogue_.service("benefit"), subject, true);
    Result<Passport> passport =
        WritePassport(decision, *program_, Texts(), Language::kEnglish, values);
    EXPECT_TRUE(passport.has_value());
    return *std::move(passport);
  }

  static std::vector<std::string> In(const Passport& passport, const std::string& section) {
    std::vector<std::string> texts;
    for (const PassportSection& one : passport.sections) {
      if (one.key != section) continue;
      for (const PassportEntry& entry : one.entries) texts.push_back(entry.text);
    }
    return texts;
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(PassportOf, TellsEverythingOfThePersonsVariant) {
  records_.Know(1, "person.student", true).Know(1, "doc.record", true);
  records_.Know(1, "person.income", Number("50"));
  const Passport passport = Written();
  EXPECT_EQ(passport.variant, "student");
  EXPECT_THAT(In(passport, "category"), ElementsAre("Student"));
  EXPECT_THAT(In(passport, "documents"),
              ElementsAre("Record: on record", "Certificate: to be brought"));
  EXPECT_THAT(In(passport, "term"), ElementsAre("5 working days from when the facts are known"));
  EXPECT_THAT(In(passport, "cost"), ElementsAre("Free"));
  EXPECT_THAT(In(passport, "channels"), ElementsAre("Public services portal", "1 visit"));
  EXPECT_THAT(In(passport, "criteria"), ElementsAre("Rule poor: met"));
  EXPECT_THAT(In(passport, "grounds"),
              Contains("A condition is not met (only the authority decides)"));
  EXPECT_THAT(In(passport, "zeros"), ElementsAre("Nothing to fill in", "To wait: 5 working days",
                                                 "On paper or in person: Certificate; 1 visit"));
}

TEST_F(PassportOf, TheDiscountIsSaidBeforeThePayment) {
  records_.Know(1, "person.student", false);
  EXPECT_THAT(In(Written(), "cost"), ElementsAre("Public services portal: ₽350 instead of ₽500",
                                                 "Service centre (MFC): ₽500"));
  EXPECT_THAT(In(Written("2026-07-01"), "cost"), ElementsAre("₽500"));
}

TEST_F(PassportOf, TheTermFollowsWhatIsOnRecord) {
  records_.Know(1, "person.student", false);
  EXPECT_THAT(In(Written(), "term"), ElementsAre("9 working days from when the facts are known",
                                                 "When everything is on record: at once",
                                                 "At the longest: 9 working days"));
  records_.Know(1, "person.income", Number("50"));
  EXPECT_THAT(In(Written(), "term"), Contains("at once from when the facts are known"));
  EXPECT_THAT(In(Written(), "zeros"), Contains("No waiting"));
}

TEST_F(PassportOf, MaskedValuesTellNoFact) {
  records_.Know(1, "person.student", true).Know(1, "doc.record", true);
  EXPECT_THAT(In(Written("2026-03-15", Values::kMasked), "documents"),
              ElementsAre("Record", "Certificate: to be brought"));
}

TEST_F(PassportOf, TwoPassportsAreCompared) {
  records_.Know(1, "person.student", false).Know(1, "person.income", Number("50"));
  const Passport before = Written("2026-06-30");
  const Passport after = Written("2026-07-01");
  const std::vector<PassportChange> changes = Compare(before, after);
  std::vector<std::string> lines;
  for (const PassportChange& change : changes) {
    lines.push_back(change.section + ": " + change.before + " -> " + change.after);
  }
  EXPECT_THAT(
      lines, ElementsAre("Cost:  -> ₽500", "Cost: Public services portal: ₽350 instead of ₽500 -> ",
                         "Cost: Service centre (MFC): ₽500 -> "));
  EXPECT_THAT(Compare(after, after), IsEmpty());
}

TEST_F(PassportOf, IsNothingOnADayWithoutARegulation) {
  records_.Know(1, "person.student", false);
  household_ = records_.HouseholdOf(1, "2019-12-31");
  Subject subject;
  subject.household = &household_;
  const Decision decision = program_->Decide(catalogue_.service("benefit"), subject, true);
  const auto passport = WritePassport(decision, *program_, Texts(), Language::kEnglish);
  ASSERT_FALSE(passport);
  EXPECT_EQ(passport.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace kstati::eligibility
