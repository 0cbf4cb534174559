// SPDX-License-Identifier: Apache-2.0
// "What if": values that stand in for facts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr CitizenId kMother{1};
constexpr CitizenId kSon{2};

class WhatIf : public testing::Test {
 protected:
  WhatIf() { WithPeople(catalogue_); }

  void Rule(const std::string& rule, const std::string& about = "person") {
    catalogue_.Service("benefit", about, {{"rule", rule}});
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  Subject Who() {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    subject.assumed = assumed_;
    return subject;
  }

  Decision Decided(const Subject& subject) {
    return program_->Decide(catalogue_.service("benefit"), subject, true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  std::vector<Assumption> assumed_;
  const Program* program_ = nullptr;
};

TEST_F(WhatIf, AnAssumptionStandsForAMissingFact) {
  Rule("person.income < 100");
  records_.Know(1, "person.sex", "female");
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kUndetermined);
  assumed_ = {{kMother, AttributeId("person.income"), Number("99")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
}

TEST_F(WhatIf, AnAssumptionStandsBeforeARecordedFactAndTheLastOneCounts) {
  Rule("person.income < 100");
  records_.Know(1, "person.income", Number("500"));
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kNotEligible);
  assumed_ = {{kMother, AttributeId("person.income"), Number("700")},
              {kMother, AttributeId("person.income"), Number("50")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
}

TEST_F(WhatIf, AnAssumptionStandsBeforeTheExpressionOfADerivedAttribute) {
  Rule("person.age_years >= 18");
  records_.Know(1, "person.birth_date", Day("2020-01-01"));
  assumed_ = {{kMother, AttributeId("person.age_years"), Number("18")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
  assumed_ = {{kMother, AttributeId("person.birth_date"), Day("2008-03-15")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
}

TEST_F(WhatIf, AFactOfAChildIsAssumedByEitherOfItsNames) {
  Rule("child.age_years < 3", "child");
  records_.Parent(1, 2).Know(2, "person.birth_date", Day("2010-01-01"));
  for (const char* name : {"child.birth_date", "person.birth_date"}) {
    assumed_ = {{kSon, AttributeId(name), Day("2025-01-01")}};
    Subject subject = Who();
    subject.about = records_.ViewOf(2, "2026-03-15");
    EXPECT_EQ(Decided(subject).verdict, Verdict::kEligible) << name;
  }
}

TEST_F(WhatIf, WhatIsMissingOfARoleWithoutAPersonMayBeAssumedToo) {
  Rule("child.birth_date > date(\"2023-01-01\")", "child");
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(MissingNames(Decided(Who())), ElementsAre("child.birth_date"));
  assumed_ = {{CitizenId(), AttributeId("child.birth_date"), Day("2010-01-01")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kNotEligible);
}

TEST_F(WhatIf, ARelativeInAListHasTheAssumedFact) {
  Rule("count(children[age_years < 3]) = 1");
  records_.Parent(1, 2);
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kUndetermined);
  assumed_ = {{kSon, AttributeId("person.birth_date"), Day("2025-01-01")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
}

TEST_F(WhatIf, TheDayOfTheEventMayBeAssumed) {
  Rule("(today() - event.date).days <= 30");
  records_.Know(1, "person.sex", "female");
  assumed_ = {{kMother, AttributeId("event.date"), Day("2026-03-01")}};
  EXPECT_EQ(Decided(Who()).verdict, Verdict::kEligible);
}

TEST_F(WhatIf, AnAssumptionIsNoFactOfTheTrace) {
  Rule("person.income < 100");
  records_.Know(1, "person.income", Number("500"));
  assumed_ = {{kMother, AttributeId("person.income"), Number("50")}};
  const Decision decision = Decided(Who());
  EXPECT_THAT(decision.criteria.front().facts, IsEmpty());
  EXPECT_FALSE(decision.founded_at);
}

TEST_F(WhatIf, ADecisionOnAssumptionsHasNoCertificate) {
  Rule("person.income < 100");
  records_.Know(1, "person.income", Number("500"));
  assumed_ = {{kMother, AttributeId("person.income"), Number("50")}};
  const Result<std::string> certificate =
      program_->Certify(catalogue_.service("benefit"), Who(), CertificateTerms());
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace kstati::eligibility
