// SPDX-License-Identifier: Apache-2.0
// Rules that ask what is decided of another service.
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

class ServiceInputs : public testing::Test {
 protected:
  ServiceInputs() { WithPeople(catalogue_); }

  void Compile() {
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  Decision Decided(const std::string& service, uint64_t about = 0) {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    if (about != 0) subject.about = records_.ViewOf(about, "2026-03-15");
    return program_->Decide(catalogue_.service(service), subject, true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(ServiceInputs, ADecisionIsAnInputOfAnother) {
  catalogue_.Service("pension", "person", {{"old", "person.age_years >= 60", "rg_age"}});
  catalogue_.Service("supplement", "person",
                     {{"pensioner", "decision.pension = \"eligible\""},
                      {"poor", "person.income < 100", "rg_income"}});
  Compile();
  records_.Know(1, "person.birth_date", Day("1960-01-01")).Know(1, "person.income", Number("50"));
  EXPECT_EQ(Decided("supplement").verdict, Verdict::kEligible);
  EXPECT_EQ(Decided("supplement").founded_at, At("2026-01-10"));
  EXPECT_THAT(Decided("supplement").criteria.front().facts, testing::SizeIs(1));
  records_.Know(1, "person.birth_date", Day("1990-01-01"), "2026-01-11");
  EXPECT_THAT(Grounds(Decided("supplement")), ElementsAre("rg_criteria"));
}

TEST_F(ServiceInputs, WhatLeavesTheOtherOpenLeavesThisOpen) {
  catalogue_.Service("pension", "person", {{"old", "person.age_years >= 60", "rg_age"}});
  catalogue_.Service("supplement", "person", {{"pensioner", "decision.pension = \"eligible\""}});
  Compile();
  records_.Know(1, "person.sex", "female");
  EXPECT_EQ(Decided("supplement").verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(Decided("supplement")), ElementsAre("person.birth_date"));
}

TEST_F(ServiceInputs, CirclesAreRefusedWithTheirWay) {
  catalogue_.Service("a", "person", {{"other", "decision.b = \"eligible\""}});
  catalogue_.Service("b", "person", {{"other", "decision.a != \"eligible\""}});
  catalogue_.Compile();
  ASSERT_THAT(catalogue_.issues(), testing::SizeIs(1));
  EXPECT_THAT(catalogue_.issues().front().text,
              HasSubstr("decision.a depends on itself: decision.a -> decision.b -> decision.a"));
  EXPECT_THAT(catalogue_.issues().front().where.file, HasSubstr("services/a.yaml"));
}

TEST_F(ServiceInputs, ACircleThroughADerivedAttributeIsRefusedToo) {
  catalogue_.Attribute(
      "id: derived.helped, type: boolean, name: {ru: П, en: H}, derive: decision.a = \"eligible\"");
  catalogue_.Service("a", "person", {{"not_yet", "not(derived.helped)"}});
  catalogue_.Compile();
  EXPECT_THAT(catalogue_.issues(), testing::SizeIs(1));
}

TEST_F(ServiceInputs, AServiceAboutAChildMayAskWhatIsDecidedOfTheParent) {
  catalogue_.Service("poverty", "person", {{"poor", "person.income < 100", "rg_income"}});
  catalogue_.Service("allowance", "child",
                     {{"young", "child.age_years < 3", "rg_age"},
                      {"poor", "decision.poverty = \"eligible\"", "rg_income"}});
  Compile();
  records_.Parent(1, 2).Know(2, "person.birth_date", Day("2025-01-01"));
  records_.Know(1, "person.income", Number("50")).Know(2, "person.income", Number("900"));
  EXPECT_EQ(Decided("allowance", 2).verdict, Verdict::kEligible);
}

TEST_F(ServiceInputs, AServiceAboutThePersonCannotAskOneAboutAChild) {
  catalogue_.Service("allowance", "child", {{"young", "child.age_years < 3", "rg_age"}});
  catalogue_.Service("other", "person", {{"has", "decision.allowance = \"eligible\""}});
  catalogue_.Compile();
  ASSERT_THAT(catalogue_.issues(), testing::SizeIs(1));
  EXPECT_THAT(catalogue_.issues().front().text, HasSubstr("decision.allowance"));
}

TEST_F(ServiceInputs, AMisspeltServiceIsAnError) {
  catalogue_.Service("pension", "person", {{"old", "person.age_years >= 60", "rg_age"}});
  catalogue_.Service("other", "person", {{"has", "decision.pensoin = \"eligible\""}});
  catalogue_.Compile();
  ASSERT_THAT(catalogue_.issues(), testing::SizeIs(1));
  EXPECT_THAT(catalogue_.issues().front().hint, HasSubstr("decision.pension"));
}

TEST_F(ServiceInputs, TheOthersDecisionIsSaidInWords) {
  catalogue_.Service("pension", "person", {{"old", "person.age_years >= 60", "rg_age"}});
  catalogue_.Service("supplement", "person", {{"pensioner", "decision.pension = \"eligible\""}});
  Compile();
  records_.Know(1, "person.birth_date", Day("1990-01-01"));
  std::vector<std::string> texts;
  for (const Reason& reason :
       Explain(Decided("supplement"), *program_, Texts(), Language::kEnglish, Values::kShown)) {
    texts.push_back(reason.text);
  }
  EXPECT_THAT(texts, Contains(HasSubstr("Decision on “Benefit pension”: not entitled")));
}

}  // namespace
}  // namespace kstati::eligibility
