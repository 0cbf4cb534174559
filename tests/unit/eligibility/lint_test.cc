// SPDX-License-Identifier: Apache-2.0
// Seeded flaws: each is found, with a person who shows it; a catalogue without flaws gives none.
#include "eligibility/lint.h"
#include "eligibility/known_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Criteria = std::vector<Requirement>;

const Criteria kClean = {{"adult", "person.age_years >= 18", "rg_age"},
                         {"poor", "person.income < 10000", "rg_income"}};

std::string Variant(const std::string& id, const std::string& applies,
                    const std::string& more = {}) {
  return "      - {id: " + id + ", name: {ru: " + id + ", en: " + id + "}, applies: '" + applies +
         "', act: law, article: ст. 3, verification: from_knowledge" + more + "}\n";
}

std::string Variants(const std::vector<std::string>& variants) {
  std::string text = "    variants:\n";
  for (const std::string& variant : variants) text += variant;
  return text;
}

constexpr const char* kOtherwise =
    "    otherwise: {ground: rg_criteria, act: law, article: ст. 5, verification: "
    "from_knowledge}\n";

// The witness as the only example of its service.
std::string AsExamples(const graph::Example& witness) {
  std::istringstream lines(ToYaml(witness));
  std::string text = "examples:\n";
  for (std::string line; std::getline(lines, line);) text += "  " + line + "\n";
  return text;
}

std::vector<std::string> Names(const std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (const Finding& finding : findings) names.push_back(finding.check + " " + finding.of);
  return names;
}

class Linter : public testing::Test {
 protected:
  // What is found in a benefit with these criteria; every witness is put into the benefit's file
  // and must come out there as the finding says.
  std::vector<Finding> Found(const Criteria& criteria, const std::string& more = {},
                             const std::string& about = "person") {
    std::vector<Finding> findings = FindingsWith(criteria, more, about);
    for (const Finding& finding : findings) {
      EXPECT_GT(finding.where.line, 0u) << finding.text;
      EXPECT_THAT(finding.remedy, testing::Not(IsEmpty()));
      if (!finding.witness) continue;
      SmallCatalogue again;
      Describe(again, criteria, more, about, AsExamples(*finding.witness));
      const Program& program = again.Compile();
      EXPECT_THAT(again.issues(), IsEmpty());
      for (const Issue& issue : RunExamples(program)) {
        if (issue.severity == Severity::kError) ADD_FAILURE() << issue.text << " " << issue.hint;
      }
    }
    return findings;
  }

  std::vector<std::string> Checks(const Criteria& criteria, const std::string& more = {}) {
    return Names(Found(criteria, more));
  }

  // The only finding. Requires that there is one.
  Finding OnlyOne(const Criteria& criteria, const std::string& more = {}) {
    std::vector<Finding> findings = Found(criteria, more);
    EXPECT_EQ(findings.size(), 1u) << testing::PrintToString(Names(findings));
    return findings.empty() ? Finding() : findings.front();
  }

  // The text at the place of a finding.
  std::string At(const Location& where) const {
    const std::string line = ReadSourceLine(where.file, where.line);
    return line.substr(where.column - 1);
  }

  std::string attribute_;                        // one more
  std::string inputs_ = "[]";                    // of the benefit
  std::map<std::string, std::string> regional_;  // by region, what it has otherwise
  std::unique_ptr<SmallCatalogue> catalogue_;

 private:
  void Describe(SmallCatalogue& catalogue, const Criteria& criteria, const std::string& more,
                const std::string& about, const std::string& examples) const {
    WithPeople(catalogue);
    if (!attribute_.empty()) catalogue.Attribute(attribute_);
    catalogue.Asks(0, inputs_);
    catalogue.Service("benefit", about, criteria, more, examples);
    for (const auto& [region, regulation] : regional_) {
      catalogue.Regional(region, "benefit", regulation);
    }
  }

  std::vector<Finding> FindingsWith(const Criteria& criteria, const std::string& more,
                                    const std::string& about) {
    catalogue_ = std::make_unique<SmallCatalogue>();
    Describe(*catalogue_, criteria, more, about, {});
    const Program& program = catalogue_->Compile();
    EXPECT_THAT(catalogue_->issues(), IsEmpty());
    return Lint(program, Day("2026-03-15")).findings;
  }
};

std::vector<std::string> WitnessGrounds(const Finding& finding) {
  std::vector<std::string> grounds;
  if (!finding.witness) return {"no witness"};
  for (const GroundId& ground : finding.witness->grounds) grounds.push_back(ground.text());
  return grounds;
}

TEST_F(Linter, ACleanCatalogueGivesNone) {
  EXPECT_THAT(Checks(kClean), IsEmpty());
  EXPECT_THAT(Checks(kClean, Variants({Variant("woman", "person.sex = \"female\""),
                                       Variant("man", "person.sex = \"male\"")})),
              IsEmpty());
}

TEST_F(Linter, CriteriaThatNobodyMeets) {
  const Finding ages = OnlyOne({{"adult", "person.age_years >= 18", "rg_age"},
                                {"child", "person.age_years < 14", "rg_criteria"}});
  EXPECT_EQ(ages.check, "nobody-qualifies");
  EXPECT_EQ(ages.of, "benefit");
  EXPECT_THAT(At(ages.where), HasSubstr("person.age_years >= 18"));
  EXPECT_THAT(WitnessGrounds(ages), ElementsAre("rg_criteria"));
  // Two facts, and no two criteria alone contradict each other.
  const Finding three =
      OnlyOne({{"student", "person.student = true or person.sex = \"male\"", "rg_age"},
               {"woman", "person.sex = \"female\"", "rg_criteria"},
               {"idle", "person.student = false", "rg_income"}});
  EXPECT_EQ(three.check, "nobody-qualifies");
  ASSERT_TRUE(three.witness);
}

TEST_F(Linter, CriteriaThatOneDayOfBirthMeetsAreClean) {
  EXPECT_THAT(Checks({{"adult", "person.age_years >= 18", "rg_age"},
                      {"young", "person.age_years < 19", "rg_criteria"}}),
              IsEmpty());
}

TEST_F(Linter, ACriterionThatEverybodyMeets) {
  const Finding either = OnlyOne({{"adult", "person.age_years >= 18", "rg_age"},
                                  {"sex", "person.sex in (\"female\", \"male\")", "rg_age"}});
  EXPECT_EQ(either.check, "always-holds");
  EXPECT_EQ(either.of, "sex");
  EXPECT_THAT(At(either.where), HasSubstr("person.sex in"));
  ASSERT_TRUE(either.witness);
  EXPECT_THAT(Checks({{"adult", "person.age_years >= 18", "rg_age"},
                      {"any", "person.income < 5 or person.income >= 5", "rg_age"}}),
              Contains("always-holds any"));
}

TEST_F(Linter, ACriterionThatOneValueFailsIsClean) {
  EXPECT_THAT(Checks({{"any", "person.income < 5 or person.income > 5", "rg_income"}}), IsEmpty());
}

TEST_F(Linter, WhatIsCheckedTwice) {
  const Finding weaker = OnlyOne({{"adult", "person.age_years >= 18", "rg_age"},
                                  {"grown", "person.age_years >= 16", "rg_criteria"}});
  EXPECT_EQ(weaker.check, "checked-twice");
  EXPECT_EQ(weaker.of, "grown");
  EXPECT_THAT(weaker.text, HasSubstr("adult"));
  EXPECT_THAT(WitnessGrounds(weaker), ElementsAre("rg_age", "rg_criteria"));
  // The same in other words: the later one is one too many.
  const Finding same = OnlyOne({{"yes", "person.student = true", "rg_age"},
                                {"again", "not(person.student = false)", "rg_income"}});
  EXPECT_EQ(same.check, "checked-twice");
  EXPECT_EQ(same.of, "again");
  EXPECT_THAT(WitnessGrounds(same), ElementsAre("rg_age", "rg_income"));
}

TEST_F(Linter, TwoCriteriaOfOneFactThatBothDecideAreClean) {
  EXPECT_THAT(Checks({{"adult", "person.age_years >= 18", "rg_age"},
                      {"working", "person.age_years < 60", "rg_criteria"}}),
              IsEmpty());
}

TEST_F(Linter, ACriterionThatNeverDecides) {
  const Finding covered =
      OnlyOne({{"woman", "person.sex = \"female\" or person.student = true", "rg_age"},
               {"man", "person.sex = \"male\" or person.student = true", "rg_criteria"},
               {"student", "person.student = true or person.income < -5", "rg_income"}});
  EXPECT_EQ(covered.check, "never-decides");
  EXPECT_EQ(covered.of, "student");
  EXPECT_THAT(WitnessGrounds(covered), Contains("rg_income"));
  EXPECT_GE(WitnessGrounds(covered).size(), 2u);
  const Finding range =
      OnlyOne({{"low", "person.age_years >= 18 or person.sex = \"male\"", "rg_age"},
               {"high", "person.age_years < 60 and person.sex = \"female\"", "rg_criteria"},
               {"mid", "person.age_years >= 16 and person.age_years < 70", "rg_income"}});
  EXPECT_EQ(range.check, "never-decides");
  EXPECT_EQ(range.of, "mid");
}

TEST_F(Linter, ACriterionThatOnePersonAloneFailsIsClean) {
  EXPECT_THAT(Checks({{"woman", "person.sex = \"female\" or person.student = true", "rg_age"},
                      {"student", "person.student = true or person.income < 5", "rg_income"}}),
              IsEmpty());
}

TEST_F(Linter, AGroundThatNothingReaches) {
  const std::vector<Finding> findings =
      Found({{"adult", "person.age_years >= 18", "rg_age"},
             {"sex", "person.sex = \"female\" or person.sex = \"male\"", "rg_medical"}});
  EXPECT_THAT(Names(findings), Contains("ground-unreachable rg_medical"));
  const Finding& ground = findings.back();
  ASSERT_TRUE(ground.witness);
  EXPECT_THAT(At(ground.where), HasSubstr("person.sex = "));
  EXPECT_THAT(Checks({{"adult", "person.age_years >= 18", "rg_age"},
                      {"bool", "person.student or not(person.student)", "rg_income"},
                      {"again", "person.alive or not(person.alive)", "rg_income"}}),
              AllOf(Contains("always-holds bool"), Contains("always-holds again"),
                    Contains("ground-unreachable rg_income")));
}

TEST_F(Linter, AGroundThatAnotherCriterionOrAConditionReachesIsClean) {
  EXPECT_THAT(
      Checks({{"adult", "person.age_years >= 18", "rg_age"},
              {"sex", "person.sex in (\"female\", \"male\")", "rg_medical"}},
             "    conditions:\n      - {id: c, text: {ru: К, en: C}, ground: rg_medical}\n"),
      ElementsAre("always-holds sex"));
}

TEST_F(Linter, PartsThatDecideNothing) {
  const Finding operand =
      OnlyOne({{"adult", "person.age_years >= 18 or person.age_years >= 60", "rg_age"}});
  EXPECT_EQ(operand.check, "dead-part");
  EXPECT_EQ(operand.of, "adult");
  EXPECT_EQ(At(operand.where).substr(0, 22), "person.age_years >= 60");
  ASSERT_TRUE(operand.witness);
  EXPECT_EQ(operand.witness->expect, "eligible");
  const Finding nested =
      OnlyOne({{"poor", "person.student = true and (person.income < 5 or person.income < 3)",
                "rg_income"}});
  EXPECT_EQ(At(nested.where).substr(0, 17), "person.income < 3");
}

TEST_F(Linter, ABranchThatIsNeverTaken) {
  const Finding branch =
      OnlyOne({{"sex",
                "if person.sex in (\"female\", \"male\") then person.student = true "
                "else person.income < 5",
                "rg_age"}});
  EXPECT_EQ(branch.check, "dead-part");
  EXPECT_EQ(At(branch.where).substr(0, 17), "person.income < 5");
  ASSERT_TRUE(branch.witness);
}

TEST_F(Linter, PartsAndBranchesThatSomebodyNeedsAreClean) {
  EXPECT_THAT(Checks({{"adult", "person.age_years >= 18 or person.student = true", "rg_age"},
                      {"sum",
                       "if person.sex = \"female\" then person.income < 5 "
                       "else person.income < 3",
                       "rg_income"}}),
              IsEmpty());
}

TEST_F(Linter, WhatIsAskedThoughARegistryHoldsIt) {
  attribute_ =
      "id: person.pension, type: money, unit: RUB, name: {ru: П, en: P}, registry: tax, "
      "category: identity, completeness: open, askable: true, "
      "verification: from_knowledge";
  const Finding asked = OnlyOne({{"small", "person.pension < 10", "rg_income"}});
  EXPECT_EQ(asked.check, "asked-though-held");
  EXPECT_EQ(asked.of, "person.pension");
  EXPECT_EQ(asked.service, ServiceId("benefit"));
  EXPECT_THAT(asked.text, HasSubstr("tax"));
  ASSERT_TRUE(asked.witness);
  EXPECT_EQ(asked.witness->facts.front().first, AttributeId("person.pension"));
  EXPECT_EQ(asked.witness->expect, "eligible");
  // Nobody decides by it, and the person may report it first.
  attribute_ =
      "id: person.pension, type: money, unit: RUB, name: {ru: П, en: P}, registry: declared, "
      "also: [tax], category: identity, completeness: open, askable: true, "
      "verification: from_knowledge";
  EXPECT_THAT(Checks(kClean), ElementsAre("asked-though-held person.pension"));
}

TEST_F(Linter, WhatIsAskedIsFoundWhereAServiceAsksIt) {
  attribute_ =
      "id: doc.record, type: document, name: {ru: З, en: R}, registry: tax, category: documents, "
      "completeness: open, askable: true, verification: from_knowledge";
  inputs_ = "[doc.record]";
  const Finding asked = OnlyOne(kClean);
  EXPECT_EQ(asked.check, "asked-though-held");
  EXPECT_THAT(asked.text, HasSubstr("benefit asks people for doc.record"));
  EXPECT_THAT(asked.where.file, HasSubstr("services/benefit.yaml"));
  const std::string accepted =
      "    accepted: [{finding: asked-though-held, of: doc.record, why: the registry is new}]\n";
  EXPECT_THAT(Checks(kClean, accepted), IsEmpty());
  inputs_ = "[]";
  EXPECT_THAT(Checks(kClean, accepted), ElementsAre("asked-though-held doc.record"))
      << "nobody asks, so nobody accepts";
}

TEST_F(Linter, APartOfADerivedAttributeThatDecidesNothing) {
  attribute_ =
      "id: derived.needy, type: boolean, name: {ru: Н, en: N}, derive: 'person.student = true and "
      "(person.income < 5 or person.income < 3)'";
  const Finding dead = OnlyOne({{"needy", "derived.needy", "rg_income"}});
  EXPECT_EQ(dead.check, "dead-part");
  EXPECT_EQ(dead.of, "derived.needy");
  EXPECT_EQ(At(dead.where).substr(0, 17), "person.income < 3");
  ASSERT_TRUE(dead.witness);
  EXPECT_THAT(Checks({{"needy", "derived.needy", "rg_income"}},
                     "    accepted: [{finding: dead-part, of: derived.needy, why: law}]\n"),
              IsEmpty());
}

TEST_F(Linter, ABranchOfADerivedNumberThatIsNeverTaken) {
  attribute_ =
      "id: derived.share, type: number, unit: x, name: {ru: Д, en: S}, derive: '2 * (if "
      "person.sex in (\"female\", \"male\") then 1 else 3)'";
  const Finding dead = OnlyOne({{"poor", "person.income < 100 * derived.share", "rg_income"}});
  EXPECT_EQ(dead.of, "derived.share");
  EXPECT_THAT(dead.text, HasSubstr("the branch \"3\" is never taken"));
  ASSERT_TRUE(dead.witness);
}

TEST_F(Linter, ABranchOfAnAmountThatNobodyEntitledTakes) {
  const auto amount = [](const std::string& rule) {
    return "    amount:\n      rule: '" + rule + "'\n      period: month\n";
  };
  const Finding dead = OnlyOne(kClean, amount("if person.age_years < 16 then 50 else 100"));
  EXPECT_EQ(dead.check, "dead-part");
  EXPECT_EQ(dead.of, "amount");
  EXPECT_EQ(At(dead.where).substr(0, 2), "50");
  ASSERT_TRUE(dead.witness);
  EXPECT_EQ(dead.witness->expect, "eligible");
  EXPECT_THAT(Checks(kClean, amount("100 + (if person.student then 50 else 0)")), IsEmpty());
}

TEST_F(Linter, WhatOnlyThePersonKnowsMayBeAsked) {
  attribute_ =
      "id: person.pension, type: money, unit: RUB, name: {ru: П, en: P}, registry: declared, "
      "category: identity, completeness: open, askable: true, verification: from_knowledge";
  EXPECT_THAT(Checks({{"small", "person.pension < 10", "rg_income"}}), IsEmpty());
}

TEST_F(Linter, WhatNoVariantCovers) {
  const Finding age = OnlyOne(kClean, Variants({Variant("young", "person.age_years < 35"),
                                                Variant("old", "person.age_years > 35")}));
  EXPECT_EQ(age.check, "variant-gap");
  EXPECT_EQ(age.of, "benefit");
  ASSERT_TRUE(age.witness);
  EXPECT_EQ(age.witness->expect, "undetermined");
  const Finding code =
      OnlyOne(kClean, Variants({Variant("heavy", "person.disability in (\"I\", \"II\")"),
                                Variant("none", "person.disability = \"none\"")}));
  EXPECT_EQ(code.check, "variant-gap");
  ASSERT_TRUE(code.witness);
  EXPECT_EQ(code.witness->expect, "undetermined");
}

TEST_F(Linter, AGapOfThoseWhomTheCommonCriteriaRefuseOrOtherwiseAnswersIsClean) {
  EXPECT_THAT(Checks(kClean, Variants({Variant("young", "person.age_years in [18..34]"),
                                       Variant("old", "person.age_years >= 35")})),
              IsEmpty());
  EXPECT_THAT(Checks(kClean, Variants({Variant("young", "person.age_years < 35"),
                                       Variant("old", "person.age_years > 35")}) +
                                 kOtherwise),
              IsEmpty());
}

TEST_F(Linter, WhatTwoVariantsCover) {
  const Finding age = OnlyOne(kClean, Variants({Variant("young", "person.age_years <= 35"),
                                                Variant("old", "person.age_years >= 35")}));
  EXPECT_EQ(age.check, "variant-overlap");
  EXPECT_EQ(age.of, "old");
  EXPECT_THAT(At(age.where), HasSubstr("person.age_years >= 35"));
  ASSERT_TRUE(age.witness);
  EXPECT_EQ(age.witness->expect, "undetermined");
  const Finding mixed = OnlyOne(kClean, Variants({Variant("woman", "person.sex = \"female\""),
                                                  Variant("man", "person.sex = \"male\""),
                                                  Variant("student",
                                                          "person.student = true and "
                                                          "person.sex = \"male\"")}));
  EXPECT_EQ(mixed.check, "variant-overlap");
  EXPECT_EQ(mixed.of, "student");
  EXPECT_THAT(mixed.text, HasSubstr("man and student"));
}

TEST_F(Linter, AnOverlapOfThoseWhomTheCommonCriteriaRefuseIsClean) {
  EXPECT_THAT(Checks(kClean, Variants({Variant("young", "person.age_years < 35"),
                                       Variant("old",
                                               "person.age_years >= 35 or "
                                               "person.age_years < 10")})),
              IsEmpty());
}

TEST_F(Linter, AFindingThatTheRegulationAcceptsIsLeftOut) {
  EXPECT_THAT(
      Checks({{"adult", "person.age_years >= 18", "rg_age"},
              {"grown", "person.age_years >= 16", "rg_criteria"}},
             "    accepted: [{finding: checked-twice, of: grown, why: the law says both}]\n"),
      IsEmpty());
}

// By sex; the woman's variant has a criterion of its own.
std::string WithOwn(const std::string& rule, const std::string& ground) {
  return Variants({Variant("woman", "person.sex = \"female\"",
                           ", criteria: [{id: own, rule: '" + rule +
                               "', text: {ru: С, en: O}, ground: " + ground +
                               ", act: law, article: ст. 4, verification: from_knowledge}]"),
                   Variant("man", "person.sex = \"male\"")});
}

TEST_F(Linter, TheCriteriaOfAVariantAreCheckedAmongItsPeople) {
  const Finding never = OnlyOne(kClean, WithOwn("person.age_years < 16", "rg_criteria"));
  EXPECT_EQ(never.check, "nobody-qualifies");
  EXPECT_EQ(never.of, "woman");
  ASSERT_TRUE(never.witness);
  EXPECT_EQ(never.witness->expect, "not eligible");
  const Finding twice = OnlyOne(kClean, WithOwn("person.age_years >= 16", "rg_age"));
  EXPECT_EQ(twice.check, "checked-twice");
  EXPECT_EQ(twice.of, "woman.own");
  EXPECT_THAT(At(twice.where), HasSubstr("person.age_years >= 16"));
  const Finding part =
      OnlyOne(kClean, WithOwn("person.age_years >= 55 or person.age_years >= 60", "rg_criteria"));
  EXPECT_EQ(part.check, "dead-part");
  EXPECT_EQ(part.of, "woman.own");
  // Everybody in the category is a woman.
  EXPECT_THAT(Checks(kClean, WithOwn("person.sex = \"female\"", "rg_medical")),
              ElementsAre("always-holds woman.own", "ground-unreachable rg_medical"));
}

TEST_F(Linter, ACriterionOfAVariantThatDecidesThereIsClean) {
  EXPECT_THAT(Checks(kClean, WithOwn("person.age_years >= 55", "rg_criteria")), IsEmpty());
  EXPECT_THAT(Checks(kClean, WithOwn("person.student = false", "rg_age")), IsEmpty());
}

TEST_F(Linter, FlawsOfTheCommonCriteriaAreReportedOnce) {
  Criteria criteria = kClean;
  criteria.push_back({"grown", "person.age_years >= 16", "rg_criteria"});
  regional_["50"] = "term: {value: 3, unit: working_days}\n";
  EXPECT_THAT(Checks(criteria, WithOwn("person.age_years >= 55", "rg_criteria") +
                                   "    open_to_regions: [term]\n"),
              ElementsAre("checked-twice grown"));
}

TEST_F(Linter, ACategoryThatCoversNobody) {
  const Finding nobody = OnlyOne(kClean, Variants({Variant("adult", "person.age_years >= 18"),
                                                   Variant("child", "person.age_years < 18")}));
  EXPECT_EQ(nobody.check, "nobody-qualifies");
  EXPECT_EQ(nobody.of, "child");
  EXPECT_THAT(At(nobody.where), HasSubstr("person.age_years < 18"));
  const Finding part =
      OnlyOne(kClean, Variants({Variant("woman",
                                        "person.sex = \"female\" and person.age_years > 5 or "
                                        "person.sex = \"female\" "),
                                Variant("man", "person.sex = \"male\"")}));
  EXPECT_EQ(part.check, "dead-part");
  EXPECT_EQ(part.of, "woman");
  EXPECT_THAT(part.text, HasSubstr("in the category woman"));
}

std::string RegionalCriterion(const std::string& id, const std::string& rule,
                              const std::string& ground) {
  return "criteria:\n  - {id: " + id + ", rule: '" + rule +
         "', text: {ru: Р, en: R}, ground: " + ground +
         ", act: law, article: ст. 7, verification: from_knowledge}\n";
}

constexpr const char* kOpen = "    open_to_regions: [criteria]\n";

TEST_F(Linter, TheCriteriaOfARegionAreCheckedThere) {
  regional_["50"] = RegionalCriterion("local", "person.age_years < 16", "rg_age");
  const Finding never = OnlyOne(kClean, kOpen);
  EXPECT_EQ(never.check, "nobody-qualifies");
  ASSERT_TRUE(never.witness);
  EXPECT_EQ(never.witness->region, "50");
  EXPECT_EQ(never.witness->expect, "not eligible");
  regional_["50"] =
      RegionalCriterion("poor", "person.income < 10 or person.income < 5", "rg_income");
  const Finding part = OnlyOne(kClean, kOpen);
  EXPECT_EQ(part.check, "dead-part");
  EXPECT_EQ(part.of, "poor");
  EXPECT_THAT(part.where.file, HasSubstr("regional/50/benefit.yaml"));
  // Replaced by what an unchanged later one checks as well.
  regional_["50"] = RegionalCriterion("adult", "person.income < 10000", "rg_age");
  EXPECT_EQ(OnlyOne(kClean, kOpen).of, "adult");
}

TEST_F(Linter, ARegionThatOpensAGapBetweenVariants) {
  const std::string variants = Variants(
      {Variant("young", "person.age_years in [18..34]"), Variant("old", "person.age_years >= 35")});
  regional_["50"] = RegionalCriterion("adult", "person.age_years >= 16", "rg_age");
  const Finding gap = OnlyOne(kClean, variants + kOpen);
  EXPECT_EQ(gap.check, "variant-gap");
  ASSERT_TRUE(gap.witness);
  EXPECT_EQ(gap.witness->region, "50");
  EXPECT_EQ(gap.witness->expect, "undetermined");
}

TEST_F(Linter, ARegionWhoseCriteriaDecideIsClean) {
  regional_["50"] = RegionalCriterion("poor", "person.income < 500", "rg_income");
  regional_["77"] = RegionalCriterion("local", "person.student = true", "rg_age");
  EXPECT_THAT(Checks(kClean, kOpen), IsEmpty());
}

TEST_F(Linter, ATypicalRegulationIsShownWhereNoRegionReplacesIt) {
  regional_["77"] = RegionalCriterion("grown", "person.age_years >= 21", "rg_criteria");
  Criteria criteria = kClean;
  criteria.push_back({"grown", "person.age_years >= 16", "rg_criteria"});
  const std::vector<Finding> findings = Found(criteria, kOpen);
  ASSERT_THAT(Names(findings), ElementsAre("checked-twice grown"));
  EXPECT_NE(findings.front().witness->region, "77");
  EXPECT_THAT(WitnessGrounds(findings.front()), ElementsAre("rg_age", "rg_criteria"));
}

TEST_F(Linter, AServiceAboutAChildIsShownByApplicantAndChild) {
  const std::vector<Finding> findings = Found({{"small", "child.age_years < 3", "rg_age"},
                                               {"minor", "child.age_years < 18", "rg_criteria"},
                                               {"adult", "person.age_years >= 18", "rg_income"}},
                                              {}, "child");
  EXPECT_THAT(Names(findings), ElementsAre("checked-twice minor"));
  EXPECT_THAT(WitnessGrounds(findings.front()), AllOf(Contains("rg_age"), Contains("rg_criteria")));
}

TEST(LintOfEvents, ALifeEventThatOpensNoSituationIsNamed) {
  SmallCatalogue catalogue;
  WithPeople(catalogue);
  catalogue.Service("benefit", "person", kClean).Situation("birth", "child", "[benefit]");
  std::ofstream(catalogue.folder() + "/events.yaml", std::ios::app)
      << "  - {id: event.registered, name: {ru: Внесён, en: Registered}, detect: registry,\n"
         "     registry: zags, roles: [person], subject: person, creates: person}\n"
         "  - {id: event.moved, name: {ru: Переезд, en: Moved}, detect: registry,\n"
         "     registry: zags, roles: [person], subject: person}\n";
  std::vector<Finding> findings = Lint(catalogue.Compile(), Day("2026-03-15")).findings;
  std::erase_if(findings, [](const Finding& each) { return each.check != "event-opens-nothing"; });
  ASSERT_THAT(Names(findings), ElementsAre("event-opens-nothing event.moved"));
  EXPECT_THAT(findings.front().text, HasSubstr("opens no situation"));
  EXPECT_THAT(findings.front().where.file, HasSubstr("events.yaml"));
  EXPECT_GT(findings.front().where.line, 0u);
}

TEST(LintOfTheShippedCatalogue, FindsNothing) {
  const std::string folder = KSTATI_DATA "/catalogue";
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::Catalogue catalogue =
      graph::LoadCatalogue(folder, KnownAttributesOf(dictionary), issues);
  const Program program(catalogue, dictionary, issues);
  for (const Finding& finding : Lint(program, Day("2026-03-15")).findings) {
    ADD_FAILURE() << Render(ToIssue(finding), "");
  }
}

}  // namespace
}  // namespace kstati::eligibility
