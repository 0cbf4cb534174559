// SPDX-License-Identifier: Apache-2.0
//
// Chains take nothing for granted that the records deny: what is to be renewed, what somebody does
// not have, rights that end on the way, services of other regions, pensions beside a pension.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// A service of the made-up situation.
struct Made {
  std::string id;
  std::string inputs;
  std::string outputs;
  int term = 1;  // working days
  std::string rule = "person.citizenship_rf = true";
  std::string level = "federal";
  std::string until = {};
};

std::string FileOf(const Made& made) {
  const std::string name = "{ru: " + made.id + ", en: " + made.id + "}";
  return "service: " + made.id + "\nname: " + name + "\nsummary: {ru: x, en: x}\n" +
         "authority: mvd\nlevel: " + made.level + "\nabout: person\npriority: 50\nregulations:\n" +
         "  - from: 2024-01-01\n" + (made.until.empty() ? "" : "    to: " + made.until + "\n") +
         "    verification: from_knowledge\n    sources: []\n    as_of: 2026-03\n" +
         "    mode: on-request\n    triggers: []\n    inputs: [" + made.inputs +
         "]\n    outputs: [" + made.outputs +
         "]\n    criteria:\n      - id: rule\n        rule: " + made.rule +
         "\n        text: {ru: x, en: x}\n        ground: rg_criteria\n" +
         "        act: fz_27\n        article: ст. 6\n        verification: from_knowledge\n" +
         "    grounds: [rg_criteria]\n    term: {value: " + std::to_string(made.term) +
         ", unit: working_days, from: request}\n    fee: {amount: 0}\n    visits: 0\n" +
         "    channels: [epgu, office]\n";
}

std::string AttributeOf(const std::string& id, const std::string& completeness) {
  return "  - id: " + id + "\n    type: document\n    name: {ru: " + id + ", en: " + id +
         "}\n    registry: mvd_pass\n    category: documents\n    completeness: " + completeness +
         "\n    askable: false\n    verification: from_knowledge\n";
}

class TruthfulChainTest : public ::testing::Test {
 protected:
  // The real catalogue and a situation with these services and the goal doc.z_goal; doc.z_paper and
  // doc.z_extract exist.
  void Live(const std::string& today, const std::vector<Made>& services = {},
            const std::string& completeness = "open") {
    if (!services.empty()) {
      std::string attributes = "attributes:\n";
      for (const char* id : {"doc.z_extract", "doc.z_goal", "doc.z_paper"}) {
        attributes += AttributeOf(id, completeness);
      }
      catalogue.Write("attributes/made.yaml", attributes);
      std::string names;
      for (const Made& made : services) {
        catalogue.Write("services/" + made.id + ".yaml", FileOf(made));
        names += (names.empty() ? "" : ", ") + made.id;
      }
      catalogue.Write("situations/made.yaml",
                      "situation: made\nname: {ru: z, en: z}\ndescription: {ru: z, en: z}\n"
                      "triggers: [event.residence_changed]\nconcerns: [person]\nabout: person\n"
                      "lasts: P6M\nservices: [" +
                          names +
                          "]\ngoals: [doc.z_goal]\nverification: from_knowledge\nsources: []\n");
    }
    town = std::make_unique<Town>(today, "", catalogue.folder());
  }

  // A woman who has held these documents and payments since the day.
  void Resident(const std::string& birth_date, const std::vector<std::string>& held,
                const std::string& since) {
    town->Resident("woman", birth_date, "female",
                   {{"person.citizenship_rf", "true"},
                    {"person.lives_in_rf", "true"},
                    {"person.region_code", "77"}});
    for (const std::string& id : held) Holds(id, since, "");
  }

  // From the day to the last one; without one for ever.
  void Holds(const std::string& id, const std::string& from, const std::string& to) {
    profile::RegistryEvent event;
    const auto* attribute = town->world().program->dictionary().Find(AttributeId(id));
    ASSERT_NE(attribute, nullptr) << id;
    event.key = {attribute->registry, EventId("held-" + std::to_string(++events))};
    event.type = EventTypeId("registry.facts");
    event.subject = town->Number("woman");
    event.occurred_on = *Date::Parse(from);
    DateInterval valid{event.occurred_on, std::nullopt};
    if (!to.empty()) valid.to = *Date::Parse(to);
    event.facts.push_back({event.subject, attribute->id, true, valid});
    const auto outcome = town->Submit(event);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
  }

  cases::Desk::PersonalChain ChainOf(const std::string& situation) {
    auto chain = town->desk().Chain(town->Number("woman"), SituationId(situation), CitizenId());
    EXPECT_TRUE(chain) << (chain ? "" : chain.error().ToString());
    return std::move(*chain);
  }

  std::vector<std::string> StepsOf(const std::string& situation) {
    std::vector<std::string> steps;
    for (const graph::ChainStep& step : ChainOf(situation).chain.steps) {
      steps.push_back(step.service.text());
    }
    return steps;
  }

  AmendedCatalogue catalogue;
  std::unique_ptr<Town> town;
  int events = 0;
};

TEST_F(TruthfulChainTest, APassportIsReplacedAt45ThoughOneIsHeld) {
  Live("2026-11-30");
  Resident("1981-11-20", {"doc.passport_rf", "doc.photo"}, "2026-01-01");
  EXPECT_THAT(StepsOf("passport_20_45"), ElementsAre("passport_replace_20_45"));
  Holds("doc.passport_rf", "2026-11-28", "");
  const auto chain = ChainOf("passport_20_45").chain;
  EXPECT_THAT(chain.steps, IsEmpty()) << "the new one is there";
  EXPECT_THAT(chain.reached, ElementsAre(AttributeId("doc.passport_rf")));
}

TEST_F(TruthfulChainTest, ALicenceIsReplacedBeforeItEndsAndAfter) {
  Live("2026-11-30");
  Resident("1981-01-20", {"doc.passport_rf", "doc.driver_medical"}, "2020-01-01");
  town->Report("woman", {{"person.driver_medical_ok", "true"}, {"person.driving_ban", "false"}});
  Holds("doc.driving_license", "2017-01-10", "2027-01-10");
  EXPECT_THAT(StepsOf("driver_license"), ElementsAre("driving_license_replace"));
  town->AdvanceTo("2027-01-12");
  EXPECT_THAT(StepsOf("driver_license"), ElementsAre("driving_license_replace"));
}

TEST_F(TruthfulChainTest, AfterAMoveTheOldRegistrationIsNone) {
  Live("2026-11-30");
  Resident("1981-01-20", {"doc.passport_rf", "doc.residence_registration"}, "2020-01-01");
  town->Happens("event.residence_changed", "woman");
  EXPECT_THAT(StepsOf("moving"), Contains("residence_registration"));
  Holds("doc.residence_registration", "2026-11-30", "");
  EXPECT_THAT(StepsOf("moving"), Not(Contains("residence_registration")));
}

TEST_F(TruthfulChainTest, WithANewNameTheNewPassportComesFirst) {
  Live("2026-11-30");
  Resident("1981-01-20",
           {"doc.passport_rf", "doc.birth_record", "doc.photo", "doc.snils", "doc.oms_policy"},
           "2020-01-01");
  const auto steps = StepsOf("name_change");
  const auto place = [&steps](const std::string& service) {
    return std::ranges::find(steps, service) - steps.begin();
  };
  ASSERT_THAT(steps, Contains("passport_replace_name"));
  ASSERT_THAT(steps, Contains("snils_data_update"));
  EXPECT_LT(place("zags_name_change"), place("passport_replace_name"));
  EXPECT_LT(place("passport_replace_name"), place("snils_data_update"));
}

TEST_F(TruthfulChainTest, WhatARegistryDeniesIsNotHeldByTheState) {
  Live("2026-06-10", {{"z_b", "doc.z_extract", "doc.z_goal"}});
  Resident("1995-05-05", {}, "2026-01-01");
  EXPECT_THAT(StepsOf("made"), ElementsAre("z_b")) << "nobody knows: the registry is asked";
  town->Report("woman", {{"doc.z_extract", "false"}});
  const auto denied = ChainOf("made");
  EXPECT_THAT(denied.chain.steps, IsEmpty());
  ASSERT_THAT(denied.unreached, SizeIs(1));
  ASSERT_THAT(denied.unreached[0].in_the_way.obstacles, SizeIs(1));
  EXPECT_EQ(denied.unreached[0].in_the_way.obstacles[0].missing, AttributeId("doc.z_extract"));
}

TEST_F(TruthfulChainTest, WhatACompleteRegistryHasNoRecordOfIsNotThere) {
  Live("2026-06-10", {{"z_b", "doc.z_extract", "doc.z_goal"}}, "complete");
  Resident("1995-05-05", {}, "2026-01-01");
  EXPECT_THAT(StepsOf("made"), IsEmpty());
}

TEST_F(TruthfulChainTest, WhatHasEndedIsNotThereAgain) {
  Live("2026-06-03",
       {{"z_a", "", "doc.z_paper", 5}, {"z_b", "doc.z_paper, doc.z_extract", "doc.z_goal"}});
  Resident("1995-05-05", {}, "2026-01-01");
  Holds("doc.z_extract", "2026-01-01", "2026-06-12");
  EXPECT_THAT(StepsOf("made"), ElementsAre("z_a", "z_b"));
  for (const char* day : {"2026-06-10", "2026-06-13", "2026-06-22"}) {
    town->AdvanceTo(day);
    EXPECT_THAT(StepsOf("made"), IsEmpty()) << day;
  }
}

TEST_F(TruthfulChainTest, NoStepIsPlannedForADayWithoutTheRight) {
  Live("2026-04-29", {{"z_a", "", "doc.z_paper", 5},
                      {"z_b", "doc.z_paper", "doc.z_goal", 1, "person.age_years < 31"}});
  Resident("1995-05-05", {}, "2026-01-01");
  EXPECT_THAT(ChainOf("made").chain.unreachable, ElementsAre(AttributeId("doc.z_goal")))
      << "the paper comes on 7 May, and she turns 31 on the 5th";
}

TEST_F(TruthfulChainTest, NoStepIsPlannedForADayWithoutARegulation) {
  Made ends{"z_b", "doc.z_paper", "doc.z_goal"};
  ends.until = "2026-05-05";
  Live("2026-04-29", {{"z_a", "", "doc.z_paper", 5}, ends});
  Resident("1995-05-05", {}, "2026-01-01");
  EXPECT_THAT(StepsOf("made"), IsEmpty());
}

TEST_F(TruthfulChainTest, AStepWhoseFactsEndBeforeItIsDoubtful) {
  Live("2026-06-10", {{"z_a", "", "doc.z_paper", 5},
                      {"z_b", "doc.z_paper", "doc.z_goal", 1, "doc.z_extract = true"}});
  Resident("1995-05-05", {}, "2026-01-01");
  Holds("doc.z_extract", "2026-01-01", "2026-06-12");
  const auto chain = ChainOf("made").chain;
  ASSERT_THAT(chain.steps, SizeIs(2));
  EXPECT_FALSE(chain.steps[0].undetermined);
  EXPECT_TRUE(chain.steps[1].undetermined) << "it begins on 18 June";
}

TEST_F(TruthfulChainTest, AServiceOfAnotherRegionIsNoStep) {
  Live("2026-06-10", {{"z_b", "", "doc.z_goal", 1, "person.citizenship_rf = true",
                       "regional\nterritory: [\"16\"]"}});
  Resident("1995-05-05", {}, "2026-01-01");
  EXPECT_THAT(StepsOf("made"), IsEmpty());
  town->Report("woman", {{"person.region_code", "16"}});
  EXPECT_THAT(StepsOf("made"), ElementsAre("z_b"));
}

TEST_F(TruthfulChainTest, APensionBesideAPensionIsNamedAndNoStep) {
  Live("2026-11-30");
  Resident("1955-03-03",
           {"doc.passport_rf", "doc.snils", "doc.mse_certificate", "doc.ils_statement"},
           "2020-01-01");
  town->Report("woman",
               {{"person.disability_group", "II"}, {"person.insurance_record_years", "30"}});
  EXPECT_THAT(StepsOf("disability"), Contains("disability_pension_insurance"));
  town->Report("woman", {{"pay.old_age_pension", "25000"}});
  EXPECT_THAT(StepsOf("disability"), Not(Contains("disability_pension_insurance")));
  const auto chain = ChainOf("disability");
  ASSERT_THAT(chain.yielding, Not(IsEmpty()));
  EXPECT_EQ(chain.yielding[0].exclusion->id, "one_insurance_or_social_pension");
  EXPECT_THAT(chain.yielding[0].instead, ElementsAre(ServiceId("old_age_pension")));
}

TEST_F(TruthfulChainTest, AFrontHasNoStepsThatExcludeEachOther) {
  Live("2026-06-10", {{"z_slow", "", "doc.z_goal", 30},
                      {"z_fast", "doc.z_paper, doc.z_extract", "doc.z_goal"},
                      {"z_x", "", "doc.z_paper"},
                      {"z_y", "", "doc.z_extract"}});
  graph::Exclusion exclusion;
  exclusion.services = {ServiceId("z_x"), ServiceId("z_y")};
  town->world().exclusions = std::make_shared<const std::vector<graph::Exclusion>>(1, exclusion);
  Resident("1995-05-05", {}, "2026-01-01");
  const auto found =
      town->desk().ChainFront(town->Number("woman"), SituationId("made"), CitizenId());
  ASSERT_TRUE(found) << found.error().ToString();
  ASSERT_THAT(found->front.points, SizeIs(1));
  EXPECT_EQ(found->front.points[0].steps[0].service, ServiceId("z_slow"));
}

}  // namespace
}  // namespace kstati::scenarios
