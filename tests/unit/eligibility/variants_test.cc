// SPDX-License-Identifier: Apache-2.0
// Regulations that differ by the category of the applicant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eligibility/reasons.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Variant(const std::string& id, const std::string& applies, const std::string& more) {
  return "      - id: " + id + "\n        name: {ru: Категория " + id + ", en: Category " + id +
         "}\n        applies: '" + applies +
         "'\n        act: law\n        article: ст. 3\n        verification: confirmed\n"
         "        sources: [page]\n" +
         more;
}

std::string OwnCriterion(const std::string& rule, const std::string& ground) {
  return "        criteria:\n          - id: own\n            rule: '" + rule +
         "'\n            text: {ru: Своё, en: Own}\n            ground: " + ground +
         "\n            act: law\n            article: ст. 4\n            verification: "
         "confirmed\n            sources: [page]\n";
}

constexpr const char* kOtherwise =
    "    otherwise: {ground: rg_criteria, act: law, article: ст. 5, verification: "
    "from_knowledge}\n";

class Variants : public testing::Test {
 protected:
  Variants() { WithPeople(catalogue_); }

  void Regulation(const std::string& variants, const std::string& more = {}) {
    catalogue_.Service("benefit", "person", {{"alive", "person.alive = true", "rg_medical"}},
                       "    variants:\n" + variants + more);
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  // Women from 55, men from 60.
  void ByAge(const std::string& more = {}) {
    Regulation(Variant("woman", "person.sex = \"female\"",
                       OwnCriterion("person.age_years >= 55", "rg_age") +
                           "        term: {value: 1, unit: working_days}\n        visits: 1\n") +
                   Variant("man", "person.sex = \"male\"",
                           OwnCriterion("person.age_years >= 60", "rg_age")),
               more);
  }

  Decision Decided() {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    const Decision plain = program_->Decide(catalogue_.service("benefit"), subject, false);
    const Decision explained = program_->Decide(catalogue_.service("benefit"), subject, true);
    EXPECT_EQ(plain.verdict, explained.verdict);
    EXPECT_EQ(plain.variant, explained.variant);
    EXPECT_EQ(plain.grounds, explained.grounds);
    return explained;
  }

  std::vector<std::string> Sentences(const Decision& decision) {
    std::vector<std::string> texts;
    for (const Reason& reason :
         Explain(decision, *program_, Texts(), Language::kEnglish, Values::kShown)) {
      texts.push_back(reason.text);
    }
    return texts;
  }

  Records& OfAge(const char* birth) {
    return records_.Know(1, "person.birth_date", Day(birth)).Know(1, "person.alive", true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(Variants, TheVariantOfTheApplicantsCategoryDecides) {
  ByAge();
  OfAge("1969-01-01").Know(1, "person.sex", "female");
  const Decision woman = Decided();
  EXPECT_EQ(woman.verdict, Verdict::kEligible);
  ASSERT_NE(woman.variant, nullptr);
  EXPECT_EQ(woman.variant->id, "woman");
  EXPECT_EQ(woman.regulation->visits, 1);
  EXPECT_EQ(woman.term().value, 1);
  EXPECT_EQ(woman.in_force->visits, 0);

  records_.Know(1, "person.sex", "male", "2026-01-11");
  const Decision man = Decided();
  EXPECT_EQ(man.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(man), ElementsAre("rg_age"));
  EXPECT_EQ(man.term().value, 5);
}

TEST_F(Variants, TheCommonCriteriaHoldForEveryVariant) {
  ByAge();
  OfAge("1960-01-01").Know(1, "person.sex", "female");
  records_.Know(1, "person.alive", false, "2026-01-11");
  EXPECT_THAT(Grounds(Decided()), ElementsAre("rg_medical"));
}

TEST_F(Variants, WhileTheCategoryIsOpenTheAnswerIsOpenAndNamesWhatSettlesIt) {
  ByAge();
  OfAge("1950-01-01");
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_EQ(decision.variant, nullptr);
  EXPECT_THAT(MissingNames(decision), ElementsAre("person.sex"));
  EXPECT_THAT(Sentences(decision),
              Contains(HasSubstr("whether this category is yours: Category woman")));
}

TEST_F(Variants, WhatEveryPossibleVariantRefusesIsRefused) {
  ByAge();
  OfAge("2000-01-01");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(Decided()), ElementsAre("rg_age"));
}

TEST_F(Variants, VariantsThatRefuseOnDifferentGroundsLeaveTheGroundOpen) {
  Regulation(Variant("woman", "person.sex = \"female\"", OwnCriterion("false", "rg_age")) +
             Variant("man", "person.sex = \"male\"", OwnCriterion("false", "rg_income")));
  OfAge("2000-01-01");
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
  EXPECT_THAT(Grounds(Decided()), IsEmpty());
}

TEST_F(Variants, WhomNoVariantCoversIsRefusedOnTheGroundThatTheRegulationNames) {
  Regulation(Variant("student", "person.student = true", "") +
                 Variant("old", "person.age_years >= 60 and person.student = false", ""),
             kOtherwise);
  OfAge("2000-01-01");
  EXPECT_THAT(Grounds(Decided()), ElementsAre("rg_criteria"));
  EXPECT_THAT(Sentences(Decided()), Contains(HasSubstr("none of the categories")));
}

TEST_F(Variants, AGapThatTheRegulationDoesNotAnswerIsForAnOfficial) {
  Regulation(Variant("student", "person.student = true", "") +
             Variant("old", "person.age_years >= 60 and person.student = false", ""));
  OfAge("2000-01-01");
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_THAT(decision.missing, IsEmpty());
  EXPECT_THAT(Sentences(decision), Contains(HasSubstr("an official decides")));
}

TEST_F(Variants, TwoVariantsAtOnceAreForAnOfficial) {
  Regulation(Variant("student", "person.student = true", "") +
             Variant("old", "person.age_years >= 60", ""));
  OfAge("1950-01-01").Know(1, "person.student", true);
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
  EXPECT_EQ(Decided().variant, nullptr);
}

TEST_F(Variants, TheCategoryIsExplained) {
  ByAge();
  OfAge("1969-01-01").Know(1, "person.sex", "female");
  EXPECT_THAT(Sentences(Decided()), Contains(HasSubstr("Category of applicant: Category woman.")));
}

TEST_F(Variants, ConditionsOfTheVariantMakeAYesLikely) {
  Regulation(
      Variant(
          "woman", "person.sex = \"female\"",
          "        conditions:\n          - {id: c, text: {ru: К, en: C}, ground: rg_medical}\n") +
      Variant("man", "person.sex = \"male\"", ""));
  OfAge("1969-01-01").Know(1, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kLikely);
  records_.Know(1, "person.sex", "male", "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

TEST_F(Variants, AnErrorInACategoryIsReportedOnce) {
  catalogue_.Service("benefit", "person", {{"alive", "person.alive = true"}},
                     "    variants:\n" + Variant("a", "person.sexx = \"female\"", "") +
                         Variant("b", "person.sex = \"male\"", ""));
  catalogue_.Compile();
  ASSERT_EQ(catalogue_.issues().size(), 1u);
  EXPECT_THAT(catalogue_.issues().front().text, HasSubstr("person.sexx"));
}

TEST_F(Variants, AnErrorInACommonCriterionIsReportedOnce) {
  catalogue_.Service("benefit", "person", {{"alive", "person.alvie = true"}},
                     "    variants:\n" + Variant("a", "person.sex = \"female\"", "") +
                         Variant("b", "person.sex = \"male\"", ""));
  catalogue_.Compile();
  EXPECT_EQ(catalogue_.issues().size(), 1u);
}

}  // namespace
}  // namespace kstati::eligibility
