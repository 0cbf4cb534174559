// SPDX-License-Identifier: Apache-2.0
// What regions have otherwise than a typical regulation, amounts, and terms by latency.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOpen = "    open_to_regions: [criteria.poor, term, amount]\n";
constexpr const char* kRicherRegion =
    "term: {value: 3, unit: working_days}\n"
    "criteria:\n  - {id: poor, rule: person.income < 500, text: {ru: Б, en: P}, "
    "ground: rg_income, act: law, article: ст. 7, verification: from_knowledge}\n";

class Regional : public testing::Test {
 protected:
  Regional() { WithPeople(catalogue_); }

  void Compile() {
    program_ = &catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
  }

  Decision Decided(const char* on = "2026-03-15") {
    household_ = records_.HouseholdOf(1, on);
    Subject subject;
    subject.household = &household_;
    return program_->Decide(catalogue_.service("benefit"), subject, true);
  }

  SmallCatalogue catalogue_;
  Records records_;
  profile::Household household_;
  const Program* program_ = nullptr;
};

TEST_F(Regional, TheRegionsOwnRegulationDecidesThere) {
  catalogue_.Service("benefit", "person", {{"poor", "person.income < 100", "rg_income"}}, kOpen)
      .Regional("77", "benefit", kRicherRegion);
  Compile();
  records_.Know(1, "person.income", Number("200")).Know(1, "person.region_code", "50");
  EXPECT_EQ(Decided().verdict, Verdict::kNotEligible);
  EXPECT_EQ(Decided().term().value, 5);
  records_.Know(1, "person.region_code", "77", "2026-01-11");
  EXPECT_EQ(Decided().verdict, Verdict::kEligible);
  EXPECT_EQ(Decided().regulation->region, "77");
  EXPECT_EQ(Decided().term().value, 3);
  EXPECT_EQ(Decided("2023-12-31").verdict, Verdict::kNotEligible) << "the region's is not yet";
}

TEST_F(Regional, NobodyIsRefusedWhoseRegionIsNotKnown) {
  catalogue_.Service("benefit", "person", {{"poor", "person.income < 100", "rg_income"}}, kOpen)
      .Regional("77", "benefit", kRicherRegion);
  Compile();
  records_.Know(1, "person.income", Number("900"));
  EXPECT_EQ(Decided().verdict, Verdict::kUndetermined);
  EXPECT_THAT(MissingNames(Decided()), ElementsAre("person.region_code"));
  EXPECT_EQ(Decided("2023-12-31").verdict, Verdict::kNotEligible) << "no region differs that day";
}

TEST_F(Regional, TheAmountIsTheOneOfThePersonsRule) {
  catalogue_.Parameter(
      "id: minimum, unit: rub, type: money, values: [{from: 2020-01-01, region: RU, value: "
      "1000.10, "
      "verification: from_knowledge}]");
  catalogue_.Service("benefit", "person", {{"alive", "person.alive = true"}},
                     "    amount:\n      rule: 'round half up(parameter(\"minimum\") * 0.25, 2)'\n"
                     "      period: month\n");
  Compile();
  records_.Know(1, "person.alive", true);
  EXPECT_EQ(Decided().amount, Number("250.03"));
  records_.Know(1, "person.alive", false, "2026-01-11");
  EXPECT_FALSE(Decided().amount) << "a refusal has no amount";
}

TEST_F(Regional, AnAmountMustBeANumber) {
  catalogue_.Service("benefit", "person", {{"alive", "person.alive = true"}},
                     "    amount: {rule: person.sex, period: once}\n");
  catalogue_.Compile();
  EXPECT_EQ(catalogue_.issues().size(), 1u);
}

TEST_F(Regional, TheTermIsThatOfTheSlowestSource) {
  catalogue_.Attribute(
      "id: doc.record, type: document, name: {ru: З, en: R}, registry: zags, category: documents");
  catalogue_.Service("benefit", "person", {{"alive", "person.alive = true"}},
                     "    variants:\n"
                     "      - {id: a, name: {ru: А, en: A}, applies: person.student = true, act: "
                     "law, article: ст. 1, verification: from_knowledge,\n"
                     "         inputs: [doc.record],\n"
                     "         term: {value: 9, unit: working_days, by_latency: {at_hand: {value: "
                     "0, unit: minutes}, interagency: {value: 5, unit: working_days}}}}\n"
                     "      - {id: b, name: {ru: Б, en: B}, applies: person.student = false, act: "
                     "law, article: ст. 1, verification: from_knowledge}\n");
  Compile();
  records_.Know(1, "person.alive", true).Know(1, "person.student", true);
  EXPECT_EQ(Decided().slowest, Latency::kInteragency) << "the record is to be asked for";
  EXPECT_EQ(Decided().term().value, 5);
  records_.Know(1, "doc.record", true);
  EXPECT_EQ(Decided().slowest, Latency::kAtHand);
  EXPECT_EQ(Decided().term().value, 0);
}

}  // namespace
}  // namespace kstati::eligibility
