// SPDX-License-Identifier: Apache-2.0
//
// Losses: of work, and of a close person.
//
//   sfr_ils: employed = false -> life event "dismissed" -> work record started, job seeker
//   announced egr_zags: death registered -> situation of husband and daughter, not of a stranger
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::HasSubstr;

class LossTest : public ::testing::Test {
 protected:
  std::string SituationsOf(const std::string& name) {
    std::string text;
    const auto situations = town.desk().Situations(town.Number(name));
    for (const auto& situation : *situations) text += situation.situation.text() + " ";
    return text;
  }

  Town town{"2026-03-16"};
};

TEST_F(LossTest, ADismissalStartsTheWorkRecordWithConsent) {
  town.Resident("worker", "1990-01-01", "male",
                {{"person.employed", "true"}, {"doc.snils", "true"}});
  town.Consents("worker");
  town.AdvanceTo("2026-04-06");
  town.Report("worker", {{"person.employed", "false"}});
  EXPECT_THAT(SituationsOf("worker"), HasSubstr("job_loss"));
  EXPECT_EQ(town.StatusOf("worker", "work_record"), "started");
}

TEST_F(LossTest, NothingHappensWhenTheRegistryRepeatsWhatIsKnown) {
  town.Resident("idler", "1990-01-01", "male", {{"person.employed", "false"}});
  town.AdvanceTo("2026-04-06");
  const std::string before = town.CasesOf("idler");
  town.Report("idler", {{"person.employed", "false"}});
  EXPECT_EQ(town.CasesOf("idler"), before);
}

TEST_F(LossTest, ADeathIsTheSituationOfTheClosePeople) {
  town.Resident("husband", "1950-01-01", "male");
  town.Resident("wife", "1952-01-01", "female", {{"deceased.pension_status", "pensioner_sfr"}});
  town.Resident("daughter", "1975-01-01", "female");
  town.Resident("stranger", "1975-01-01", "female");
  town.Relate("husband", "spouse", "wife");
  town.Relate("wife", "parent", "daughter");
  town.Happens("event.death_registered", "wife");
  EXPECT_THAT(SituationsOf("husband"), HasSubstr("death"));
  EXPECT_THAT(SituationsOf("daughter"), HasSubstr("death"));
  EXPECT_EQ(SituationsOf("stranger"), "");
  EXPECT_EQ(SituationsOf("wife"), "");
}

TEST_F(LossTest, EachChildOfTheDeadHasAPensionOfItsOwn) {
  town.Resident("father", "1980-01-01", "male", {{"deceased.insurance_record_days", "4200"}});
  town.Child("girl", "2012-06-01", "father");
  town.Child("boy", "2014-06-01", "father");
  town.Happens("event.death_registered", "father");
  EXPECT_EQ(town.StatusOf("girl", "survivor_pension_insurance"), "offered");
  EXPECT_EQ(town.StatusOf("boy", "survivor_pension_insurance"), "offered");
}

// Two services are made to exclude each other: the one that a boy has applied for keeps the pension
// from him, and from nobody else.
TEST_F(LossTest, WhatOneChildHasInsteadTakesNothingFromTheOthers) {
  graph::Exclusion exclusion;
  exclusion.services = {ServiceId("survivor_pension_insurance"), ServiceId("passport_first_14")};
  town.world().exclusions = std::make_shared<const std::vector<graph::Exclusion>>(1, exclusion);
  town.Resident("father", "1980-01-01", "male", {{"deceased.insurance_record_days", "4200"}});
  for (const char* child : {"girl", "boy", "son"}) town.Child(child, "2010-06-01", "father");
  town.Report("boy", {{"person.citizenship_rf", "true"}});
  ASSERT_EQ(town.VerdictOf("boy", "passport_first_14"), "eligible");
  const auto applied =
      town.desk().Apply(town.Number("boy"), ServiceId("passport_first_14"), town.Number("boy"));
  ASSERT_TRUE(applied) << applied.error().ToString();
  town.Happens("event.death_registered", "father");
  EXPECT_EQ(town.StatusOf("girl", "survivor_pension_insurance"), "offered");
  EXPECT_EQ(town.StatusOf("boy", "survivor_pension_insurance"), "none");
  EXPECT_EQ(town.StatusOf("son", "survivor_pension_insurance"), "offered");
}

}  // namespace
}  // namespace kstati::scenarios
