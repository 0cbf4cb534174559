// SPDX-License-Identifier: Apache-2.0
// Attributes that a decision model decides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eligibility/certificate_verifier/verifier.h"
#include "eligibility/reasons.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Pension age by sex and year of birth, as a table of one decision that requires another.
constexpr const char* kModel = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:pension"
             name="Pension age" id="_model">
  <inputData id="_sex" name="person.sex"><variable name="person.sex" typeRef="string"/></inputData>
  <inputData id="_birth" name="person.birth_date">
    <variable name="person.birth_date" typeRef="date"/>
  </inputData>
  <decision id="_year" name="Year of birth">
    <variable name="Year of birth" typeRef="number"/>
    <informationRequirement><requiredInput href="#_birth"/></informationRequirement>
    <literalExpression><text>person.birth_date.year</text></literalExpression>
  </decision>
  <decision id="_age" name="Pension age">
    <variable name="Pension age" typeRef="number"/>
    <informationRequirement><requiredInput href="#_sex"/></informationRequirement>
    <informationRequirement><requiredDecision href="#_year"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression typeRef="string"><text>person.sex</text></inputExpression></input>
      <input><inputExpression typeRef="number"><text>Year of birth</text></inputExpression></input>
      <output typeRef="number"/>
      <rule>
        <inputEntry><text>"female"</text></inputEntry>
        <inputEntry><text>&lt;= 1963</text></inputEntry>
        <outputEntry><text>55</text></outputEntry>
      </rule>
      <rule>
        <inputEntry><text>"female"</text></inputEntry>
        <inputEntry><text>&gt; 1963</text></inputEntry>
        <outputEntry><text>60</text></outputEntry>
      </rule>
      <rule>
        <inputEntry><text>"male"</text></inputEntry>
        <inputEntry><text>&lt;= 1963</text></inputEntry>
        <outputEntry><text>60</text></outputEntry>
      </rule>
      <rule>
        <inputEntry><text>"male"</text></inputEntry>
        <inputEntry><text>&gt; 1963</text></inputEntry>
        <outputEntry><text>65</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
)";

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the model has no " << from;
    return text;
  }
  return text.replace(at, from.size(), to);
}

class Models : public testing::Test {
 protected:
  Models() { WithPeople(catalogue_); }

  void Compile(const std::string& model = kModel, const std::string& decision = "Pension age") {
    catalogue_.Model("pension_age.dmn", model);
    catalogue_.Attribute(
        "id: derived.pension_age, type: number, unit: years, name: {ru: П, en: P}, "
        "decide: {model: pension_age.dmn, decision: " +
        decision + "}");
    catalogue_.Service("pension", "person",
                       {{"old", "person.age_years >= derived.pension_age", "rg_age"}});
    program_ = &catalogue_.Compile();
  }

  std::vector<std::string> IssuesAfter(const std::string& from, const std::string& to,
                                       const std::string& decision = "Pension age") {
    Compile(Replaced(kModel, from, to), decision);
    std::vector<std::string> texts;
    for (const Issue& issue : catalogue_.issues()) texts.push_back(issue.text);
    return texts;
  }

  Decision Decided() {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    return program_->Decide(catalogue_.service("pension"), subject, true);
  }

  Result<std::string> Certified() {
    household_ = records_.HouseholdOf(1, "2026-03-15");
    Subject subject;
    subject.household = &household_;
    const CertificateTerms terms{[](CitizenId) { return std::string("p"); }, "salt"};
    return program_->Certify(catalogue_.service("pension"), subject, terms);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(Models, ADecisionOfAModelIsAnAttribute) {
  Compile();
  ASSERT_THAT(catalogue_.issues(), IsEmpty());
  records_.Know(1, "person.birth_date", Day("1964-03-15")).Know(1, "person.sex", "female");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible) << "62 years, and 60 are enough";
  EXPECT_THAT(Decided().criteria.front().facts, testing::SizeIs(2));
  records_.Know(1, "person.sex", "male", "2026-01-11");
  EXPECT_THAT(Grounds(Decided()), ElementsAre("rg_age"));
  EXPECT_EQ(Decided().founded_at, At("2026-01-11"));
}

TEST_F(Models, TheTraceNamesTheRulesThatMatched) {
  Compile();
  records_.Know(1, "person.birth_date", Day("1964-03-15")).Know(1, "person.sex", "female");
  const Decision decision = Decided();
  EXPECT_THAT(decision.criteria.front().matched, ElementsAre(MatchedRule{"Pension age", 2}));
  const auto told = [&](Values values) {
    std::string text;
    for (const Reason& reason : Explain(decision, *program_, Texts(), Language::kEnglish, values)) {
      text += reason.text + "\n";
    }
    return text;
  };
  EXPECT_THAT(told(Values::kShown), HasSubstr("table “Pension age”, rule 2"));
  EXPECT_THAT(told(Values::kMasked), testing::Not(HasSubstr("rule 2")));
}

TEST_F(Models, WhatIsUnknownStaysUnknownThroughATable) {
  Compile();
  records_.Know(1, "person.birth_date", Day("1964-03-15"));
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("person.sex"));
}

TEST_F(Models, AModelIsShownItsProblemsInItsOwnFile) {
  Compile(Replaced(kModel, "person.birth_date.year", "person.birth_date.yaer"));
  ASSERT_THAT(catalogue_.issues(), testing::Not(IsEmpty()));
  EXPECT_THAT(catalogue_.issues().front().where.file, HasSubstr("models/pension_age.dmn"));
}

TEST_F(Models, AnUnknownInputIsNamedWithTheNearestAttribute) {
  const std::string broken =
      Replaced(Replaced(kModel, "name=\"person.sex\"><variable name=\"person.sex\"",
                        "name=\"person.sax\"><variable name=\"person.sax\""),
               "<text>person.sex</text>", "<text>person.sax</text>");
  Compile(broken);
  ASSERT_THAT(catalogue_.issues(), testing::SizeIs(1));
  EXPECT_THAT(catalogue_.issues().front().text, HasSubstr("\"person.sax\""));
  EXPECT_THAT(catalogue_.issues().front().hint, HasSubstr("person.sex"));
}

TEST_F(Models, ADecisionThatTheModelDoesNotHaveIsAnError) {
  Compile(kModel, "Pension");
  ASSERT_THAT(catalogue_.issues(), testing::SizeIs(1));
  EXPECT_THAT(catalogue_.issues().front().hint, HasSubstr("Year of birth, Pension age"));
}

TEST_F(Models, TypesOfTheModelAndTheDictionaryAgree) {
  EXPECT_THAT(IssuesAfter("typeRef=\"date\"", "typeRef=\"number\""), testing::Not(IsEmpty()));
}

TEST_F(Models, ADecisionMustSayItsType) {
  EXPECT_THAT(IssuesAfter("name=\"Pension age\" typeRef=\"number\"", "name=\"Pension age\""),
              ElementsAre(HasSubstr("does not give what the attribute holds")));
}

TEST_F(Models, AMissingFileIsAnError) {
  catalogue_.Attribute(
      "id: derived.x, type: number, name: {ru: П, en: P}, "
      "decide: {model: nowhere.dmn, decision: X}");
  catalogue_.Service("benefit", "person", {{"x", "derived.x > 1"}});
  catalogue_.Compile();
  EXPECT_THAT(catalogue_.issues(), testing::SizeIs(1));
}

TEST_F(Models, ACertificateCarriesTheModelsTables) {
  Compile();
  records_.Know(1, "person.birth_date", Day("1964-03-15")).Know(1, "person.sex", "female");
  const Result<std::string> certificate = Certified();
  ASSERT_TRUE(certificate) << certificate.error().ToString();
  EXPECT_EQ(certificate_verifier::WhyRejected(*certificate), std::nullopt);
  EXPECT_THAT(*certificate, HasSubstr("\"policy\":\"unique\""));
  std::string changed = *certificate;
  for (size_t i = 0; i < changed.size(); ++i) {
    changed[i] = static_cast<char>((*certificate)[i] ^ (1 << (i % 8)));
    ASSERT_NE(certificate_verifier::WhyRejected(changed), std::nullopt) << "byte " << i;
    changed[i] = (*certificate)[i];
  }
}

TEST_F(Models, ACertificateCarriesADecisionServiceAsAValue) {
  const std::string service =
      "<decision id=\"_later\" name=\"Later\"><variable name=\"Later\"/><informationRequirement>"
      "<requiredInput href=\"#_birth\"/></informationRequirement><literalExpression><text>"
      "person.birth_date.year + 1</text></literalExpression></decision>"
      "<decisionService id=\"_next\" name=\"Next\"><variable name=\"Next\"/>"
      "<outputDecision href=\"#_later\"/><inputData href=\"#_birth\"/></decisionService>"
      "<decision id=\"_year\"";
  std::string model = Replaced(kModel, "<decision id=\"_year\"", service);
  model = Replaced(model, "<literalExpression><text>person.birth_date.year</text>",
                   "<knowledgeRequirement><requiredKnowledge href=\"#_next\"/>"
                   "</knowledgeRequirement><literalExpression><text>(for f in [Next] return "
                   "f(person.birth_date) - 1)[1]</text>");
  Compile(model);
  for (const Issue& issue : catalogue_.issues()) ADD_FAILURE() << issue.text;
  records_.Know(1, "person.birth_date", Day("1964-03-15")).Know(1, "person.sex", "female");
  const Result<std::string> certificate = Certified();
  ASSERT_TRUE(certificate) << certificate.error().ToString();
  EXPECT_EQ(certificate_verifier::WhyRejected(*certificate), std::nullopt);
  EXPECT_THAT(*certificate, HasSubstr("[\"serve\""));
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

TEST_F(Models, ACertificateNamesWhatOfAModelItCannotCarry) {
  Compile(Replaced(kModel, "person.birth_date.year",
                   "if 1 in range(string(person.birth_date.year)) then 1 else 2"));
  records_.Know(1, "person.sex", "female");
  const Result<std::string> certificate = Certified();
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(certificate.error().message, HasSubstr("a range made of a text"));
}

}  // namespace
}  // namespace kstati::eligibility
