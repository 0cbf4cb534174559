// SPDX-License-Identifier: Apache-2.0
#include "eligibility/achievability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "eligibility/known_attributes.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A catalogue whose services give something, with one situation.
class Offered {
 public:
  explicit Offered(std::string about = "person") : about_(std::move(about)) {
    WithPeople(catalogue_);
    for (const char* id : {"doc.form", "doc.paper", "pay.help"}) {
      const std::string type = std::string(id).starts_with("pay") ? "payment" : "document";
      catalogue_.Attribute("id: " + std::string(id) + ", type: " + type +
                           ", name: {ru: Вещь, en: Thing}, registry: tax, category: work, "
                           "completeness: complete, askable: false, verification: from_knowledge");
    }
    catalogue_.Attribute(
        "id: doc.birth, type: document, name: {ru: Запись, en: Record}, registry: zags, category: "
        "work, completeness: complete, askable: false, holder: about, verification: "
        "from_knowledge");
    catalogue_.Attribute(
        "id: status.known, type: boolean, name: {ru: Статус, en: Status}, registry: tax, category: "
        "work, completeness: complete, askable: false, verification: from_knowledge");
  }

  Offered& Service(const std::string& id, const std::string& rule, const std::string& inputs,
                   const std::string& outputs, const std::string& about = "person") {
    catalogue_.Asks(0, inputs);
    catalogue_.Service(id, about, {{"only", rule}});
    Replace("services/" + id, "outputs: []", "outputs: " + outputs);
    services_ += (services_.empty() ? "" : ", ") + id;
    return *this;
  }

  // From the day it is given. Then days matter, and there is a calendar: weekends alone are off.
  Offered& ValidFor(const std::string& document, int64_t days) {
    std::ofstream(catalogue_.folder() + "/calendars/2026.yaml")
        << "year: 2026\nverification: from_knowledge\ndays_off: []\n";
    validities_[AttributeId(document)] = {{0, days}, {}};
    return *this;
  }

  AchievabilityReport Prove(const std::string& goals) {
    catalogue_.Situation("life", about_, "[" + services_ + "]");
    Replace("situations/life", "goals: []", "goals: " + goals);
    const Program& program = catalogue_.Compile();
    EXPECT_THAT(catalogue_.issues(), IsEmpty());
    const graph::ServiceGraph services(program.catalogue(), Day("2026-03-15"));
    return ProveAchievable(program, services, graph::Validities(validities_), Day("2026-03-15"));
  }

 private:
  void Replace(const std::string& name, const std::string& what, const std::string& by) const {
    const std::string path = catalogue_.folder() + "/" + name + ".yaml";
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << path;
    std::ofstream(path) << text.replace(at, what.size(), by);
  }

  SmallCatalogue catalogue_;
  std::string about_;
  std::string services_;
  std::map<AttributeId, graph::Validity> validities_;
};

const SituationProof& Only(const AchievabilityReport& report) {
  EXPECT_EQ(report.situations.size(), 1U);
  return report.situations.front();
}

std::vector<std::string> ChecksOf(const AchievabilityReport& report) {
  std::vector<std::string> checks;
  for (const Finding& finding : report.findings) checks.push_back(finding.check + " " + finding.of);
  return checks;
}

TEST(Achievability, APersonIsFoundWhoTakesOneStepAfterTheOther) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.income < 100", "[]", "[doc.form]")
          .Service("second", "person.age_years >= 18", "[doc.form]", "[pay.help]")
          .Prove("[pay.help]");
  const SituationProof& proof = Only(report);
  EXPECT_TRUE(proof.is_proven());
  ASSERT_EQ(proof.ways.size(), 1U);
  EXPECT_THAT(proof.ways[0].steps, ElementsAre(ServiceId("first"), ServiceId("second")));
  EXPECT_THAT(ToText(proof), HasSubstr("person.income: \"99\""));
  EXPECT_THAT(ChecksOf(report), IsEmpty());
}

TEST(Achievability, CriteriaThatExcludeEachOtherAlongTheWayRefuteTheGoal) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years < 14", "[]", "[doc.form]")
          .Service("second", "person.age_years >= 18", "[doc.form]", "[pay.help]")
          .Prove("[pay.help]");
  EXPECT_THAT(Only(report).refuted, ElementsAre(AttributeId("pay.help")));
  EXPECT_THAT(ChecksOf(report), ElementsAre("goal-unreachable pay.help", "dead-service second"));
  EXPECT_THAT(report.findings[1].text, HasSubstr("nobody may have all of second, first"));
  ASSERT_TRUE(report.findings[1].witness);
  EXPECT_EQ(report.findings[1].witness->expect, "eligible");
}

TEST(Achievability, AnotherAlternativeOpensTheWay) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years < 14", "[]", "[doc.form]")
          .Service("other", "person.age_years >= 14", "[]", "[doc.paper]")
          .Service("second", "person.age_years >= 18", "[{any_of: [doc.form, doc.paper]}]",
                   "[pay.help]")
          .Prove("[pay.help]");
  ASSERT_TRUE(Only(report).is_proven());
  EXPECT_THAT(Only(report).ways[0].steps, ElementsAre(ServiceId("other"), ServiceId("second")));
}

TEST(Achievability, ServicesThatWaitForEachOtherAreDead) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years >= 18", "[doc.paper]", "[doc.form]")
          .Service("second", "person.age_years >= 18", "[doc.form]", "[doc.paper]")
          .Prove("[doc.paper]");
  EXPECT_THAT(ChecksOf(report), ElementsAre("goal-unreachable doc.paper", "dead-service first",
                                            "dead-service second"));
  EXPECT_THAT(report.findings[0].text, HasSubstr("wait for each other"));
}

TEST(Achievability, WhatAStepGivesOpensTheNext) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years >= 18", "[]", "[doc.form, status.known]")
          .Service("second", "status.known", "[doc.form]", "[pay.help]")
          .Prove("[pay.help]");
  ASSERT_TRUE(Only(report).is_proven());
  EXPECT_THAT(ToText(Only(report)), testing::Not(HasSubstr("status.known: \"true\"")));
}

TEST(Achievability, GoalsForDifferentPeopleAreProvenBySeveral) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years < 14", "[]", "[doc.form]")
          .Service("second", "person.age_years >= 18", "[]", "[doc.paper]")
          .Prove("[doc.form, doc.paper]");
  EXPECT_TRUE(Only(report).is_proven());
  EXPECT_EQ(Only(report).ways.size(), 2U);
}

TEST(Achievability, PeopleHoldWhatTheyWereGivenAsChildren) {
  const AchievabilityReport report =
      Offered()
          .Service("birth", "child.age_years < 1", "[]", "[doc.birth]", "child")
          .Service("passport", "person.age_years >= 14", "[doc.birth]", "[doc.paper]")
          .Prove("[doc.paper]");
  EXPECT_TRUE(Only(report).is_proven());
  EXPECT_THAT(ChecksOf(report), IsEmpty());
}

TEST(Achievability, WhatCannotBeToldStaysOpenAndIsNotClaimed) {
  const AchievabilityReport report =
      Offered()
          .Service("odd", "modulo(person.income * person.income, 7) = 4", "[]", "[pay.help]")
          .Prove("[pay.help]");
  EXPECT_THAT(Only(report).open, ElementsAre(AttributeId("pay.help")));
  EXPECT_THAT(report.open, ElementsAre(ServiceId("odd")));
  EXPECT_THAT(ChecksOf(report), IsEmpty());
  EXPECT_THAT(ToText(Only(report)), HasSubstr("stayed open"));
}

// Every service of the small world takes five working days.
AchievabilityReport ProveWithForm(int64_t valid_days) {
  return Offered()
      .Service("first", "person.age_years >= 18", "[]", "[doc.form]")
      .Service("between", "person.age_years >= 14", "[doc.form]", "[doc.paper]")
      .Service("last", "person.age_years >= 18", "[doc.form, doc.paper]", "[pay.help]")
      .ValidFor("doc.form", valid_days)
      .Prove("[pay.help]");
}

TEST(Achievability, AValidityAsLongAsTheQuickestWayIsLongEnough) {
  // From Monday the 23rd to Monday the 30th.
  const AchievabilityReport report = ProveWithForm(7);
  EXPECT_TRUE(Only(report).is_proven());
  EXPECT_THAT(ChecksOf(report), IsEmpty());
}

TEST(Achievability, AValidityShorterThanTheQuickestWayRefutesTheGoalWithAWitness) {
  const AchievabilityReport report = ProveWithForm(6);
  EXPECT_THAT(Only(report).refuted, ElementsAre(AttributeId("pay.help")));
  ASSERT_THAT(ChecksOf(report), testing::Contains("validity-too-short pay.help"));
  const Finding& finding = report.findings.front();
  EXPECT_THAT(finding.text, HasSubstr("doc.form is accepted for 6 days"));
  EXPECT_THAT(finding.text, HasSubstr("last, which needs it, begins on"));
  EXPECT_THAT(finding.remedy, HasSubstr("validities.yaml"));
  ASSERT_TRUE(finding.witness);
  EXPECT_THAT(ToYaml(*finding.witness), HasSubstr("person.birth_date"));
}

TEST(Achievability, WhatIsGivenLaterSavesAShortValidity) {
  const AchievabilityReport report =
      Offered()
          .Service("first", "person.age_years >= 18", "[]", "[doc.form]")
          .Service("slow", "person.age_years >= 18", "[]", "[status.known]")
          .Service("between", "person.age_years >= 18", "[status.known]", "[doc.paper]")
          .Service("last", "person.age_years >= 18", "[doc.form, doc.paper]", "[pay.help]")
          .ValidFor("doc.form", 1)
          .Prove("[pay.help]");
  EXPECT_TRUE(Only(report).is_proven()) << "the form can be fetched when the paper is there";
  EXPECT_THAT(ChecksOf(report), IsEmpty());
}

TEST(Achievability, TheCatalogueIsProvenAsAWhole) {
  const std::string folder = KSTATI_DATA "/catalogue";
  std::vector<Issue> issues;
  const profile::Dictionary dictionary = profile::LoadDictionary(folder, issues);
  const graph::Catalogue catalogue =
      graph::LoadCatalogue(folder, KnownAttributesOf(dictionary), issues);
  const Program program(catalogue, dictionary, issues);
  ASSERT_FALSE(HasErrors(issues));
  const graph::ServiceGraph services(catalogue, Day("2026-03-15"));
  const graph::Validities validities = graph::LoadValidities(folder, catalogue, issues);
  ASSERT_FALSE(HasErrors(issues));
  const AchievabilityReport report =
      ProveAchievable(program, services, validities, Day("2026-03-15"));
  EXPECT_EQ(report.situations.size(), 22U);
  for (const SituationProof& proof : report.situations) {
    EXPECT_TRUE(proof.is_proven()) << ToText(proof);
  }
  EXPECT_THAT(ChecksOf(report), IsEmpty());
  EXPECT_THAT(report.open, IsEmpty());
}

}  // namespace
}  // namespace kstati::eligibility
