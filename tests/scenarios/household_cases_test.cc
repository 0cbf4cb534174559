// SPDX-License-Identifier: Apache-2.0
//
// Who of a family may have a case: nobody who is dead, nobody in another's role, and not two for
// what is given once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/single_application.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HouseholdCasesTest : public ::testing::Test {
 protected:
  HouseholdCasesTest() {
    for (const char* parent : {"mother", "father"}) {
      const bool is_mother = parent == std::string("mother");
      town.Resident(parent, is_mother ? "1995-05-20" : "1993-02-11", is_mother ? "female" : "male",
                    {{"person.citizenship_rf", "true"},
                     {"person.lives_in_rf", "true"},
                     {"person.region_code", "77"},
                     {"person.tax_resident", "true"},
                     {"person.income_ytd", "100000"}});
    }
  }

  Result<cases::Case> Apply(const std::string& who, const char* service,
                            CitizenId about = CitizenId()) {
    return town.desk().Apply(town.Number(who), ServiceId(service), about);
  }
  std::string ReasonOf(const std::string& who, const std::string& service) {
    const auto c = town.CaseFor(who, service);
    return c ? c->history.back().reason : "none";
  }

  Town town{"2026-03-16"};
};

TEST_F(HouseholdCasesTest, NothingStartsForTheDead) {
  town.Consents("father");
  ASSERT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  town.Report("father", {{"person.alive", "false"}});
  town.Report("son", {{"person.citizenship_rf", "true"}});
  EXPECT_THAT(town.CasesOf("father"), Not(HasSubstr("started")));
  EXPECT_THAT(town.CasesOf("father"), Not(HasSubstr("offered")));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered");
  const auto applied = Apply("father", "birth_lump_sum", town.Number("son"));
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, ErrorCode::kDenied);
}

TEST_F(HouseholdCasesTest, WhatADeathEndsTheOtherParentIsOffered) {
  town.Consents("father");
  town.Birth("son", "mother", "father");
  ASSERT_EQ(town.StatusOf("father", "snils_newborn"), "started");
  ASSERT_EQ(town.StatusOf("mother", "snils_newborn"), "none");
  town.Report("father", {{"person.alive", "false"}});
  EXPECT_EQ(town.StatusOf("father", "snils_newborn"), "stopped");
  EXPECT_EQ(ReasonOf("father", "snils_newborn"), "case.reason.applicant_died");
  EXPECT_THAT(town.CasesOf("father"), Not(HasSubstr("offered")));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered");
}

TEST_F(HouseholdCasesTest, AServiceAboutAPersonIsAboutTheApplicant) {
  town.Relate("father", "spouse", "mother");
  town.Happens("event.death_registered", "father");
  const auto own = Apply("mother", "inn_certificate");
  ASSERT_TRUE(own) << own.error().ToString();
  EXPECT_EQ(own->about, town.Number("mother"));
  const auto others = Apply("mother", "inn_certificate", town.Number("father"));
  ASSERT_FALSE(others);
  EXPECT_EQ(others.error().code, ErrorCode::kInvalidArgument);
  const auto ahead = town.desk().CheckAhead(town.Number("mother"), ServiceId("inn_certificate"),
                                            town.Number("father"));
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().code, ErrorCode::kInvalidArgument);
  const auto about_self = Apply("mother", "funeral_benefit", town.Number("mother"));
  ASSERT_FALSE(about_self);
  EXPECT_EQ(about_self.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(HouseholdCasesTest, WhatOneParentHasAppliedForTheOtherIsNotGivenToo) {
  town.Birth("son", "mother", "father");
  ASSERT_EQ(town.StatusOf("mother", "birth_lump_sum"), "offered");
  const CitizenId son = town.Number("son");
  ASSERT_TRUE(Apply("father", "birth_lump_sum", son)) << "an offer keeps nobody else away";
  const auto second = Apply("mother", "birth_lump_sum", son);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(town.StatusOf("mother", "birth_lump_sum"), "offered");
}

TEST_F(HouseholdCasesTest, EachParentHasATaxDeductionOfTheirOwn) {
  town.Birth("son", "mother", "father");
  const CitizenId son = town.Number("son");
  ASSERT_TRUE(Apply("father", "child_tax_deduction", son));
  const auto second = Apply("mother", "child_tax_deduction", son);
  EXPECT_TRUE(second) << second.error().ToString();
}

TEST_F(HouseholdCasesTest, AnApplicationForASituationLeavesOutWhatAnotherHasUnderWay) {
  town.Birth("son", "mother", "father");
  const CitizenId son = town.Number("son");
  ASSERT_TRUE(Apply("father", "snils_newborn", son));
  const auto offer =
      cases::OfferApplication(town.world(), town.Number("mother"), SituationId("child_birth"), son);
  ASSERT_TRUE(offer) << offer.error().ToString();
  cases::Confirmation confirmation{
      offer->citizen, offer->situation, offer->about, offer->id, {}, {}};
  confirmation.evidence = {"v1", "ru", "portal"};
  for (const auto& [asked, services] : offer->asks) confirmation.answers[asked] = std::nullopt;
  const auto application = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_TRUE(application) << application.error().ToString();
  for (const cases::ApplicationStep& step : application->steps) {
    if (step.service != ServiceId("snils_newborn")) continue;
    EXPECT_TRUE(step.case_id.empty());
    ASSERT_TRUE(step.not_started);
    EXPECT_EQ(step.not_started->reason, cases::TriggerReason::kHouseholdTold);
  }
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered") << "as before";
  EXPECT_THAT(town.CasesOf("mother"), HasSubstr("started"));
}

}  // namespace
}  // namespace kstati::scenarios
