// SPDX-License-Identifier: Apache-2.0
//
// What one person tells is never taken for what another would.
//
//   the mother applies for the son ──> both are asked for the same ──> she tells hers
//                                        ──> the son's is still asked ──> an official decides
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/deciding.h"
#include "cases/journal.h"
#include "cases/journal_log.h"
#include "cases/official.h"
#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::Status;

const AttributeId kAsked("person.ready_to_work");

// Where a service about a child asks the same of the child as of the parent.
const std::string& CatalogueThatAsksBoth() {
  static const AmendedCatalogue catalogue;
  static const bool amended = [] {
    catalogue.Amend("attributes/child.yaml", "  - id: child.citizenship_rf\n",
                    "  - id: child.ready_to_work\n"
                    "    type: boolean\n"
                    "    name: {ru: Готов, en: Ready}\n"
                    "    same_as: person.ready_to_work\n"
                    "  - id: child.citizenship_rf\n");
    catalogue.Amend("services/snils_newborn.yaml", "    criteria:\n",
                    "    criteria:\n"
                    "      - id: both_ready\n"
                    "        rule: person.ready_to_work = true and child.ready_to_work = true\n"
                    "        text: {ru: Оба готовы, en: Both are ready}\n"
                    "        ground: rg_registry_conflict\n"
                    "        act: fz_27\n"
                    "        article: ст. 6\n"
                    "        verification: from_knowledge\n");
    return true;
  }();
  EXPECT_TRUE(amended);
  return catalogue.folder();
}

// Where a service about a child needs the same of the parent from the same registry.
const std::string& CatalogueThatWaitsForBoth() {
  static const AmendedCatalogue catalogue;
  static const bool amended = [] {
    catalogue.Amend("services/snils_newborn.yaml", "    criteria:\n",
                    "    criteria:\n"
                    "      - id: parent_is_citizen\n"
                    "        rule: person.citizenship_rf = true\n"
                    "        text: {ru: Родитель — гражданин, en: The parent is a citizen}\n"
                    "        ground: rg_registry_conflict\n"
                    "        act: fz_27\n"
                    "        article: ст. 6\n"
                    "        verification: from_knowledge\n");
    return true;
  }();
  EXPECT_TRUE(amended);
  return catalogue.folder();
}

TEST(WhoseReportsTest, WhatARegistryReportsOfOneIsNoAnswerAboutTheOther) {
  Town town("2026-03-16", {}, CatalogueThatWaitsForBoth());
  town.Resident("mother", "1995-05-20", "female", {{"person.region_code", "77"}});
  town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
  ASSERT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  const CitizenId mother = town.Number("mother");
  const auto applied = town.desk().Apply(mother, ServiceId("snils_newborn"), town.Number("son"));
  ASSERT_TRUE(applied) << applied.error().ToString();
  ASSERT_TRUE(town.desk().HandOver(mother, applied->id));
  ASSERT_TRUE(cases::DecideCase(town.world(), mother, applied->id, cases::Wait::kGoesOn));
  const std::set<AttributeId> citizenship{AttributeId("person.citizenship_rf")};
  ASSERT_EQ(town.CaseFor("mother", "snils_newborn")->awaited, citizenship);
  const auto answers = [&] {
    const auto log = cases::JournalAsLog(town.world());
    return std::ranges::count(log->cases.at(0).events, cases::kSourceAnsweredActivity,
                              &cases::monitoring::LoggedEvent::activity);
  };
  town.Report("mother", {{"person.citizenship_rf", "true"}});
  const auto waits = town.CaseFor("mother", "snils_newborn");
  EXPECT_EQ(waits->status, Status::kInterAgency);
  EXPECT_EQ(waits->awaited, citizenship) << "the son's";
  EXPECT_EQ(answers(), 0);
  town.Report("son", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "granted");
  EXPECT_EQ(answers(), 1);
}

class WhoseAnswersTest : public ::testing::Test {
 protected:
  WhoseAnswersTest() : town("2026-03-16", {}, CatalogueThatAsksBoth()) {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"}, {"person.region_code", "77"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
    town.Report("son", {{"person.citizenship_rf", "true"}});
    const CitizenId mother = town.Number("mother");
    const auto applied = town.desk().Apply(mother, ServiceId("snils_newborn"), town.Number("son"));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().ToString());
    id_ = applied->id;
    EXPECT_TRUE(town.desk().HandOver(mother, id_));
    const auto asked = cases::DecideCase(town.world(), mother, id_, cases::Wait::kGoesOn);
    EXPECT_EQ(asked->status, Status::kInformationAsked);
    EXPECT_EQ(asked->awaited, std::set<AttributeId>{kAsked});
  }

  Result<Case> Tell(CitizenId whose, const char* value) {
    return cases::TellCase(town.world(), town.Number("mother"), id_, {{{whose, kAsked}, value}});
  }

  Town town;
  CaseId id_;
};

TEST_F(WhoseAnswersTest, AnAnswerCountsForTheOneWhoseFactItIsAndTheOtherIsStillAsked) {
  const auto own = Tell(town.Number("mother"), "true");
  ASSERT_TRUE(own) << own.error().ToString();
  EXPECT_EQ(own->status, Status::kInformationAsked);
  EXPECT_EQ(own->awaited, std::set<AttributeId>{kAsked});
  const auto both = Tell(town.Number("son"), "false");
  ASSERT_TRUE(both) << both.error().ToString();
  EXPECT_EQ(both->status, Status::kWithOfficial);
  const std::map<cases::AskedFact, std::string> told{{{town.Number("mother"), kAsked}, "true"},
                                                     {{town.Number("son"), kAsked}, "false"}};
  EXPECT_EQ(both->told, told);
}

TEST_F(WhoseAnswersTest, AnAnswerThatDoesNotSayWhoseItIsIsRefusedWhereSeveralAreAsked) {
  const auto refused = Tell(CitizenId(), "true");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(Tell(town.Number("son"), "false"));
  const auto rest = Tell(CitizenId(), "true");
  ASSERT_TRUE(rest) << "only the mother's is left: " << rest.error().ToString();
  EXPECT_EQ(rest->told.at({town.Number("mother"), kAsked}), "true");
}

TEST_F(WhoseAnswersTest, NothingIsToldAboutWhomTheCaseDoesNotConcern) {
  const auto refused = Tell(town.Number("father"), "true");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().place, "answers");
}

}  // namespace
}  // namespace kstati::scenarios
