// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The minimum is 100 everywhere and 150 in region 77, both only in 2026.
constexpr const char* kMinimum =
    "id: minimum, type: money, unit: RUB, values: ["
    "{from: 2026-01-01, to: 2026-12-31, region: RU, value: 100, verification: confirmed, "
    "sources: [page]}, "
    "{from: 2026-01-01, to: 2026-12-31, region: \"77\", value: 150, "
    "verification: from_knowledge}]";
constexpr const char* kFlat =
    "id: flat, type: money, unit: RUB, values: ["
    "{from: 2026-01-01, to: 2026-12-31, region: RU, value: 100, verification: confirmed, "
    "sources: [page]}]";
constexpr const char* kPensionAge =
    "id: pension_age, type: number, unit: years, dimensions: [sex, birth_year], values: ["
    "{from: 2019-01-01, region: RU, value: 65, when: {sex: male, birth_year: {from: 1960}}, "
    "verification: from_knowledge}, "
    "{from: 2019-01-01, region: RU, value: 60, when: {sex: female, birth_year: {from: 1960}}, "
    "verification: from_knowledge}]";

class Parameters : public testing::Test {
 protected:
  Parameters() {
    WithPeople(catalogue_).Parameter(kMinimum).Parameter(kFlat).Parameter(kPensionAge);
  }

  void Rule(const std::string& rule) {
    catalogue_.Service("benefit", "person", {{"rule", rule, "rg_income", "confirmed"}});
    program_ = &catalogue_.Compile();
    for (const Issue& issue : catalogue_.issues()) ADD_FAILURE() << issue.text;
  }

  Decision Decided(std::string_view on = "2026-03-15") {
    const auto household = records_.HouseholdOf(1, on);
    return program_->Decide(catalogue_.service("benefit"), {&household, nullptr, {}}, true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  const Program* program_ = nullptr;
};

TEST_F(Parameters, WhereRegionsSetTheFigureTheRegionsOwnCounts) {
  Rule("person.income <= parameter(\"minimum\")");
  records_.Know(1, "person.income", Number("150")).Know(1, "person.region_code", "77");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
  records_.Know(1, "person.income", Number("150.01"), "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
}

TEST_F(Parameters, ARegionWithoutItsOwnValueIsNotJudgedByTheFederalOne) {
  Rule("person.income <= parameter(\"minimum\")");
  records_.Know(1, "person.income", Number("150")).Know(1, "person.region_code", "50");
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("minimum"));
}

TEST_F(Parameters, AnUnknownRegionIsMissingOnlyWhereRegionsDiffer) {
  Rule("person.income <= parameter(\"minimum\")");
  records_.Know(1, "person.income", Number("120"));
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("person.region_code"));
}

TEST_F(Parameters, AFederalValueNeedsNoRegion) {
  Rule("person.income <= parameter(\"flat\")");
  records_.Know(1, "person.income", Number("100"));
  const Decision decision = Decided();
  EXPECT_EQ(decision.verdict, Verdict::kEligible);
  ASSERT_EQ(decision.criteria[0].parameters.size(), 1u);
  EXPECT_EQ(decision.criteria[0].parameters[0].parameter, ParameterId("flat"));
  EXPECT_FALSE(decision.rests_on_unconfirmed);
}

TEST_F(Parameters, AnUnconfirmedValueIsSaidToBeOne) {
  Rule("person.income <= parameter(\"minimum\")");
  records_.Know(1, "person.income", Number("1")).Know(1, "person.region_code", "77");
  EXPECT_TRUE(Decided().rests_on_unconfirmed);
}

TEST_F(Parameters, PastTheLastValueNothingIsGuessed) {
  Rule("person.income <= parameter(\"flat\")");
  records_.Know(1, "person.income", Number("1"));
  const Decision decision = Decided("2027-01-01");
  EXPECT_EQ(decision.verdict, Verdict::kUndetermined);
  ASSERT_EQ(decision.missing.size(), 1u);
  EXPECT_EQ(decision.missing[0].parameter, ParameterId("flat"));
  EXPECT_TRUE(decision.missing[0].attribute.empty());
}

TEST_F(Parameters, DimensionsChooseTheRowOfTheTable) {
  Rule(
      "person.age_years >= parameter(\"pension_age\", "
      "{sex: person.sex, birth_year: person.birth_date.year})");
  records_.Know(1, "person.birth_date", Day("1962-03-15")).Know(1, "person.sex", "male");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
  records_.Know(1, "person.sex", "female", "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
}

TEST_F(Parameters, AnUnknownDimensionIsMissing) {
  Rule(
      "person.age_years >= parameter(\"pension_age\", "
      "{sex: person.sex, birth_year: person.birth_date.year})");
  records_.Know(1, "person.birth_date", Day("1962-03-15"));
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("person.sex"));
}

TEST_F(Parameters, ARowThatIsNotInTheTableIsMissing) {
  Rule(
      "person.age_years >= parameter(\"pension_age\", "
      "{sex: person.sex, birth_year: person.birth_date.year})");
  records_.Know(1, "person.birth_date", Day("1950-03-15")).Know(1, "person.sex", "male");
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("pension_age"));
}

}  // namespace
}  // namespace kstati::eligibility
