// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Compile : public testing::Test {
 protected:
  Compile() { WithPeople(catalogue_); }

  // What is wrong with a service whose only rule is this, each problem with its hint.
  std::vector<std::string> Problems(const std::string& rule, const std::string& about = "person") {
    catalogue_.Service("benefit", about, {{"rule", rule}});
    catalogue_.Compile();
    std::vector<std::string> texts;
    for (const Issue& issue : catalogue_.issues()) texts.push_back(issue.text + " | " + issue.hint);
    return texts;
  }

  SmallCatalogue catalogue_;
};

TEST_F(Compile, ACorrectRuleHasNoIssues) {
  EXPECT_THAT(Problems("person.age_years >= 18 and person.sex = \"female\""), IsEmpty());
}

TEST_F(Compile, AMisspeltAttributeIsAnIssueAtItsPlace) {
  EXPECT_THAT(Problems("person.age_year >= 18"), Contains(HasSubstr("person.age_years")));
  const Location& where = catalogue_.issues().front().where;
  EXPECT_THAT(where.file, HasSubstr("services/benefit.yaml"));
  EXPECT_GT(where.line, 1);
}

TEST_F(Compile, ARuleMustBeABoolean) {
  EXPECT_THAT(Problems("person.age_years + 1"), Contains(HasSubstr("boolean")));
}

TEST_F(Compile, ACodeOutsideTheClosedListIsAnIssue) {
  EXPECT_FALSE(Problems("person.sex = \"woman\"").empty());
}

TEST_F(Compile, ACodeIsHeldAgainstTheListWhereverItIsCompared) {
  for (const char* rule : {"\"femal\" != person.sex", "person.sex in (\"male\", \"femal\")",
                           "person.sex in [\"femal\", \"male\"]",
                           "person.age_years > 5 and not(person.sex = \"femal\")"}) {
    const size_t before = catalogue_.issues().size();
    const std::vector<std::string> problems = Problems(rule);
    ASSERT_EQ(problems.size(), before + 1) << rule;
    EXPECT_THAT(problems.back(), testing::AllOf(HasSubstr("the code list has no \"femal\""),
                                                HasSubstr("\"female\"")));
  }
}

TEST_F(Compile, AComparisonOfUnlikeTypesIsAnIssueAtItsPlace) {
  for (const char* rule : {"person.age_years >= \"18\"", "person.student = 1",
                           "person.birth_date < 2000", "person.income + true > 5"}) {
    const size_t before = catalogue_.issues().size();
    ASSERT_GT(Problems(rule).size(), before) << rule;
    const Location& where = catalogue_.issues().back().where;
    EXPECT_THAT(where.file, HasSubstr("services/benefit.yaml"));
    EXPECT_GT(where.line, 1) << rule;
    EXPECT_THAT(catalogue_.issues().back().hint, testing::Not(IsEmpty())) << rule;
  }
}

TEST_F(Compile, AnUnknownParameterIsAnIssueThatNamesTheNearest) {
  catalogue_.Parameter(
      "id: minimum, type: money, unit: RUB, values: [{from: 2026-01-01, region: RU, value: 100, "
      "verification: from_knowledge}]");
  EXPECT_THAT(Problems("person.income < parameter(\"minimun\")"), Contains(HasSubstr("minimum")));
}

TEST_F(Compile, AParameterMustBeNamedInTheText) {
  EXPECT_THAT(Problems("person.income < parameter(person.region_code)"),
              Contains(HasSubstr("written out")));
}

TEST_F(Compile, TheDimensionsMustBeThoseOfTheParameter) {
  catalogue_.Parameter(
      "id: age, type: number, unit: years, dimensions: [sex], values: [{from: 2026-01-01, "
      "region: RU, value: 60, when: {sex: male}, verification: from_knowledge}]");
  EXPECT_THAT(Problems("person.age_years >= parameter(\"age\", {gender: person.sex})"),
              Contains(HasSubstr("sex")));
}

TEST_F(Compile, DimensionsMayNotBeLeftOut) {
  catalogue_.Parameter(
      "id: age, type: number, unit: years, dimensions: [sex], values: [{from: 2026-01-01, "
      "region: RU, value: 60, when: {sex: male}, verification: from_knowledge}]");
  EXPECT_THAT(Problems("person.age_years >= parameter(\"age\")"), Contains(HasSubstr("sex")));
}

TEST_F(Compile, ACircleOfDerivedAttributesIsNamed) {
  catalogue_.Attribute("id: derived.a, type: number, name: {ru: А, en: A}, derive: derived.b + 1");
  catalogue_.Attribute("id: derived.b, type: number, name: {ru: Б, en: B}, derive: derived.a + 1");
  EXPECT_THAT(Problems("derived.a > 0"),
              Contains(HasSubstr("derived.a -> derived.b -> derived.a")));
}

TEST_F(Compile, AnAttributeOfACircleIsUnknownInsteadOfEndless) {
  catalogue_.Attribute("id: derived.a, type: number, name: {ru: А, en: A}, derive: derived.a + 1");
  EXPECT_FALSE(Problems("derived.a > 0").empty());
  Records records;
  const auto household = records.Know(1, "person.sex", "male").HouseholdOf(1, "2026-03-15");
  const Program& program = catalogue_.Compile();
  EXPECT_EQ(program.Evaluate(AttributeId("derived.a"), {&household, nullptr, {}}), std::nullopt);
}

TEST_F(Compile, ARuleAboutAChildNeedsAServiceAboutAChild) {
  EXPECT_THAT(Problems("child.age_years < 3"), Contains(HasSubstr("speaks of the child")));
}

TEST_F(Compile, ADerivedAttributeCarriesWhomItSpeaksOf) {
  catalogue_.Attribute(
      "id: derived.small, type: boolean, name: {ru: М, en: S}, derive: child.age_years < 3");
  EXPECT_THAT(Problems("derived.small"), Contains(HasSubstr("speaks of the child")));
}

TEST_F(Compile, AnEntryThatFollowsFromRelationsIsNotShownInLists) {
  catalogue_.Attribute(
      "id: person.children_count, type: number, name: {ru: Д, en: C}, derive: count(children)");
  EXPECT_FALSE(Problems("some c in children satisfies c.children_count > 0").empty());
}

TEST_F(Compile, ARuleWithErrorsDecidesNothing) {
  Problems("person.nothing = 1");
  Records records;
  const auto household = records.Know(1, "person.sex", "male").HouseholdOf(1, "2026-03-15");
  const Program& program = catalogue_.Compile();
  const Subject subject{&household, nullptr, std::nullopt};
  EXPECT_EQ(program.Decide(catalogue_.service("benefit"), subject, false).verdict,
            Verdict::kUndetermined);
}

}  // namespace
}  // namespace kstati::eligibility
