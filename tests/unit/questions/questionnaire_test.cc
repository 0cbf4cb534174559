// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/questionnaire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/eligibility/small_world.h"

namespace kstati::eligibility::questions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr CitizenId kMother{1};
constexpr CitizenId kSon{2};

class Asking : public testing::Test {
 protected:
  Asking() {
    WithPeople(catalogue_);
    records_.Know(1, "person.sex", "female");
  }

  // An attribute that only the person can tell.
  void Told(const std::string& id, const std::string& type = "boolean",
            const std::string& category = "family", const std::string& more = {}) {
    catalogue_.Attribute("id: " + id + ", type: " + type + ", name: {ru: " + id + ", en: " + id +
                         "}, registry: declared, category: " + category +
                         ", completeness: open, askable: true, verification: from_knowledge" +
                         more);
  }
  void Service(const std::string& id, const std::string& rule,
               const std::string& about = "person") {
    catalogue_.Service(id, about, {{"rule", rule}});
    services_.push_back(id);
  }

  Subject Who() {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    if (about_) subject.about = records_.ViewOf(2, "2026-03-15");
    return subject;
  }
  Result<NextQuestion> Ask() {
    if (program_ == nullptr) program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    std::vector<const graph::Service*> goals;
    for (const std::string& id : services_) goals.push_back(&catalogue_.service(id));
    return NextQuestionOf(*program_, Who(), goals, answers_, limits_);
  }
  // The attribute asked for; empty when nothing is.
  std::string Next() {
    const Result<NextQuestion> next = Ask();
    if (!next) return next.error().ToString();
    return next->asked ? next->asked->attribute->id.text() : "";
  }
  Verdict VerdictOf(const std::string& service) {
    const Result<NextQuestion> next = Ask();
    if (!next) return Verdict::kUndetermined;
    for (const SettledService& settled : next->settled) {
      if (settled.service->id == ServiceId(service)) return settled.verdict;
    }
    ADD_FAILURE() << service << " is open";
    return Verdict::kUndetermined;
  }
  void Say(const std::string& attribute, profile::FactValue value, CitizenId who = {}) {
    answers_.push_back({who, AttributeId(attribute), std::move(value)});
  }
  void DoNotKnow(const std::string& attribute) {
    answers_.push_back({{}, AttributeId(attribute), std::nullopt});
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  std::vector<std::string> services_;
  std::vector<Answer> answers_;
  QuestionLimits limits_;
  bool about_ = false;
  const Program* program_ = nullptr;
};

TEST_F(Asking, OneAnswerDecidesAllItCan) {
  Told("person.ready");
  Told("person.tenant");
  Service("training", "person.ready");
  Service("subsidy", "person.ready and person.tenant");
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  EXPECT_EQ(next->asked->attribute->id.text(), "person.ready");
  EXPECT_EQ(next->asked->citizen, kMother);
  EXPECT_EQ(next->asked->decides.size(), 2U);
  EXPECT_NEAR(next->expected, 1.5, 1e-9);
  EXPECT_EQ(next->at_most, 2U);
  EXPECT_TRUE(next->exact);
  Say("person.ready", false);
  EXPECT_EQ(Next(), "");
  EXPECT_EQ(VerdictOf("subsidy"), Verdict::kNotEligible);
}

TEST_F(Asking, WhatARegistryHoldsIsNotAsked) {
  Told("person.ready");
  Service("training", "person.ready and person.income < 100");
  records_.Know(1, "person.income", Number("500"));
  EXPECT_EQ(Next(), "");
  EXPECT_EQ(VerdictOf("training"), Verdict::kNotEligible);
}

TEST_F(Asking, WhatWasToldBeforeIsNotAskedAgain) {
  Told("person.ready");
  Service("training", "person.ready");
  records_.Know(1, "person.ready", true);
  EXPECT_EQ(Next(), "");
  Say("person.ready", false);
  EXPECT_THAT(Next(), HasSubstr("recorded already"));
}

TEST_F(Asking, ARegistrysSilenceLeavesItsServiceUndetermined) {
  Told("person.ready");
  Service("training", "person.income < 100");
  EXPECT_EQ(Next(), "");
  EXPECT_EQ(VerdictOf("training"), Verdict::kUndetermined);
}

TEST_F(Asking, AnAnswerThatMayStillRefuseIsAskedThoughARegistryIsSilent) {
  Told("person.ready");
  Service("training", "person.ready and person.income < 100");
  EXPECT_EQ(Next(), "person.ready");
  Say("person.ready", true);
  EXPECT_EQ(VerdictOf("training"), Verdict::kUndetermined);
}

TEST_F(Asking, WhatEveryAnswerDecidesAlikeIsNotAsked) {
  Told("person.ready");
  Service("training", "person.ready or not(person.ready)");
  EXPECT_EQ(Next(), "");
  EXPECT_EQ(VerdictOf("training"), Verdict::kEligible);
}

TEST_F(Asking, IDoNotKnowIsAnAnswer) {
  Told("person.ready");
  Told("person.tenant");
  Service("subsidy", "person.ready and person.tenant");
  DoNotKnow("person.ready");
  EXPECT_EQ(Next(), "person.tenant");
  Say("person.tenant", true);
  EXPECT_EQ(Next(), "");
  EXPECT_EQ(VerdictOf("subsidy"), Verdict::kUndetermined);
}

TEST_F(Asking, GoingBackIsToLeaveOutTheLastAnswer) {
  Told("person.ready");
  Told("person.tenant");
  Service("subsidy", "person.ready and person.tenant");
  const std::string first = Next();
  Say(first, true);
  const std::string second = Next();
  answers_.pop_back();
  EXPECT_EQ(Next(), first);
  Say(first, true);
  EXPECT_EQ(Next(), second);
  Say(first, false);  // of two answers the last one counts
  EXPECT_EQ(VerdictOf("subsidy"), Verdict::kNotEligible);
}

TEST_F(Asking, ATopicIsFinishedBeforeTheNextOne) {
  Told("person.one", "boolean", "family");
  Told("person.two", "boolean", "income");
  Told("person.three", "boolean", "family");
  for (const char* each : {"one", "two", "three"}) Service(each, "person." + std::string(each));
  EXPECT_EQ(Next(), "person.one");
  Say("person.one", true);
  EXPECT_EQ(Next(), "person.three");
}

TEST_F(Asking, AChildIsAskedAboutByName) {
  Told("person.lodger");
  catalogue_.Attribute(
      "id: child.lodger, type: boolean, name: {ru: x, en: x}, same_as: "
      "person.lodger");
  Service("allowance", "child.lodger", "child");
  records_.Parent(1, 2);
  about_ = true;
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  EXPECT_EQ(next->asked->attribute->id.text(), "child.lodger");
  EXPECT_EQ(next->asked->citizen, kSon);
  Say("child.lodger", true);
  EXPECT_EQ(VerdictOf("allowance"), Verdict::kEligible);
}

TEST_F(Asking, NumbersAreCutWhereRulesCutThem) {
  Told("person.rent", "money", "income", ", unit: RUB");
  Service("subsidy", "person.rent > 100 and person.rent <= 250");
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  EXPECT_TRUE(next->exact);
  EXPECT_EQ(next->asked->answers.size(), 5U);
  EXPECT_EQ(next->at_most, 1U);
  EXPECT_EQ(next->asked->answers[2].above, profile::FactValue(Decimal(100)));
  EXPECT_EQ(next->asked->answers[2].below, profile::FactValue(Decimal(250)));
}

TEST_F(Asking, ANumberReadInAnotherWayMakesThePlanAGuessThatSaysSo) {
  Told("person.rent", "money", "income", ", unit: RUB");
  Told("person.rooms", "number", "income");
  Service("subsidy", "person.rent / person.rooms > 100");
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  EXPECT_FALSE(next->exact);
  EXPECT_GE(next->at_least, 1);
  EXPECT_EQ(next->asked->attribute->id.text(), "person.rent");
  Say("person.rent", Number("500"));
  EXPECT_EQ(Next(), "person.rooms");
  Say("person.rooms", Number("2"));
  EXPECT_EQ(VerdictOf("subsidy"), Verdict::kEligible);
}

TEST_F(Asking, ManyQuestionsBeyondTheBudgetAreStillAsked) {
  std::string rule;
  for (int i = 0; i < 6; ++i) {
    Told("person.told" + std::to_string(i));
    rule += (i == 0 ? "" : " and ") + ("person.told" + std::to_string(i));
  }
  Service("subsidy", rule);
  limits_.max_evaluations = 1;
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  EXPECT_FALSE(next->exact);
  EXPECT_THAT(next->settled, IsEmpty());
}

TEST_F(Asking, AFormThatAsksWhatARegistryHoldsIsRejected) {
  Service("training", "person.income < 100");
  Say("person.income", Number("50"));
  EXPECT_THAT(Next(), HasSubstr("nobody may be asked for it"));
  EXPECT_THAT(Next(), HasSubstr("registry tax"));
  answers_.clear();
  Say("person.age_years", Number("50"));
  EXPECT_THAT(Next(), HasSubstr("nobody may be asked for it"));
}

TEST_F(Asking, AWrongAnswerIsAnErrorThatSaysWhatIsWanted) {
  Told("person.ready");
  Told("person.tenure", "code", "family", ", values: [own, rent]");
  Service("training", "person.ready and person.tenure = \"own\"");
  const auto error = [&](const char* attribute, profile::FactValue value, CitizenId who = {}) {
    answers_ = {{who, AttributeId(attribute), std::move(value)}};
    return Next();
  };
  EXPECT_THAT(error("person.ready", "yes"), HasSubstr("give a boolean"));
  EXPECT_THAT(error("person.tenure", "squat"), HasSubstr("own, rent"));
  EXPECT_THAT(error("person.redy", true), HasSubstr("person.ready"));
  EXPECT_THAT(error("person.ready", true, CitizenId(77)), HasSubstr("outside of the household"));
}

TEST_F(Asking, OnlyCodesThatHoldThatDayAreOffered) {
  Told("person.tenure", "code", "family",
       ", values: [own, {code: rent, until: 2025-12-31, successor: lease}, {code: lease, from: "
       "2026-01-01}]");
  Service("training", "person.tenure = \"own\"");
  const Result<NextQuestion> next = Ask();
  ASSERT_TRUE(next && next->asked);
  std::vector<profile::FactValue> offered;
  for (const PossibleAnswer& answer : next->asked->answers) offered.push_back(answer.value);
  EXPECT_THAT(offered,
              testing::ElementsAre(profile::FactValue("own"), profile::FactValue("lease")));
  Say("person.tenure", "rent");
  EXPECT_THAT(Next(), HasSubstr("the code holds only until 2025-12-31"));
}

TEST_F(Asking, TheCategoryIsAskedForAndItsVariantDecides) {
  Told("person.tenant");
  Told("person.ready");
  catalogue_.Service(
      "benefit", "person", {{"alive", "person.sex = \"female\""}},
      "    variants:\n"
      "      - {id: tenant, name: {ru: Н, en: T}, applies: person.tenant = true, act: law, "
      "article: "
      "ст. 1, verification: from_knowledge, criteria: [{id: ready, rule: person.ready, text: {ru: "
      "Г, en: R}, ground: rg_age, act: law, article: ст. 2, verification: from_knowledge}]}\n"
      "      - {id: owner, name: {ru: В, en: O}, applies: person.tenant = false, act: law, "
      "article: "
      "ст. 1, verification: from_knowledge, conditions: [{id: c, text: {ru: К, en: C}, ground: "
      "rg_medical}]}\n");
  services_.push_back("benefit");
  EXPECT_EQ(Next(), "person.tenant");
  Say("person.tenant", false);
  EXPECT_EQ(VerdictOf("benefit"), Verdict::kLikely);
  answers_.clear();
  Say("person.tenant", true);
  EXPECT_EQ(Next(), "person.ready");
  Say("person.ready", false);
  EXPECT_EQ(VerdictOf("benefit"), Verdict::kNotEligible);
}

TEST_F(Asking, TheRegionsOwnRegulationIsFollowed) {
  Told("person.tenant");
  Told("person.ready");
  catalogue_
      .Service("benefit", "person", {{"rule", "person.tenant"}},
               "    open_to_regions: [criteria]\n")
      .Regional("77", "benefit",
                "criteria:\n  - {id: rule, rule: person.ready, text: {ru: Г, en: R}, ground: "
                "rg_criteria, act: law, article: ст. 2, verification: from_knowledge}\n");
  services_.push_back("benefit");
  records_.Know(1, "person.region_code", "50");
  EXPECT_EQ(Next(), "person.tenant");
  records_.Know(1, "person.region_code", "77", "2026-01-11");
  EXPECT_EQ(Next(), "person.ready");
}

}  // namespace
}  // namespace kstati::eligibility::questions
