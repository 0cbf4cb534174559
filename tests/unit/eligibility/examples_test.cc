// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Examples : public testing::Test {
 protected:
  Examples() { WithPeople(catalogue_); }

  // The problems found by running `examples` of a service about a child under three whose applicant
  // is a parent.
  std::vector<std::string> Problems(const std::vector<std::string>& examples) {
    catalogue_.Attribute(
        "id: applicant.is_parent, type: boolean, name: {ru: Р, en: P}, "
        "derive: relation.parent_of_child");
    std::string text = "examples:\n";
    for (const std::string& one : examples) {
      text += "  - {on: 2026-03-15, region: \"77\", " + one + "}\n";
    }
    catalogue_.Service("benefit", "child",
                       {{"small", "child.age_years < 3", "rg_age"},
                        {"parent", "applicant.is_parent", "rg_criteria"}},
                       {}, text);
    const Program& program = catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    std::vector<std::string> texts;
    for (const Issue& issue : RunExamples(program)) {
      texts.push_back(issue.text + " | " + issue.hint);
    }
    return texts;
  }

  // Examples that leave nothing to warn about.
  static std::vector<std::string> Complete() {
    return {
        "name: yes, facts: {child.birth_date: \"2025-01-01\", applicant.is_parent: \"true\"}, "
        "expect: eligible",
        "name: both, facts: {child.age_years: \"3\", applicant.is_parent: \"false\"}, "
        "expect: not eligible, grounds: [rg_criteria, rg_age]"};
  }

  SmallCatalogue catalogue_;
};

TEST_F(Examples, ThatComeOutAsExpectedRaiseNothing) {
  EXPECT_THAT(Problems(Complete()), IsEmpty());
}

TEST_F(Examples, ARuleThatExceedsALimitIsAnErrorAtItsPlace) {
  catalogue_.Service(
      "slow", "person", {{"long", "count(for i in 1..100000000 return i) > person.income"}}, {},
      "examples:\n  - {on: 2026-03-15, region: \"77\", name: any, facts: {person.income: \"1\"}, "
      "expect: eligible}\n");
  const Program& program = catalogue_.Compile();
  const std::vector<Issue> issues = RunExamples(program);
  ASSERT_FALSE(issues.empty());
  EXPECT_EQ(issues.front().severity, Severity::kError);
  EXPECT_THAT(issues.front().text, HasSubstr("was cut short"));
  EXPECT_THAT(ReadSourceLine(issues.front().where.file, issues.front().where.line),
              HasSubstr("for i in 1..100000000"));
}

TEST_F(Examples, AnUnstatedRelationIsUnknown) {
  auto examples = Complete();
  examples.push_back("name: open, facts: {child.age_years: \"1\"}, expect: undetermined");
  EXPECT_THAT(Problems(examples), IsEmpty());
}

TEST_F(Examples, AWrongVerdictSaysWhatCameOutAndWhatDecided) {
  auto examples = Complete();
  examples.push_back(
      "name: too old, facts: {child.age_years: \"3\", applicant.is_parent: \"true\"}, "
      "expect: eligible");
  EXPECT_THAT(Problems(examples),
              ElementsAre(AllOf(HasSubstr("\"too old\" expects eligible, but came out not eligible "
                                          "on rg_age"),
                                HasSubstr("small (child.age_years < 3)"))));
}

TEST_F(Examples, TheGroundsMustBeExactlyThose) {
  auto examples = Complete();
  examples.push_back(
      "name: one of two, facts: {child.age_years: \"3\", applicant.is_parent: \"false\"}, "
      "expect: not eligible, grounds: [rg_age]");
  EXPECT_THAT(Problems(examples), ElementsAre(HasSubstr("rg_age, rg_criteria")));
}

TEST_F(Examples, AnUndeterminedOneNamesWhatIsMissing) {
  auto examples = Complete();
  examples.push_back("name: open, facts: {applicant.is_parent: \"true\"}, expect: eligible");
  EXPECT_THAT(Problems(examples), ElementsAre(HasSubstr("missing: child.birth_date")));
}

TEST_F(Examples, AFactOfTheWrongTypeIsAnIssue) {
  auto examples = Complete();
  examples.push_back("name: bad, facts: {child.birth_date: soon}, expect: undetermined");
  EXPECT_THAT(Problems(examples), ElementsAre(HasSubstr("\"bad\" states child.birth_date")));
}

TEST_F(Examples, AServiceWithoutAYesOrWithoutARefusalIsWarnedAbout) {
  const std::vector<std::string> texts =
      Problems({"name: no, facts: {child.age_years: \"3\", applicant.is_parent: \"true\"}, "
                "expect: not eligible, grounds: [rg_age]"});
  EXPECT_THAT(texts, ElementsAre(HasSubstr("no example of benefit is eligible or likely"),
                                 HasSubstr("no example of benefit is refused on rg_criteria")));
}

}  // namespace
}  // namespace kstati::eligibility
