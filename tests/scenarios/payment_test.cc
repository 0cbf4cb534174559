// SPDX-License-Identifier: Apache-2.0
//
// A monthly payment whose sum depends on the disability group.
//
//   applied on the 18th, a certificate to the 20th, decided on the 23rd -> granted as on the 18th
//   granted for group III, corrected to II  -> more, by itself
//   granted for group II, corrected to III  -> less, and an official decides
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/correcting.h"
#include "cases/deciding.h"
#include "cases/official.h"
#include "cases/register.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::Status;
using ::testing::ElementsAre;

constexpr const char* kPayment = "edv_disabled";

class PaymentTest : public ::testing::Test {
 protected:
  PaymentTest() {
    town.Settled("adult", "1985-05-20");
    town.Consents("adult");
  }

  // The register of the disabled reports the group, in the place of what it reported before.
  void ReportGroup(const char* group, std::optional<Date> last_day = std::nullopt) {
    profile::RegistryEvent event;
    const std::string id = "group-" + std::to_string(++reports_);
    event.key = {RegistryId("fri"), EventId(id)};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number("adult");
    event.occurred_on = town.today();
    event.facts = {{event.subject,
                    AttributeId("person.disability_group"),
                    std::string(group),
                    {Date::Of(2026, 1, 10), last_day}}};
    if (reports_ > 1) event.supersedes = EventId("group-" + std::to_string(reports_ - 1));
    const auto outcome = town.Submit(event);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
  }

  void Start() {
    town.Happens("event.disability_established", "adult", {{"person", "adult"}});
    ASSERT_EQ(town.StatusOf("adult", kPayment), "started");
    ASSERT_TRUE(town.desk().HandOver(town.Number("adult"), Payment().id));
  }

  Case Payment() { return *town.CaseFor("adult", kPayment); }

  Result<Case> Decide() {
    return cases::DecideCase(town.world(), town.Number("adult"), Payment().id,
                             cases::Wait::kGoesOn);
  }

  // "issued 3295.88", "corrected 4117.2"
  std::vector<std::string> Register() {
    cases::Draft draft(town.world(), town.world().Now());
    std::vector<std::string> versions;
    const auto results = cases::ResultsOf(draft, town.Number("adult"));
    for (const cases::ResultRecord& record : *results) {
      if (record.service != ServiceId(kPayment)) continue;
      for (const cases::ResultVersion& version : record.versions) {
        versions.push_back(std::string(NameOf(version.change)) + " " +
                           (version.amount ? version.amount->ToString() : "nothing"));
      }
    }
    return versions;
  }

  // Decided already, whoever decided.
  Case Granted(const char* service, const std::string& about) {
    const auto granted = cases::Retry(town.world(), [&](cases::Draft& draft) -> Result<Case> {
      Case c;
      c.citizen = town.Number("adult");
      c.about = town.Number(about);
      c.service = ServiceId(service);
      c.status = Status::kStarted;
      c.regulation_from = Date::Of(2024, 1, 1);
      KSTATI_TRY(c, draft.Open(std::move(c), "case.reason.applied"));
      KSTATI_TRY_VOID(draft.Act(c, cases::Action::kHandOver, "case.reason.handed_over"));
      KSTATI_TRY_VOID(draft.Act(c, cases::Action::kGrant, "case.reason.granted_by_rules"));
      return c;
    });
    EXPECT_TRUE(granted) << (granted ? "" : granted.error().ToString());
    return *granted;
  }

  std::vector<CaseId> PlanFor(const Case& c) {
    cases::Draft draft(town.world(), town.world().Now());
    return *cases::CompensationPlan(draft, c);
  }

  size_t Told(const std::string& message) {
    const auto told = town.desk().Notifications(town.Number("adult"));
    return static_cast<size_t>(std::ranges::count_if(
        *told, [&](const auto& each) { return each.notification.message == message; }));
  }

  Town town{"2026-03-18"};

 private:
  int reports_ = 0;
};

TEST_F(PaymentTest, HowLongTheStateTakesCostsThePersonNothing) {
  ReportGroup("II", Date::Of(2026, 3, 20));
  Start();
  town.AdvanceTo("2026-03-23");
  const auto decided = Decide();
  ASSERT_TRUE(decided) << decided.error().ToString();
  EXPECT_EQ(decided->status, Status::kGranted);
  EXPECT_EQ(decided->verdict, eligibility::Verdict::kEligible);
}

TEST_F(PaymentTest, WhatIsKnownOnlyNowOfTheDayOfApplyingCounts) {
  ReportGroup("II", Date::Of(2026, 3, 20));
  Start();
  town.AdvanceTo("2026-03-23");
  ReportGroup("none");
  EXPECT_EQ(Payment().verdict, eligibility::Verdict::kNotEligible) << "nor on that day";
  EXPECT_EQ(Payment().status, Status::kWithOfficial);
}

TEST_F(PaymentTest, ACorrectionThatGivesMoreIsGrantedByItself) {
  ReportGroup("III");
  Start();
  ASSERT_TRUE(Decide());
  EXPECT_THAT(Register(), ElementsAre("issued 3295.88"));
  ReportGroup("II");
  const Case corrected = Payment();
  EXPECT_EQ(corrected.status, Status::kGranted);
  ASSERT_EQ(corrected.rulings.size(), 2u);
  EXPECT_EQ(corrected.rulings[1].amount->ToString(), "4117.2");
  EXPECT_THAT(Register(), ElementsAre("issued 3295.88", "corrected 4117.2"));
  EXPECT_EQ(Told("notification.amount_raised"), 1u);
}

TEST_F(PaymentTest, ACorrectionThatGivesLessIsAnOfficials) {
  ReportGroup("II");
  Start();
  ASSERT_TRUE(Decide());
  ReportGroup("III");
  ASSERT_EQ(Payment().status, Status::kWithOfficial);
  EXPECT_THAT(Register(), ElementsAre("issued 4117.2")) << "until the official has decided";
  EXPECT_EQ(Told("notification.amount_raised"), 0u);
  cases::OfficialAct act;
  act.citizen = town.Number("adult");
  act.id = Payment().id;
  act.official = "desk";
  act.step = cases::OfficialStep::kGrant;
  const auto granted = cases::ActOfficially(town.world(), act);
  ASSERT_TRUE(granted) << granted.error().ToString();
  EXPECT_EQ(granted->rulings.back().amount->ToString(), "3295.88");
  EXPECT_THAT(Register(), ElementsAre("issued 4117.2", "corrected 3295.88"));
}

TEST_F(PaymentTest, WhatWasDoubtedBecauseOfAnErrorStandsAgainWithItsSum) {
  ReportGroup("II");
  Start();
  ASSERT_TRUE(Decide());
  ReportGroup("III");
  ASSERT_EQ(Payment().status, Status::kWithOfficial);
  ReportGroup("II");
  EXPECT_EQ(Payment().status, Status::kGranted);
  EXPECT_EQ(Payment().rulings.back().amount->ToString(), "4117.2");
  EXPECT_THAT(Register(), ElementsAre("issued 4117.2"));
}

// Whose an output is decides, and not whom the cases are about: the pension is the widow's.
TEST_F(PaymentTest, WhatThePersonHasFromACaseAboutAnotherCarriesTheirOwn) {
  town.Settled("spouse", "1984-03-01");
  town.Child("son", "2020-05-01", "adult");
  const Case pension = Granted("survivor_pension_insurance", "spouse");
  const Case supplement = Granted("pension_supplement", "adult");
  EXPECT_EQ(PlanFor(pension), std::vector<CaseId>{supplement.id});
  const Case record = Granted("zags_birth_registration", "son");
  Granted("zags_name_change", "adult");
  EXPECT_EQ(PlanFor(record), std::vector<CaseId>{}) << "she has a birth record of her own";
}

}  // namespace
}  // namespace kstati::scenarios
