// SPDX-License-Identifier: Apache-2.0
// What a regulation is for categories of applicants and for regions; fees with discounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/fee.h"
#include "tests/unit/graph/small_catalogue.h"

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kFile = "services/snils_newborn.yaml";
constexpr const char* kRegion = "regional/77/snils_newborn.yaml";
const Date kDay = Date::Of(2026, 3, 15);

constexpr const char* kVariants = R"(    variants:
      - id: mother
        name: {ru: Мать, en: Mother}
        applies: person.sex = "female"
        act: fz_81
        article: ст. 5
        verification: from_knowledge
        inputs: [doc.marriage_record]
        term: {value: 1, unit: working_days, by_latency: {at_hand: {value: 5, unit: minutes}}}
        visits: 0
      - id: father
        name: {ru: Отец, en: Father}
        applies: person.sex = "male"
        act: fz_81
        article: ст. 6
        verification: from_knowledge
        conditions:
          - {id: court, text: {ru: Суд, en: Court}, ground: rg_medical}
)";

std::string RegionalFile(const std::string& more) {
  return "regional: snils_newborn\nregion: \"77\"\nof: 2024-01-01\nfrom: 2025-01-01\nact: fz_81\n"
         "article: ст. 9\nverification: from_knowledge\n" +
         more;
}

// The problems with these keys in the region's file, when the regulation leaves `open` to regions.
std::vector<std::string> InRegion(const std::string& open, const std::string& more) {
  SmallCatalogue files;
  files.Replace(kFile, "    visits: 1\n", "    visits: 1\n    open_to_regions: [" + open + "]\n");
  files.Write(kRegion, RegionalFile(more));
  files.Load();
  return files.Problems();
}

TEST(VariationTest, AVariantIsTheRegulationWithItsChanges) {
  SmallCatalogue files;
  files.Replace(kFile, "    visits: 1\n", std::string("    visits: 1\n") + kVariants);
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Regulation& regulation = *catalogue.services()[0].RegulationOn(kDay);
  ASSERT_EQ(regulation.variants.size(), 2u);
  const Regulation& mother = *regulation.variants[0].regulation;
  EXPECT_EQ(mother.inputs.size(), 3u);
  EXPECT_EQ(mother.criteria.size(), 1u);
  EXPECT_EQ(mother.visits, 0);
  EXPECT_EQ(mother.term.value, 1);
  EXPECT_EQ(mother.TermFor(Latency::kAtHand).unit, TermUnit::kMinutes);
  EXPECT_EQ(mother.TermFor(Latency::kDataMart).value, 1);
  EXPECT_THAT(mother.variants, IsEmpty());
  const Regulation& father = *regulation.variants[1].regulation;
  EXPECT_EQ(father.conditions.size(), 2u);
  EXPECT_EQ(father.term.value, 2);
  EXPECT_EQ(regulation.inputs.size(), 2u);
  EXPECT_EQ(InputsOf(regulation).size(), 3u);
}

TEST(VariationTest, TheNextSlowerTermStandsForAClassWithoutOne) {
  Regulation regulation;
  regulation.term = {30, TermUnit::kCalendarDays};
  regulation.term_by_latency = {{Latency::kAtHand, {0, TermUnit::kMinutes}},
                                {Latency::kInteragency, {5, TermUnit::kWorkingDays}}};
  EXPECT_EQ(regulation.TermFor(Latency::kAtHand).value, 0);
  EXPECT_EQ(regulation.TermFor(Latency::kDataMart).value, 5);
  EXPECT_EQ(regulation.TermFor(Latency::kOnSite).value, 30);
}

TEST(VariationTest, ProblemsOfVariantsAreNamed) {
  const auto after = [](const std::string& old_text, const std::string& new_text) {
    SmallCatalogue files;
    files.Replace(kFile, "    visits: 1\n", std::string("    visits: 1\n") + kVariants);
    files.Replace(kFile, old_text, new_text);
    files.Load();
    return files.Problems();
  };
  EXPECT_THAT(after("id: father", "id: mother"),
              ElementsAre(HasSubstr("a second variant with the id \"mother\"")));
  EXPECT_THAT(after("{id: court,", "{id: commission,"),
              ElementsAre(HasSubstr("\"commission\" is used twice in this regulation")));
  EXPECT_THAT(after("at_hand:", "at_once:"),
              ElementsAre(HasSubstr("\"at_once\" is no class of latency")));
  EXPECT_THAT(after("        article: ст. 6\n", ""), ElementsAre(HasSubstr("article")));
}

TEST(VariationTest, OneVariantIsNoChoiceAndOtherwiseNeedsVariants) {
  SmallCatalogue files;
  const std::string variants(kVariants);
  files.Replace(kFile, "    visits: 1\n",
                "    visits: 1\n" + variants.substr(0, variants.find("      - id: father")));
  files.Load();
  EXPECT_THAT(files.Problems(), ElementsAre(HasSubstr("a single variant is no choice")));
  SmallCatalogue alone;
  alone.Replace(kFile, "    visits: 1\n",
                "    visits: 1\n    otherwise: {ground: rg_criteria, act: fz_81, article: ст. 8, "
                "verification: from_knowledge}\n");
  alone.Load();
  EXPECT_THAT(alone.Problems(), ElementsAre(HasSubstr("there are no variants")));
}

TEST(VariationTest, ARegionHasOtherwiseWhatIsLeftToIt) {
  SmallCatalogue files;
  files.Replace(kFile, "    visits: 1\n",
                "    visits: 1\n    open_to_regions: [criteria.is_citizen, term, conditions]\n");
  files.Write(kRegion, RegionalFile("term: {value: 1, unit: working_days}\n"
                                    "criteria:\n  - {id: is_citizen, rule: 'true', text: {ru: Д, "
                                    "en: Y}, ground: rg_criteria, act: fz_81, article: ст. 10, "
                                    "verification: from_knowledge}\n"));
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services()[0];
  EXPECT_TRUE(service.DependsOnRegion(kDay));
  EXPECT_FALSE(service.DependsOnRegion(Date::Of(2024, 12, 31)));
  EXPECT_EQ(service.RegulationOn(kDay, "77")->criteria[0].rule, "true");
  EXPECT_EQ(service.RegulationOn(kDay, "77")->criteria.size(), 1u);
  EXPECT_EQ(service.RegulationOn(kDay, "77")->term.value, 1);
  EXPECT_EQ(service.RegulationOn(kDay, "50")->term.value, 2);
  EXPECT_EQ(service.RegulationOn(kDay)->term.value, 2);
  EXPECT_EQ(service.RegulationOn(Date::Of(2024, 12, 31), "77")->term.value, 2);
}

TEST(VariationTest, ARegionMayNotChangeWhatIsNotLeftToIt) {
  EXPECT_THAT(InRegion("fee", "term: {value: 1, unit: working_days}\n"),
              ElementsAre(HasSubstr("the typical regulation does not leave term to regions")));
  EXPECT_THAT(InRegion("term", "inputs: [doc.passport]\n"),
              ElementsAre(HasSubstr("does not leave inputs to regions")));
  EXPECT_THAT(
      InRegion("term",
               "criteria:\n  - {id: more, rule: 'true', text: {ru: Д, en: Y}, ground: rg_criteria, "
               "act: fz_81, article: ст. 10, verification: from_knowledge}\n"),
      ElementsAre(HasSubstr("does not leave criteria.more to regions")));
}

TEST(VariationTest, ARegionMayNotBeWorse) {
  EXPECT_THAT(InRegion("term", "term: {value: 3, unit: working_days}\n"),
              ElementsAre(HasSubstr("a longer term than the typical regulation's 2 working_days")));
  EXPECT_THAT(InRegion("term", "term: {value: 1, unit: months}\n"),
              ElementsAre(HasSubstr("cannot be compared")));
  EXPECT_THAT(InRegion("visits", "visits: 2\n"), ElementsAre(HasSubstr("more visits")));
  EXPECT_THAT(InRegion("fee", "fee: {amount: 10}\n"), ElementsAre(HasSubstr("a higher fee")));
}

TEST(VariationTest, ARegionsGroundsComeFromTheClosedListOfTheTypicalRegulation) {
  EXPECT_THAT(
      InRegion("criteria",
               "criteria:\n  - {id: more, rule: 'true', text: {ru: Д, en: Y}, ground: rg_other, "
               "act: fz_81, article: ст. 10, verification: from_knowledge}\n"),
      ElementsAre(HasSubstr("\"rg_other\" is not one of: rg_criteria, rg_medical")));
}

TEST(VariationTest, ARegionalFileNamesAVersionAndStaysWithinIt) {
  SmallCatalogue files;
  files.Write(kRegion, RegionalFile(""));
  files.Replace(kRegion, "of: 2024-01-01", "of: 2024-02-01");
  files.Load();
  EXPECT_THAT(files.Problems(),
              ElementsAre(HasSubstr("\"snils_newborn\" has no regulation from 2024-02-01")));
  SmallCatalogue early;
  early.Write(kRegion, RegionalFile(""));
  early.Replace(kRegion, "from: 2025-01-01", "from: 2023-01-01");
  early.Load();
  EXPECT_THAT(early.Problems(), ElementsAre(HasSubstr("in force from 2024-01-01")));
  SmallCatalogue elsewhere;
  elsewhere.Write("regional/50/snils_newborn.yaml", RegionalFile(""));
  elsewhere.Load();
  EXPECT_THAT(elsewhere.Problems(), ElementsAre(HasSubstr("the file is in the folder of 50")));
}

TEST(FeeTest, ADiscountCountsForItsChannelWhileTheLawHasIt) {
  SmallCatalogue files;
  files.Append("parameters/family.yaml",
               "  - {id: discount, name: {ru: С, en: D}, unit: ratio, type: number, act: fz_81, "
               "values: [{from: 2017-01-01, to: 2022-12-31, region: RU, value: 0.7, verification: "
               "from_knowledge}]}\n");
  files.Replace(kFile, "    fee: {amount: 0}\n",
                "    fee: {amount: 3500, discounts: [{factor: discount, channel: epgu}]}\n");
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Fee& fee = catalogue.services()[0].regulations[0].fee;
  const auto due = [&](Date day, std::string_view channel) {
    return FeeOn(fee, catalogue, day, "RU", channel);
  };
  EXPECT_EQ(due(Date::Of(2022, 12, 31), "epgu")->due, Decimal(2450));
  EXPECT_EQ(due(Date::Of(2022, 12, 31), "epgu")->full, Decimal(3500));
  EXPECT_EQ(due(Date::Of(2022, 12, 31), "epgu")->basis.size(), 1u);
  EXPECT_EQ(due(Date::Of(2022, 12, 31), "mfc")->due, Decimal(3500));
  EXPECT_EQ(due(Date::Of(2023, 1, 1), "epgu")->due, Decimal(3500));
}

TEST(FeeTest, AFeeInWordsOrWithoutAFigureThatDayIsNoNumber) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  Fee words;
  words.text = Bilingual{"по тарифу", "by the tariff"};
  EXPECT_FALSE(FeeOn(words, catalogue, kDay, "RU", "epgu"));
  Fee old;
  old.parameter = ParameterId("lump_sum");
  EXPECT_FALSE(FeeOn(old, catalogue, Date::Of(1990, 1, 1), "RU", "epgu"));
}

TEST(VariationTest, AServiceMayExistInSomeRegionsAlone) {
  SmallCatalogue files;
  files.Replace(kFile, "level: federal\n", "level: regional\nterritory: [\"77\", \"16\"]\n");
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services()[0];
  EXPECT_THAT(service.territory, ElementsAre("16", "77"));
  EXPECT_TRUE(service.ServesRegion("77"));
  EXPECT_FALSE(service.ServesRegion("78"));
}

TEST(VariationTest, ATerritoryOfAFederalServiceOrOfNothingOrTwiceIsAMistake) {
  for (const auto& [with, problem] :
       {std::pair("level: federal\nterritory: [\"77\"]\n", "a federal service exists everywhere"),
        std::pair("level: regional\nterritory: []\n", "a territory names at least one region"),
        std::pair("level: regional\nterritory: [\"77\", \"77\"]\n", "is named twice")}) {
    SmallCatalogue files;
    files.Replace(kFile, "level: federal\n", with);
    files.Load();
    EXPECT_THAT(files.Problems(), ElementsAre(HasSubstr(problem)));
  }
}

}  // namespace
}  // namespace kstati::graph
