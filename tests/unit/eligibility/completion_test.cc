// SPDX-License-Identifier: Apache-2.0
// Decisions that hold whatever the missing facts turn out to be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Completion : public testing::Test {
 protected:
  Completion() { WithPeople(catalogue_); }

  Decision Decided(const std::vector<Requirement>& rules) {
    catalogue_.Service("benefit", "person", rules);
    const Program& program = catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    const Decision plain = program.Decide(catalogue_.service("benefit"), subject, false);
    Decision explained = program.Decide(catalogue_.service("benefit"), subject, true);
    EXPECT_EQ(plain.verdict, explained.verdict);
    EXPECT_EQ(plain.grounds, explained.grounds);
    EXPECT_EQ(plain.missing, explained.missing);
    return explained;
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
};

TEST_F(Completion, AYesThatHoldsForEveryValueIsAYes) {
  records_.Know(1, "person.income", Number("10"));
  const Decision decision =
      Decided({{"rule", "person.sex != \"male\" or person.sex != \"female\""}});
  EXPECT_EQ(decision.verdict, Verdict::kEligible);
  EXPECT_THAT(decision.missing, IsEmpty());
  ASSERT_EQ(decision.completed.size(), 1u);
  EXPECT_EQ(decision.completed[0].attribute.text(), "person.sex");
  EXPECT_EQ(decision.criteria[0].truth, Truth::kHolds);
  EXPECT_TRUE(decision.criteria[0].by_completion);
}

// While the sex is unknown the points are read; whatever it is, they do not matter.
TEST_F(Completion, FactsThatTurnOutNotToMatterFoundNothing) {
  records_.Know(1, "person.income", Number("10"));
  const Decision decision =
      Decided({{"rule",
                "if person.sex = \"male\" then false else if person.sex != \"male\" then false "
                "else person.income > 1"}});
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_EQ(decision.completed.size(), 1u);
  EXPECT_EQ(decision.founded_at, std::nullopt);
}

// A registry may say that the attribute does not apply, and then neither comparison holds.
TEST_F(Completion, NotApplicableIsOneOfTheValues) {
  records_.Know(1, "person.income", Number("10"));
  EXPECT_EQ(Decided({{"rule", "person.sex = \"male\" or person.sex = \"female\""}}).verdict,
            Verdict::kUndetermined);
}

TEST_F(Completion, ARefusalNeedsAGroundThatEveryCompletionShares) {
  records_.Know(1, "person.income", Number("10"));
  const Decision shared = Decided(
      {{"young", "person.age_years < 18", "rg_age"}, {"old", "person.age_years > 60", "rg_age"}});
  EXPECT_EQ(shared.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(shared), ElementsAre("rg_age"));
  EXPECT_EQ(shared.criteria[0].truth, Truth::kUnknown);
}

TEST_F(Completion, RefusalsOnDifferentGroundsStayUndetermined) {
  records_.Know(1, "person.income", Number("10"));
  const Decision decision = Decided({{"young", "person.age_years < 18", "rg_age"},
                                     {"old", "person.age_years > 60", "rg_criteria"},
                                     {"open", "person.alive = true", "rg_medical"}});
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
}

TEST_F(Completion, OnlyCertainGroundsAreListed) {
  records_.Know(1, "person.sex", std::string("male"));
  const Decision decision = Decided({{"young", "person.age_years < 18", "rg_age"},
                                     {"old", "person.age_years > 60", "rg_age"},
                                     {"poor", "person.income < 100", "rg_income"}});
  EXPECT_EQ(decision.verdict, Verdict::kNotEligible);
  EXPECT_THAT(Grounds(decision), ElementsAre("rg_age"));
}

TEST_F(Completion, AFactThatChangesNothingIsNotAskedFor) {
  records_.Know(1, "person.sex", std::string("male"));
  const Decision decision =
      Decided({{"rule", "person.age_years >= 18 or (person.age_years >= 21 and person.alive)"}});
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(decision), ElementsAre("person.birth_date"));
}

TEST_F(Completion, TooManyCompletionsAreLeftToBeAsked) {
  for (int i = 0; i < 12; ++i) {
    catalogue_.Attribute("id: person.flag" + std::to_string(i) +
                         ", type: boolean, name: {ru: a, en: a}, registry: tax, category: "
                         "identity, askable: false, completeness: open, verification: "
                         "from_knowledge");
  }
  std::string rule = "(person.sex != \"male\" or person.sex != \"female\")";
  for (int i = 0; i < 12; ++i) rule += " and person.flag" + std::to_string(i);
  records_.Know(1, "person.income", Number("10"));
  const Decision decision = Decided({{"rule", rule}});
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  EXPECT_EQ(decision.missing.size(), 13u);
}

}  // namespace
}  // namespace kstati::eligibility
