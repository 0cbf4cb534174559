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

constexpr const char* kFile = "services/snils_newborn.yaml";

// The problems after one change of the service.
std::vector<std::string> After(const std::string& old_text, const std::string& new_text) {
  SmallCatalogue files;
  files.Replace(kFile, old_text, new_text);
  files.Load();
  return files.Problems();
}

// Another version of the service, from `from` on; `end` is "to: ..." or empty.
std::string Version(const std::string& from, const std::string& end) {
  return "  - from: " + from + "\n" + (end.empty() ? "" : "    " + end + "\n") +
         "    verification: from_knowledge\n    as_of: 2026-03\n    mode: on-request\n"
         "    triggers: []\n    inputs: []\n    outputs: [doc.snils]\n    criteria: []\n"
         "    grounds: []\n    authority_grounds: [rg_criteria]\n    term: {value: 15, unit: "
         "minutes, from: request}\n"
         "    fee: {parameter: lump_sum}\n    visits: 0\n    channels: []\n";
}

TEST(RegulationLoaderTest, ARegulationIsRead) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const Service* const service = catalogue.FindService(ServiceId("snils_newborn"));
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->about, About::kChild);
  EXPECT_EQ(service->priority, 80);
  const Regulation* const regulation = service->RegulationOn(Date::Of(2026, 3, 15));
  ASSERT_NE(regulation, nullptr);
  EXPECT_EQ(regulation->mode, Mode::kProactiveAct);
  EXPECT_EQ(regulation->mode_basis->article, "ст. 1");
  ASSERT_EQ(regulation->inputs.size(), 2u);
  EXPECT_EQ(regulation->inputs[1].any_of.size(), 2u);
  EXPECT_EQ(regulation->term.value, 2);
  EXPECT_EQ(regulation->term_from, TermStart::kFacts);
  EXPECT_EQ(regulation->fee.amount, Decimal(0));
  EXPECT_EQ(regulation->benefit->parameters.size(), 1u);
  EXPECT_EQ(regulation->apply_within->period, (Period{6, 0}));
  EXPECT_EQ(regulation->conditions.size(), 1u);
  ASSERT_EQ(regulation->criteria.size(), 1u);
  EXPECT_EQ(regulation->criteria[0].source.verification, Verification::kConfirmed);
  ASSERT_EQ(service->examples.size(), 2u);
  EXPECT_EQ(service->examples[1].expect, "not eligible");
  EXPECT_EQ(service->RegulationOn(Date::Of(2023, 12, 31)), nullptr);
}

TEST(RegulationLoaderTest, ARuleKnowsWhereItsTextStarts) {
  SmallCatalogue files;
  const Catalogue catalogue = files.Load();
  const Location where = catalogue.services()[0].regulations[0].criteria[0].rule_location;
  EXPECT_EQ(where.line, 21);
  EXPECT_EQ(where.column, 16) << "after the quote";
}

TEST(RegulationLoaderTest, AVersionWithoutEndIsInForceUntilTheNext) {
  SmallCatalogue files;
  files.Replace(kFile, "examples:\n", Version("2026-06-01", "") + "examples:\n");
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  const Service& service = catalogue.services()[0];
  EXPECT_EQ(service.RegulationOn(Date::Of(2026, 5, 31)), &service.regulations[0]);
  EXPECT_EQ(service.RegulationOn(Date::Of(2026, 6, 1)), &service.regulations[1]);
  EXPECT_EQ(service.regulations[1].fee.parameter.text(), "lump_sum");
}

TEST(RegulationLoaderTest, AVersionHelpsOpenCasesUnlessItSaysOtherwise) {
  const std::string unchanged = "open_cases: unchanged";
  SmallCatalogue files;
  files.Replace(kFile, "examples:\n", Version("2026-06-01", unchanged) + "examples:\n");
  const Catalogue catalogue = files.Load();
  ASSERT_THAT(files.Problems(), IsEmpty());
  EXPECT_TRUE(catalogue.services()[0].regulations[0].helps_open_cases);
  EXPECT_FALSE(catalogue.services()[0].regulations[1].helps_open_cases);
  EXPECT_THAT(After("examples:\n", Version("2026-06-01", "open_cases: never") + "examples:\n"),
              ElementsAre(HasSubstr("not one of: better, unchanged")));
}

TEST(RegulationLoaderTest, VersionsMayNotOverlapNorGoBack) {
  const std::string first_end = "  - from: 2024-01-01\n    to: 2026-06-30\n";
  SmallCatalogue overlap;
  overlap.Replace(kFile, "  - from: 2024-01-01\n", first_end);
  overlap.Replace(kFile, "examples:\n", Version("2026-06-01", "") + "examples:\n");
  overlap.Load();
  EXPECT_THAT(overlap.Problems(), ElementsAre(HasSubstr("this version starts on 2026-06-01, while "
                                                        "the one before it ends on 2026-06-30")));
  EXPECT_THAT(After("examples:\n", Version("2023-01-01", "to: 2023-12-31") + "examples:\n"),
              ElementsAre(HasSubstr("this version does not start after the one before it")));
  EXPECT_THAT(After("  - from: 2024-01-01\n", "  - from: 2024-01-01\n    to: 2023-01-01\n"),
              ::testing::Contains(HasSubstr("it ends before it starts")));
}

TEST(RegulationLoaderTest, ActingUnaskedNeedsItsBasis) {
  const std::string basis =
      "    mode_basis: {act: fz_81, article: ст. 1, verification: "
      "from_knowledge}\n";
  EXPECT_THAT(After(basis, ""),
              ElementsAre("snils_newborn.yaml:12 the mode proactive-act needs a mode_basis"));
  EXPECT_THAT(After("proactive-act\n" + basis, "proactive-prepare\n"),
              ElementsAre("snils_newborn.yaml:12 the mode proactive-prepare needs a mode_basis"));
  EXPECT_THAT(After("proactive-act\n" + basis, "proactive-inform\n"), IsEmpty());
}

TEST(RegulationLoaderTest, GroundsComeFromTheClosedListOfTheRegulation) {
  EXPECT_THAT(After("grounds: [rg_criteria, rg_medical]", "grounds: [rg_criteria]"),
              ElementsAre("snils_newborn.yaml:31 \"rg_medical\" is not one of: rg_criteria"));
  EXPECT_THAT(After("    grounds: [rg_criteria]\n", "    grounds: [rg_deadline]\n"),
              ElementsAre(HasSubstr("\"rg_deadline\" is not one of: rg_criteria, rg_medical")));
}

TEST(RegulationLoaderTest, GroundThatNothingCitesIsTheAuthoritys) {
  const std::string condition =
      "    conditions:\n      - id: commission\n        text: {ru: Комиссия, en: A commission}\n"
      "        ground: rg_medical\n        act: fz_81\n        article: ст. 3\n"
      "        verification: from_knowledge\n";
  EXPECT_THAT(After(condition, ""),
              ElementsAre("snils_newborn.yaml:28 no criterion or condition cites this ground"));
  SmallCatalogue files;
  files.Replace(kFile, condition, "");
  files.Replace(kFile, "    grounds: [rg_criteria, rg_medical]\n",
                "    grounds: [rg_criteria]\n    authority_grounds: [rg_medical]\n");
  const Catalogue catalogue = files.Load();
  EXPECT_THAT(files.Problems(), IsEmpty());
  const Regulation& regulation =
      catalogue.FindService(ServiceId("snils_newborn"))->regulations.front();
  EXPECT_THAT(regulation.grounds, ElementsAre(GroundId("rg_criteria")));
  EXPECT_THAT(regulation.authority_grounds, ElementsAre(GroundId("rg_medical")));
}

TEST(RegulationLoaderTest, GroundOfTheAuthorityIsNotCited) {
  const std::string cited = "    grounds: [rg_criteria, rg_medical]\n";
  EXPECT_THAT(After(cited, cited + "    authority_grounds: [rg_criteria]\n"),
              ElementsAre("snils_newborn.yaml:36 this ground is among `grounds` already"));
  EXPECT_THAT(After(cited, "    grounds: [rg_criteria]\n    authority_grounds: [rg_medical]\n"),
              ElementsAre(HasSubstr("\"rg_medical\" is not one of: rg_criteria")));
}

TEST(RegulationLoaderTest, ConditionNeedsNoArticleButThenNoHalfOfOne) {
  const std::string source =
      "        act: fz_81\n        article: ст. 3\n        verification: from_knowledge\n";
  EXPECT_THAT(After(source, ""), IsEmpty());
  EXPECT_THAT(After(source, "        act: fz_81\n        verification: from_knowledge\n"),
              ElementsAre(HasSubstr("article")));
}

TEST(RegulationLoaderTest, RequirementsHaveIdsOfTheirOwn) {
  EXPECT_THAT(After("id: commission", "id: is_citizen"),
              ElementsAre(HasSubstr("\"is_citizen\" is used twice in this regulation")));
}

TEST(RegulationLoaderTest, TermsHaveKnownUnits) {
  EXPECT_THAT(After("unit: working_days", "unit: days"),
              ElementsAre(HasSubstr("\"days\" is not one of: minutes, working_days")));
  EXPECT_THAT(After("value: 2, unit", "value: -2, unit"),
              ElementsAre(HasSubstr("the number must be from 0 to 100000")));
}

TEST(RegulationLoaderTest, AFeeIsStatedInOneWay) {
  EXPECT_THAT(After("fee: {amount: 0}", "fee: {amount: 0, parameter: lump_sum}"),
              ElementsAre(HasSubstr("exactly one of amount, parameter and text")));
  EXPECT_THAT(After("fee: {amount: 0}", "fee: {}"),
              ElementsAre(HasSubstr("exactly one of amount, parameter and text")));
  EXPECT_THAT(After("fee: {amount: 0}", "fee: {amount: -1}"),
              ElementsAre(HasSubstr("a fee is not negative")));
  EXPECT_THAT(After("fee: {amount: 0}", "fee: {text: {ru: разная, en: varies}}"), IsEmpty());
}

TEST(RegulationLoaderTest, InputsAndOutputsAreListedOnce) {
  EXPECT_THAT(After("- doc.birth_record\n", "- doc.birth_record\n      - doc.birth_record\n"),
              ElementsAre(HasSubstr("this input is listed twice")));
  EXPECT_THAT(After("outputs: [doc.snils]", "outputs: [doc.snils, doc.snils]"),
              ElementsAre(HasSubstr("\"doc.snils\" is listed twice")));
  EXPECT_THAT(After("any_of: [doc.passport, doc.residence_permit]", "any_of: []"),
              ElementsAre(HasSubstr("there is no choice")));
}

TEST(RegulationLoaderTest, ExamplesUseTheWordsOfDecisions) {
  EXPECT_THAT(After("expect: likely", "expect: yes"),
              ElementsAre(HasSubstr("\"yes\" is not one of: eligible, not eligible")));
  EXPECT_THAT(After("expect: not eligible", "expect: eligible"),
              ElementsAre(HasSubstr("only a \"not eligible\" has grounds")));
  EXPECT_THAT(After("name: a foreigner", "name: a citizen"),
              ElementsAre(HasSubstr("a second example with the name \"a citizen\"")));
  EXPECT_THAT(After("on: 2026-03-15", "on: 2020-03-15"),
              ElementsAre(HasSubstr("no version of the service is in force on 2020-03-15")));
}

TEST(RegulationLoaderTest, PrioritiesAreFromZeroToAHundred) {
  EXPECT_THAT(After("priority: 80", "priority: 101"),
              ElementsAre(HasSubstr("a priority is from 0 to 100")));
}

}  // namespace
}  // namespace kstati::graph
