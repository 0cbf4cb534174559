// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kToday = "2026-03-15";

class Decide : public testing::Test {
 protected:
  Decide() { WithPeople(catalogue_); }

  void Rules(const std::vector<Requirement>& criteria, const std::string& more = {}) {
    catalogue_.Service("benefit", "person", criteria, more);
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  // Decides for citizen 1, with and without explanation; both must agree.
  Decision Decided(std::string_view on = kToday, std::string_view known = "2030-01-01") {
    const auto household = records_.HouseholdOf(1, on, known);
    const Subject subject{&household, nullptr, std::nullopt};
    const Decision plain = program_->Decide(catalogue_.service("benefit"), subject, false);
    Decision explained = program_->Decide(catalogue_.service("benefit"), subject, true);
    EXPECT_EQ(plain.verdict, explained.verdict);
    EXPECT_EQ(plain.grounds, explained.grounds);
    EXPECT_EQ(plain.missing, explained.missing);
    EXPECT_EQ(plain.founded_at, explained.founded_at);
    EXPECT_EQ(plain.rests_on_unconfirmed, explained.rests_on_unconfirmed);
    EXPECT_THAT(plain.criteria, IsEmpty());
    return explained;
  }

  SmallCatalogue catalogue_;
  Records records_;
  const Program* program_ = nullptr;
};

TEST_F(Decide, EveryCriterionThatHoldsMakesEligible) {
  Rules({{"adult", "person.age_years >= 18"}, {"woman", "person.sex = \"female\""}});
  records_.Know(1, "person.birth_date", Day("2008-03-15")).Know(1, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

TEST_F(Decide, TheDayBeforeTheBirthdayIsNotYetEighteen) {
  Rules({{"adult", "person.age_years >= 18", "rg_age"}});
  records_.Know(1, "person.birth_date", Day("2008-03-16"));
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
  EXPECT_EQ(Decided("2026-03-16").verdict, Verdict::kEligible);
}

TEST_F(Decide, AnIncomeExactlyOnTheThresholdIsExact) {
  Rules({{"poor", "person.income / 3 * 3 <= 0.1 + 0.2", "rg_income"}});
  records_.Know(1, "person.income", Number("0.3"));
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
  records_.Know(1, "person.income", Number("0.3000000000000001"), "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(Decide, ANoHasAllItsGroundsInOrderAndEachOnce) {
  Rules({{"poor", "person.income < 100", "rg_income"},
         {"adult", "person.age_years >= 18", "rg_age"},
         {"not_old", "person.age_years > 16", "rg_age"},
         {"woman", "person.sex = \"female\""}});
  records_.Know(1, "person.birth_date", Day("2012-01-01"))
      .Know(1, "person.sex", "female")
      .Know(1, "person.income", Number("100"));
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(decision), ElementsAre("rg_age", "rg_income"));
  EXPECT_THAT(decision.missing, IsEmpty());
}

TEST_F(Decide, AMissingFactLeavesOpenAndIsNamed) {
  Rules({{"adult", "person.age_years >= 18"}, {"poor", "person.income < 100"}});
  records_.Know(1, "person.sex", "male");
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(decision), ElementsAre("person.birth_date", "person.income"));
  EXPECT_EQ(decision.missing[0].citizen, CitizenId(1));
  EXPECT_EQ(decision.criteria[0].truth, Truth::kUnknown);
  EXPECT_EQ(decision.criteria[0].missing.size(), 1u);
}

TEST_F(Decide, AFactThatCannotChangeTheAnswerIsNotAskedFor) {
  Rules({{"either", "person.student or person.income < 100"}});
  records_.Know(1, "person.student", true);
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

TEST_F(Decide, OneFailureDecidesThoughOtherFactsAreMissing) {
  Rules({{"adult", "person.age_years >= 18", "rg_age"}, {"poor", "person.income < 100"}});
  records_.Know(1, "person.birth_date", Day("2020-01-01"));
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(decision), ElementsAre("rg_age"));
}

TEST_F(Decide, NoRecordInACompleteRegistryMeansNo) {
  Rules({{"not_student", "person.student = false"},
         {"not_disabled", "person.disability = \"none\""}});
  records_.Know(1, "person.sex", "male");
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kEligible);
  ASSERT_EQ(decision.criteria[1].facts.size(), 1u);
  EXPECT_TRUE(decision.criteria[1].facts[0].assumed_absent);
  EXPECT_EQ(decision.criteria[1].facts[0].fact.value, profile::FactValue("none"));
  EXPECT_EQ(decision.founded_at, std::nullopt);
}

TEST_F(Decide, NoRecordOfAPaymentMeansNoRoubles) {
  catalogue_.Attribute(
      "id: pay.benefit, type: payment, name: {ru: П, en: P}, registry: tax, category: benefits, "
      "completeness: complete, askable: false, unit: RUB, verification: from_knowledge");
  Rules({{"not_paid_yet", "not(pay.benefit > 0)"}});
  records_.Know(1, "person.sex", "male");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
  records_.Know(1, "pay.benefit", Number("0.01"), "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(Decide, NotApplicableFailsACriterionInsteadOfLeavingItOpen) {
  Rules({{"poor", "person.income < 100", "rg_income"}});
  records_.Know(1, "person.income", profile::NotApplicable{});
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(decision), ElementsAre("rg_income"));
}

TEST_F(Decide, AConditionNoMachineEvaluatesMakesAYesOnlyLikely) {
  Rules({{"woman", "person.sex = \"female\""}},
        "    conditions:\n      - {id: doctors, text: {ru: Врачи, en: Doctors}, "
        "ground: rg_medical, act: law, article: ст. 2, verification: from_knowledge}\n");
  records_.Know(1, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kLikely);
  records_.Know(1, "person.sex", "male", "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(Decide, BeforeTheFirstRegulationNothingIsDue) {
  Rules({{"woman", "person.sex = \"female\""}});
  records_.Know(1, "person.sex", "female");
  const Decision decision = Decided("2019-12-31");
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_EQ(decision.regulation, nullptr);
  EXPECT_THAT(decision.grounds, IsEmpty());
}

TEST_F(Decide, TheDecisionIsFoundedWhenTheLastNeededFactBecameKnown) {
  Rules({{"adult", "person.age_years >= 18"}, {"poor", "person.income < 100"}});
  records_.Know(1, "person.birth_date", Day("2000-01-01"), "2026-01-10")
      .Know(1, "person.income", Number("50"), "2026-02-20")
      .Know(1, "person.sex", "male", "2026-03-01");
  EXPECT_EQ(Decided().founded_at, At("2026-02-20"));
}

TEST_F(Decide, APastDecisionIsReplayedFromWhatWasKnownThen) {
  Rules({{"poor", "person.income < 100", "rg_income"}});
  records_.Know(1, "person.income", Number("50"), "2026-01-10")
      .Know(1, "person.income", Number("500"), "2026-02-10");
  EXPECT_EQ(Decided(kToday, "2026-02-01").verdict, Verdict::kEligible);
  EXPECT_EQ(Decided(kToday, "2026-02-01").founded_at, At("2026-01-10"));
  EXPECT_EQ(Decided(kToday, "2026-02-11").verdict, Verdict::kNotEligible);
  EXPECT_EQ(Decided(kToday, "2026-01-01").verdict, Verdict::kUndetermined);
}

TEST_F(Decide, SaysWhetherItRestsOnAnUnconfirmedArticle) {
  Rules({{"woman", "person.sex = \"female\"", "rg_criteria", "confirmed"}});
  records_.Know(1, "person.sex", "female");
  EXPECT_FALSE(Decided().rests_on_unconfirmed);
}

TEST_F(Decide, TheExplanationShowsTheFactsBehindADerivedAttribute) {
  Rules({{"adult", "person.age_years >= 18"}});
  records_.Know(1, "person.birth_date", Day("2000-01-01"));
  const Decision decision = Decided();
  ASSERT_EQ(decision.criteria.size(), 1u);
  const CriterionOutcome& outcome = decision.criteria[0];
  ASSERT_EQ(outcome.facts.size(), 1u);
  EXPECT_EQ(outcome.facts[0].fact.attribute, AttributeId("person.birth_date"));
  EXPECT_EQ(outcome.facts[0].citizen, CitizenId(1));
  ASSERT_EQ(outcome.readings.size(), 1u);
  EXPECT_EQ(outcome.readings[0].attribute, AttributeId("person.age_years"));
  EXPECT_EQ(outcome.readings[0].value, profile::FactValue(Decimal(26)));
  EXPECT_EQ(outcome.readings[0].registry, RegistryId("tax"));
  EXPECT_EQ(outcome.readings[0].known_at, At("2026-01-10"));
}

TEST_F(Decide, EvaluateGivesReportedAndDerivedValues) {
  Rules({{"adult", "person.age_years >= 18"}});
  records_.Know(1, "person.birth_date", Day("2000-01-01"));
  const auto household = records_.HouseholdOf(1, kToday);
  const Subject subject{&household, nullptr, std::nullopt};
  EXPECT_EQ(program_->Evaluate(AttributeId("person.age_years"), subject),
            profile::FactValue(Decimal(26)));
  EXPECT_EQ(program_->Evaluate(AttributeId("person.disability"), subject),
            profile::FactValue("none"));
  EXPECT_EQ(program_->Evaluate(AttributeId("person.income"), subject), std::nullopt);
  EXPECT_EQ(program_->Evaluate(AttributeId("person.nothing"), subject), std::nullopt);
}

TEST_F(Decide, OneInquiryDecidesAsSeparateDecisionsDo) {
  catalogue_.Service("other", "person", {{"adult", "person.age_years >= 18", "rg_income"}});
  Rules({{"adult", "person.age_years >= 18", "rg_age"}});
  records_.Know(1, "person.birth_date", Day("2020-01-01"));
  const auto household = records_.HouseholdOf(1, kToday);
  Inquiry inquiry(*program_, {&household, nullptr, std::nullopt});
  EXPECT_THAT(Grounds(inquiry.Decide(catalogue_.service("benefit"), false)), ElementsAre("rg_age"));
  EXPECT_THAT(Grounds(inquiry.Decide(catalogue_.service("other"), true)), ElementsAre("rg_income"));
  EXPECT_EQ(inquiry.Decide(catalogue_.service("other"), false).founded_at, At("2026-01-10"));
}

}  // namespace
}  // namespace kstati::eligibility
