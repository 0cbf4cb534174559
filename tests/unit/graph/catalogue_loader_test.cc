// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/catalogue.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kServiceFile = "services/snils_newborn.yaml";
constexpr const char* kSituationFile = "situations/child_birth.yaml";

class CatalogueLoaderTest : public ::testing::Test {
 protected:
  std::vector<std::string> Problems() {
    files_.Load();
    return files_.Problems();
  }
  std::string Hint() const { return files_.issues().empty() ? "" : files_.issues().front().hint; }

  SmallCatalogue files_;
};

TEST_F(CatalogueLoaderTest, AGoodCatalogueIsRead) {
  const Catalogue catalogue = files_.Load();
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(catalogue.FindAuthority("sfr")->name.en, "SFR");
  EXPECT_EQ(catalogue.FindAct(ActId("fz_81"))->number, "81-ФЗ");
  EXPECT_EQ(catalogue.FindSource("address")->quality, "news");
  EXPECT_EQ(catalogue.FindGround(GroundId("rg_medical"))->text.en, "Commission");
  EXPECT_EQ(catalogue.FindParameter(ParameterId("lump_sum"))->values.size(), 2u);
  EXPECT_EQ(catalogue.calendar().last_year(), 2026);
  EXPECT_EQ(catalogue.FindService(ServiceId("no_such")), nullptr);
}

constexpr const char* kLegalBases = R"(legal_bases:
  - id: lump_sum_on_request
    purpose: {ru: Назначить, en: Grant it}
    categories: [family]
    recipients: [sfr]
    act: fz_81
    article: art. 1
    verification: from_knowledge
)";

TEST_F(CatalogueLoaderTest, ALegalBasisIsReadAndWhatItNamesMustExist) {
  EXPECT_TRUE(files_.Load().legal_bases().empty()) << "the file is optional";
  files_.Write("legal_bases.yaml", kLegalBases);
  const Catalogue catalogue = files_.Load();
  ASSERT_THAT(files_.Problems(), IsEmpty());
  ASSERT_EQ(catalogue.legal_bases().size(), 1u);
  const LegalBasis& basis = catalogue.legal_bases().front();
  EXPECT_EQ(basis.purpose.en, "Grant it");
  EXPECT_THAT(basis.categories, ElementsAre("family"));
  EXPECT_THAT(basis.recipients, ElementsAre("sfr"));
  EXPECT_EQ(basis.source.act, ActId("fz_81"));

  files_.Replace("legal_bases.yaml", "recipients: [sfr]", "recipients: [srf]");
  EXPECT_THAT(Problems(), ElementsAre("legal_bases.yaml:5 there is no authority \"srf\""));
  EXPECT_THAT(Hint(), HasSubstr("sfr"));
  files_.Replace("legal_bases.yaml", "recipients: [srf]", "recipient: [sfr]");
  EXPECT_THAT(Problems(), ElementsAre(HasSubstr("legal_bases.yaml:5")));
}

TEST_F(CatalogueLoaderTest, TheControllerIsRead) {
  EXPECT_EQ(files_.Load().controller().authority, "");
  files_.Write("controller.yaml", R"(authority: sfr
address: {ru: Улица, en: Street}
contact: "1"
jurisdiction: RU
storage: {ru: Здесь, en: Here}
retention: {ru: Год, en: A year}
withdrawal: {ru: Письмом, en: By letter}
notice: "2"
verification: from_knowledge
)");
  const Catalogue catalogue = files_.Load();
  ASSERT_THAT(files_.Problems(), IsEmpty());
  EXPECT_EQ(catalogue.controller().authority, "sfr");
  EXPECT_EQ(catalogue.controller().withdrawal.en, "By letter");
  files_.Replace("controller.yaml", "authority: sfr", "authority: nobody");
  EXPECT_THAT(Problems(), ElementsAre("controller.yaml:1 there is no authority \"nobody\""));
}

TEST_F(CatalogueLoaderTest, AnEventIsRead) {
  const Catalogue catalogue = files_.Load();
  const EventType* const born = catalogue.FindEventType(EventTypeId("event.child_born"));
  ASSERT_NE(born, nullptr);
  EXPECT_EQ(born->detection, Detection::kRegistry);
  EXPECT_EQ(born->registry.text(), "zags");
  EXPECT_EQ(born->creates, "child");
  ASSERT_EQ(born->relations.size(), 1u);
  EXPECT_EQ(born->relations[0].from_role, "mother");
  EXPECT_EQ(born->proves, std::vector<AttributeId>{AttributeId("doc.birth_record")});
  const EventType* const age = catalogue.FindEventType(EventTypeId("event.age_14"));
  ASSERT_NE(age, nullptr);
  EXPECT_EQ(age->detection, Detection::kDate);
  EXPECT_EQ(age->after, (Period{168, 0}));
}

TEST_F(CatalogueLoaderTest, ASituationIsRead) {
  const Catalogue catalogue = files_.Load();
  const Situation* const birth = catalogue.FindSituation(SituationId("child_birth"));
  ASSERT_NE(birth, nullptr);
  EXPECT_EQ(birth->lasts, (Period{18, 0}));
  EXPECT_EQ(birth->services, std::vector<ServiceId>{ServiceId("snils_newborn")});
  EXPECT_EQ(birth->goals, std::vector<AttributeId>{AttributeId("doc.snils")});
}

TEST_F(CatalogueLoaderTest, TheVersionIsThatOfTheFiles) {
  const std::string version = files_.Load().version();
  EXPECT_EQ(version.size(), 16u);
  EXPECT_EQ(files_.Load().version(), version);
  files_.Append("acts.yaml", "# a remark\n");
  EXPECT_NE(files_.Load().version(), version);
}

TEST_F(CatalogueLoaderTest, AMissingFileIsAnIssue) {
  files_.Remove("acts.yaml");
  EXPECT_THAT(Problems(), ::testing::Contains("acts.yaml:0 the file cannot be read"));
}

TEST_F(CatalogueLoaderTest, AnUnknownAttributeIsReportedWithTheNearest) {
  files_.Replace(kServiceFile, "- doc.birth_record\n", "- doc.birthrecord_unknown\n");
  EXPECT_THAT(Problems(), ElementsAre("snils_newborn.yaml:16 there is no attribute "
                                      "\"doc.birthrecord_unknown\""));
  EXPECT_EQ(Hint(), "did you mean \"doc.birth_record\"?");
}

TEST_F(CatalogueLoaderTest, EveryReferenceOfAServiceIsChecked) {
  const std::vector<std::pair<std::string, std::string>> changes{
      {"authority: sfr", "authority: srf"},
      {"triggers: [event.child_born]", "triggers: [event.child_bron]"},
      {"outputs: [doc.snils]", "outputs: [doc.snils_unknown]"},
      {"any_of: [doc.passport", "any_of: [doc.passport_unknown"},
      {"mode_basis: {act: fz_81", "mode_basis: {act: fz_18"},
      {"        act: fz_81\n        article: ст. 2", "        act: fz_82\n        article: ст. 2"},
      {"sources: [address]", "sources: [adress]"},
      {"grounds: [rg_criteria, rg_medical]", "grounds: [rg_criteria, rg_medical, rg_other]"},
      {"parameters: [lump_sum]", "parameters: [lump_som]"},
      {"event: event.child_born, act", "event: event.child_bron, act"},
      {"facts: {person.citizenship_rf: \"true\"}", "facts: {person.a_unknown: \"true\"}"}};
  for (const auto& [old_text, new_text] : changes) {
    SmallCatalogue files;
    files.Replace(kServiceFile, old_text, new_text);
    files.Load();
    // An unknown goal output also leaves the situation without its goal, which is a warning.
    EXPECT_THAT(files.Problems(), ::testing::Contains(HasSubstr("there is no "))) << new_text;
    EXPECT_TRUE(HasErrors(files.issues()));
  }
}

TEST_F(CatalogueLoaderTest, EveryReferenceOfASituationIsChecked) {
  files_.Replace(kSituationFile, "triggers: [event.child_born]", "triggers: [event.born]");
  files_.Replace(kSituationFile, "services: [snils_newborn]", "services: [snils_newbron]");
  files_.Replace(kSituationFile, "goals: [doc.snils]", "goals: [doc.goal_unknown]");
  EXPECT_THAT(Problems(),
              ElementsAre("child_birth.yaml:4 there is no event \"event.born\"",
                          "child_birth.yaml:8 there is no service \"snils_newbron\"",
                          "child_birth.yaml:9 there is no attribute \"doc.goal_unknown\"",
                          HasSubstr("warning child_birth.yaml:9 no service of this situation")));
}

TEST_F(CatalogueLoaderTest, AGoalThatNoServiceOfTheSituationReachesIsAWarning) {
  files_.Replace(kSituationFile, "goals: [doc.snils]", "goals: [doc.snils, pay.lump]");
  EXPECT_THAT(Problems(), ElementsAre("warning child_birth.yaml:9 no service of this situation has "
                                      "the output \"pay.lump\""));
  EXPECT_FALSE(HasErrors(files_.issues()));
}

TEST_F(CatalogueLoaderTest, RolesOfASituationAreThoseOfItsEvents) {
  files_.Replace(kSituationFile, "concerns: [mother]", "concerns: [mother, father]");
  files_.Replace(kSituationFile, "about: child", "about: deceased");
  EXPECT_THAT(Problems(),
              ElementsAre(HasSubstr("child_birth.yaml:5 no event that triggers this situation has "
                                    "the role \"father\""),
                          HasSubstr("child_birth.yaml:6 the event \"event.child_born\" has no role "
                                    "\"deceased\"")));
}

TEST_F(CatalogueLoaderTest, RelativesOfTheSubjectMayBeConcerned) {
  files_.Replace("events.yaml", "    creates: child\n",
                 "    creates: child\n    concerns_relatives: [parent]\n");
  files_.Replace(kSituationFile, "concerns: [mother]", "concerns: [mother, parent]");
  EXPECT_THAT(Problems(), IsEmpty());
}

TEST_F(CatalogueLoaderTest, AnIdIsDeclaredOnceInAllFiles) {
  files_.Write("parameters/second.yaml",
               "parameters:\n  - id: lump_sum\n    name: {ru: a, en: b}\n    unit: RUB\n"
               "    type: money\n    act: fz_81\n    values:\n"
               "      - {from: 2026-01-01, region: RU, value: 1, verification: computed}\n");
  EXPECT_THAT(Problems(),
              ElementsAre("second.yaml:2 the parameter \"lump_sum\" is declared twice"));
  EXPECT_THAT(Hint(), HasSubstr("family.yaml:2"));
}

TEST_F(CatalogueLoaderTest, AFileIsNamedAfterItsId) {
  files_.Replace(kSituationFile, "situation: child_birth", "situation: birth");
  EXPECT_THAT(Problems(), ElementsAre("child_birth.yaml:1 the file is named child_birth.yaml"));
}

TEST_F(CatalogueLoaderTest, AnIdIsMadeOfSmallLetters) {
  files_.Replace("authorities.yaml", "id: sfr", "id: SFR");
  EXPECT_THAT(Problems(), ElementsAre("authorities.yaml:2 \"SFR\" is not an id",
                                      "snils_newborn.yaml:4 there is no authority \"sfr\""));
}

TEST_F(CatalogueLoaderTest, ConfirmedNeedsASource) {
  files_.Replace("acts.yaml", "verification: from_knowledge", "verification: confirmed");
  EXPECT_THAT(Problems(), ElementsAre("acts.yaml:3 confirmed by nothing"));
}

TEST_F(CatalogueLoaderTest, UnknownKeysAreRejectedEverywhere) {
  files_.Replace("acts.yaml", "number:", "nomber: 1, number:");
  files_.Replace("events.yaml", "    proves:", "    attribute: person.a\n    proves:");
  files_.Replace(kSituationFile, "lasts:", "last: P1M\nlasts:");
  EXPECT_THAT(Problems(), ElementsAre("acts.yaml:2 unknown key \"nomber\"",
                                      "events.yaml:12 unknown key \"attribute\"",
                                      "child_birth.yaml:7 unknown key \"last\""));
}

TEST_F(CatalogueLoaderTest, AStandardOfASituationIsRead) {
  files_.Replace(kSituationFile, "lasts:",
                 "standard: {visits: 1, act: fz_81, article: п. 8, verification: from_knowledge}\n"
                 "lasts:");
  const Catalogue catalogue = files_.Load();
  EXPECT_THAT(files_.Problems(), IsEmpty());
  const Situation& situation = catalogue.situations().front();
  ASSERT_TRUE(situation.standard);
  EXPECT_EQ(situation.standard->visits, 1);
  EXPECT_EQ(situation.standard->documents, std::nullopt);
  EXPECT_EQ(situation.standard->source.article, "п. 8");
}

TEST_F(CatalogueLoaderTest, AStandardHasAFigureAndASource) {
  files_.Replace(kSituationFile, "lasts:",
                 "standard: {act: nothing, article: п. 8, verification: from_knowledge}\nlasts:");
  EXPECT_THAT(Problems(), ElementsAre("child_birth.yaml:7 a standard without a figure",
                                      "child_birth.yaml:7 there is no act \"nothing\""));
}

TEST_F(CatalogueLoaderTest, TheRolesOfAnEventAreClosed) {
  files_.Replace("events.yaml", "required: [child]", "required: [father]");
  files_.Replace("events.yaml", "from: mother, kind: parent", "from: uncle, kind: cousin");
  EXPECT_THAT(Problems(),
              ElementsAre("events.yaml:7 \"father\" is not one of: child, mother",
                          "events.yaml:11 \"uncle\" is not one of: child, mother",
                          "events.yaml:11 \"cousin\" is not one of: parent, spouse, guardian, "
                          "household"));
}

TEST_F(CatalogueLoaderTest, TheRegistryOfAnEventExists) {
  files_.Replace("events.yaml", "registry: zags", "registry: zaks");
  EXPECT_THAT(Problems(), ElementsAre("events.yaml:5 there is no registry \"zaks\""));
}

TEST_F(CatalogueLoaderTest, CalendarsReferToActsAndSources) {
  files_.Write("calendars/2026.yaml",
               "year: 2026\nact: pp_1\nverification: confirmed\nsources: [nowhere]\n"
               "days_off: []\n");
  EXPECT_THAT(Problems(), ElementsAre("2026.yaml:2 there is no act \"pp_1\"",
                                      "2026.yaml:4 there is no source \"nowhere\""));
}

TEST_F(CatalogueLoaderTest, ABrokenFileIsOneIssueAndTheRestIsRead) {
  files_.Write("services/other.yaml", "service: [\n");
  const Catalogue catalogue = files_.Load();
  EXPECT_THAT(files_.Problems(), ElementsAre(HasSubstr("other.yaml:2 ")));
  EXPECT_NE(catalogue.FindService(ServiceId("snils_newborn")), nullptr);
}

}  // namespace
}  // namespace kstati::graph
