// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/scenario.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kSnils = "services/snils_newborn.yaml";
constexpr const char* kOneWay = "    visits: 1\n    channels: [epgu]\n";
constexpr Date kAnyDay{20'514};

constexpr const char* kScenarios = R"(    scenarios:
      - {kind: electronic, visits: 0, channels: [epgu, rpgu]}
      - kind: accelerated
        visits: 1
        channels: [mfc]
        term: {value: 1, unit: working_days}
        fee: {amount: 500}
        act: fz_81
        article: ст. 7
        verification: from_knowledge
      - {kind: traditional, visits: 2, channels: [mfc, office]}
)";

// Problems of the small catalogue with these scenarios instead of its one way, and one change.
std::vector<std::string> Problems(const std::string& scenarios, const std::string& old_text = {},
                                  const std::string& new_text = {}) {
  SmallCatalogue files;
  files.Replace(kSnils, kOneWay, scenarios);
  if (!old_text.empty()) files.Replace(kSnils, old_text, new_text);
  files.Load();
  return files.Problems();
}

std::string One(const std::string& scenario) {
  return "    scenarios:\n      - {" + scenario + "}\n";
}

TEST(ScenarioLoaderTest, ScenariosAreReadAndSummedUp) {
  SmallCatalogue files;
  files.Replace(kSnils, kOneWay, kScenarios);
  const Catalogue catalogue = files.Load();
  EXPECT_THAT(files.Problems(), IsEmpty());
  const Regulation& regulation = *catalogue.services()[0].RegulationOn(kAnyDay);
  ASSERT_THAT(regulation.scenarios, SizeIs(3));
  EXPECT_EQ(regulation.visits, 0);
  EXPECT_THAT(regulation.channels, ElementsAre("epgu", "rpgu", "mfc", "office"));
  const Scenario& accelerated = regulation.scenarios[1];
  EXPECT_EQ(accelerated.kind, ScenarioKind::kAccelerated);
  EXPECT_EQ(accelerated.term->value, 1);
  EXPECT_EQ(accelerated.fee->amount, Decimal(500));
  EXPECT_EQ(accelerated.source->article, "ст. 7");
  EXPECT_FALSE(regulation.scenarios[0].term);
}

TEST(ScenarioLoaderTest, WithoutScenariosThereIsTheOneWayThatTheRegulationStates) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const Regulation& regulation = *catalogue.services()[0].RegulationOn(kAnyDay);
  const std::vector<PersonalScenario> usable = ScenariosFor(regulation, {});
  ASSERT_THAT(usable, SizeIs(1));
  EXPECT_EQ(usable[0].scenario, nullptr);
  EXPECT_EQ(usable[0].visits, 1);
  EXPECT_THAT(AppliesThrough(regulation, usable[0]), ElementsAre("epgu"));
}

TEST(ScenarioLoaderTest, WhatTheStateDoesUnaskedNeedsNoChannel) {
  SmallCatalogue files;
  const Catalogue acts = files.Load();
  const Regulation* regulation = acts.services()[0].RegulationOn(kAnyDay);
  ASSERT_EQ(regulation->mode, Mode::kProactiveAct);
  EXPECT_THAT(ScenariosFor(*regulation, {"mfc"}), SizeIs(1));
  files.Replace(kSnils, "mode: proactive-act", "mode: on-request");
  const Catalogue asked = files.Load();
  regulation = asked.services()[0].RegulationOn(kAnyDay);
  EXPECT_THAT(ScenariosFor(*regulation, {"mfc"}), IsEmpty());
}

TEST(ScenarioLoaderTest, AScenarioHasTheVisitsAndChannelsOfItsKind) {
  EXPECT_THAT(Problems(One("kind: electronic, visits: 1, channels: [epgu]")),
              ElementsAre(HasSubstr("asks for no visit")));
  EXPECT_THAT(Problems(One("kind: electronic, visits: 0, channels: [epgu, mfc]")),
              ElementsAre(HasSubstr("through remote channels alone")));
  EXPECT_THAT(Problems(One("kind: visit-for-result, visits: 2, channels: [epgu, mfc]")),
              ElementsAre(HasSubstr("has one visit")));
  EXPECT_THAT(Problems(One("kind: visit-for-result, visits: 1, channels: [epgu]")),
              ElementsAre(HasSubstr("a place for the visit")));
  EXPECT_THAT(Problems(One("kind: accelerated, visits: 1, channels: [mfc, office]")),
              ElementsAre(HasSubstr("at the shared office alone")));
  EXPECT_THAT(Problems(One("kind: accelerated, visits: 0, channels: [mfc]")),
              ElementsAre(HasSubstr("handing in takes a visit")));
  EXPECT_THAT(Problems(One("kind: traditional, visits: 1, channels: [office, epgu]")),
              ElementsAre(HasSubstr("applied for in person")));
  EXPECT_THAT(Problems(One("kind: traditional, visits: 0, channels: [office]")),
              ElementsAre(HasSubstr("takes a visit")));
}

TEST(ScenarioLoaderTest, KindsAndChannelsAreKnownAndNamedOnce) {
  EXPECT_THAT(Problems(One("kind: electric, visits: 0, channels: [epgu]")),
              ElementsAre(HasSubstr("electric")));
  EXPECT_THAT(Problems(One("kind: electronic, visits: 0, channels: [epg]")),
              ::testing::Contains(HasSubstr("epg")));
  EXPECT_THAT(Problems(std::string(kScenarios) +
                       "      - {kind: electronic, visits: 0, channels: [app]}\n"),
              ElementsAre(HasSubstr("a second scenario of the kind \"electronic\"")));
  EXPECT_THAT(Problems("    scenarios: []\n"), ElementsAre(HasSubstr("there is no scenario")));
  EXPECT_THAT(Problems(std::string(kScenarios) + "    visits: 1\n"),
              ElementsAre(HasSubstr("each scenario states its own visits and channels")));
  EXPECT_THAT(Problems("    channels: [epgu]\n"), ElementsAre(HasSubstr("visits")));
  EXPECT_THAT(Problems("    visits: 1\n    channels: [pigeon]\n"),
              ElementsAre(HasSubstr("pigeon")));
}

TEST(ScenarioLoaderTest, NoScenarioTakesLongerThanTheRegulation) {
  EXPECT_THAT(Problems(kScenarios, "value: 1, unit: working_days}\n        fee",
                       "value: 3, unit: working_days}\n        fee"),
              ElementsAre(HasSubstr("not sure to end within the regulation's 2 working_days")));
  EXPECT_THAT(Problems(kScenarios, "value: 1, unit: working_days}\n        fee",
                       "value: 2, unit: calendar_days}\n        fee"),
              IsEmpty());
}

TEST(ScenarioLoaderTest, AScenarioThatNobodyGainsByIsAWarning) {
  EXPECT_THAT(
      Problems(std::string(kScenarios) +
               "      - {kind: visit-for-result, visits: 1, channels: [epgu, mfc]}\n"),
      ElementsAre(AllOf(HasSubstr("warning"), HasSubstr("nobody gains by this scenario: "
                                                        "\"electronic\" asks for no more"))));
  // It is open to people without a portal.
  EXPECT_THAT(Problems("    scenarios:\n"
                       "      - {kind: electronic, visits: 0, channels: [epgu]}\n"
                       "      - {kind: traditional, visits: 2, channels: [office]}\n"),
              IsEmpty());
}

TEST(ScenarioLoaderTest, AVariantMayHaveOtherScenariosOrOneWay) {
  SmallCatalogue files;
  files.Replace(kSnils, kOneWay, std::string(kScenarios) + R"(    variants:
      - id: at_home
        name: {ru: Дома, en: At home}
        applies: "person.age < 3"
        act: fz_81
        article: ст. 1
        verification: from_knowledge
        visits: 1
        channels: [office]
      - id: others
        name: {ru: Прочие, en: Others}
        applies: "person.age >= 3"
        act: fz_81
        article: ст. 1
        verification: from_knowledge
        scenarios:
          - {kind: electronic, visits: 0, channels: [app]}
)");
  const Catalogue catalogue = files.Load();
  EXPECT_THAT(files.Problems(), IsEmpty());
  const Regulation& regulation = *catalogue.services()[0].RegulationOn(kAnyDay);
  ASSERT_THAT(regulation.variants, SizeIs(2));
  const Regulation& at_home = *regulation.variants[0].regulation;
  EXPECT_THAT(at_home.scenarios, IsEmpty());
  EXPECT_EQ(at_home.visits, 1);
  EXPECT_THAT(at_home.channels, ElementsAre("office"));
  const Regulation& others = *regulation.variants[1].regulation;
  ASSERT_THAT(others.scenarios, SizeIs(1));
  EXPECT_THAT(others.channels, ElementsAre("app"));
}

TEST(ScenarioLoaderTest, ARegionMayNotTakeAwayTheScenarioWithoutAVisit) {
  SmallCatalogue files;
  files.Replace(kSnils, kOneWay, std::string(kScenarios) + "    open_to_regions: [scenarios]\n");
  const std::string head =
      "regional: snils_newborn\nregion: \"77\"\nof: 2024-01-01\nfrom: 2024-01-01\nact: fz_81\n"
      "article: ст. 9\nverification: from_knowledge\nscenarios:\n";
  files.Write("regional/77/snils_newborn.yaml",
              head + "  - {kind: electronic, visits: 0, channels: [rpgu]}\n");
  files.Load();
  EXPECT_THAT(files.Problems(), IsEmpty());
  files.Write("regional/77/snils_newborn.yaml",
              head + "  - {kind: traditional, visits: 1, channels: [mfc]}\n");
  files.Load();
  EXPECT_THAT(files.Problems(),
              ElementsAre(HasSubstr("more visits than the typical regulation's 0")));
}

TEST(AfterTest, AServiceComesAfterOthersThatExistAndNotInACircle) {
  SmallCatalogue files;
  files.Replace(kSnils, kOneWay, std::string(kOneWay) + "    after: [nothing]\n");
  files.Load();
  EXPECT_THAT(files.Problems(), ElementsAre(HasSubstr("nothing")));
  files.Replace(kSnils, "after: [nothing]", "after: [snils_newborn]");
  files.Load();
  EXPECT_THAT(files.Problems(),
              ElementsAre(HasSubstr("in a circle: snils_newborn, snils_newborn")));
}

}  // namespace
}  // namespace kstati::graph
