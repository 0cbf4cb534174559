// SPDX-License-Identifier: Apache-2.0
//
// What a step of a single application does not do by itself, though what it waited for is there:
//
//   the person turned it down, or revoked the consent   -> it waits
//   the records do not show the right                   -> it waits
//   another of the household has it                     -> it waits
//   what stands before it was about another child       -> it waits
//   of what stands before it not all is finished        -> it waits
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/erasure.h"
#include "cases/pre_check.h"
#include "cases/single_application.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::ApplicationOffer;
using cases::ApplicationStep;
using cases::Case;
using cases::SingleApplication;
using cases::TriggerReason;

constexpr const char* kWaiting = "oms_policy_newborn";  // for the SNILS of the child

class ApplicationStepsTest : public ::testing::Test {
 protected:
  ApplicationStepsTest() {
    const std::map<std::string, std::string> papers{
        {"person.citizenship_rf", "true"},     {"person.lives_in_rf", "true"},
        {"person.region_code", "77"},          {"person.registered_at_residence", "true"},
        {"doc.passport_rf", "true"},           {"doc.snils", "true"},
        {"doc.residence_registration", "true"}};
    town.Resident("mother", "1995-05-20", "female", papers);
    town.Resident("father", "1993-02-11", "male", papers);
    town.Relate("mother", "spouse", "father");
    town.Birth("son", "mother", "father");
  }

  ApplicationOffer Offer(const std::string& name = "mother", const std::string& about = "son") {
    auto offer = cases::OfferApplication(town.world(), town.Number(name),
                                         SituationId("child_birth"), town.Number(about));
    EXPECT_TRUE(offer) << (offer ? "" : offer.error().ToString());
    return offer ? *std::move(offer) : ApplicationOffer{};
  }
  // Answers that the person knows nothing.
  Result<SingleApplication> Confirm(const ApplicationOffer& offer) {
    cases::Confirmation confirmation{offer.citizen, offer.situation, offer.about, offer.id, {}, {}};
    confirmation.evidence = {"v1", "ru", "portal"};
    for (const auto& [asked, services] : offer.asks) confirmation.answers[asked] = std::nullopt;
    return cases::ConfirmApplication(town.world(), confirmation);
  }
  SingleApplication Confirmed(const std::string& name = "mother",
                              const std::string& about = "son") {
    auto application = Confirm(Offer(name, about));
    EXPECT_TRUE(application) << (application ? "" : application.error().ToString());
    return application ? *std::move(application) : SingleApplication{};
  }
  SingleApplication Kept(const std::string& name = "mother") {
    cases::Draft draft(town.world(), town.world().Now());
    return cases::ApplicationsOf(draft, town.Number(name))->back();
  }
  void Keep(const SingleApplication& application) {
    cases::Draft draft(town.world(), town.world().Now());
    ASSERT_TRUE(draft.HouseholdOf(application.citizen));
    draft.PutRecord(application.citizen, cases::kApplicationRecord, application.id,
                    Encode(application));
    ASSERT_TRUE(draft.Commit());
  }
  ApplicationStep StepOf(const SingleApplication& application, const std::string& service) {
    const auto step =
        std::ranges::find(application.steps, ServiceId(service), &ApplicationStep::service);
    EXPECT_NE(step, application.steps.end()) << service;
    return step == application.steps.end() ? ApplicationStep{} : *step;
  }
  void ExpectWaits(TriggerReason reason) {
    const ApplicationStep step = StepOf(Kept(), kWaiting);
    EXPECT_EQ(step.case_id, CaseId());
    ASSERT_TRUE(step.not_started);
    EXPECT_EQ(NameOf(step.not_started->reason), NameOf(reason));
  }
  void GetSnils(const std::string& child = "son") {
    town.Report(child, {{"doc.snils_child", "true"}});
  }
  // Open cases that steps began by themselves.
  std::vector<Case> StartedInChain(const std::string& name) {
    std::vector<Case> cases = *town.desk().Cases(town.Number(name));
    std::erase_if(cases, [](const Case& c) {
      return std::ranges::none_of(c.history, [](const cases::StatusChange& change) {
        return change.reason == "case.reason.started_in_chain";
      });
    });
    return cases;
  }

  Town town{"2026-03-16"};
};

TEST_F(ApplicationStepsTest, AStepStartsWhenNothingStandsInTheWay) {
  Confirmed();
  GetSnils();
  const ApplicationStep step = StepOf(Kept(), kWaiting);
  ASSERT_NE(step.case_id, CaseId());
  EXPECT_EQ(town.desk().FindCase(town.Number("mother"), step.case_id)->verdict,
            eligibility::Verdict::kEligible);
}

TEST_F(ApplicationStepsTest, WhatThePersonTurnedDownAmongSuggestionsStartsNoMore) {
  Confirmed();
  const Result<void> declined = town.desk().Feedback(town.Number("mother"), "", ServiceId(kWaiting),
                                                     "declined", town.Number("son"));
  ASSERT_TRUE(declined);
  GetSnils();
  ExpectWaits(TriggerReason::kDeclined);
}

TEST_F(ApplicationStepsTest, WhatThePersonTurnedDownAboutWhomeverStartsNoMore) {
  Confirmed();
  ASSERT_TRUE(town.desk().Feedback(town.Number("mother"), "", ServiceId(kWaiting), "declined"));
  GetSnils();
  ExpectWaits(TriggerReason::kDeclined);
}

TEST_F(ApplicationStepsTest, AnOfferThatThePersonTurnedDownIsNotStartedInstead) {
  Confirmed();
  cases::Draft draft(town.world(), town.world().Now());
  Case offered;
  offered.citizen = town.Number("mother");
  offered.about = town.Number("son");
  offered.service = ServiceId(kWaiting);
  offered.status = cases::Status::kOffered;
  const auto opened = draft.Open(offered, "case.reason.offered");
  ASSERT_TRUE(opened) << opened.error().ToString();
  ASSERT_TRUE(draft.Commit());
  ASSERT_TRUE(town.desk().Decline(opened->citizen, opened->id));
  GetSnils();
  ExpectWaits(TriggerReason::kDeclined);
  EXPECT_EQ(town.desk().FindCase(opened->citizen, opened->id)->status, cases::Status::kDeclined);
}

TEST_F(ApplicationStepsTest, AnEarlierConsentDoesNotCarryWhatTheRevokedOneCarried) {
  town.Consents("mother");
  town.AdvanceTo("2026-03-17");
  const SingleApplication application = Confirmed();
  ASSERT_NE(application.consent, ConsentId());
  const auto revoked = town.Revokes("mother", application.consent);
  ASSERT_TRUE(revoked) << revoked.error().ToString();
  for (const ApplicationStep& step : application.steps) {
    const bool told =
        std::ranges::find(revoked->no_longer_start, step.service) != revoked->no_longer_start.end();
    EXPECT_EQ(told, step.case_id.empty()) << step.service.text();
  }
  GetSnils();
  EXPECT_TRUE(StartedInChain("mother").empty());
  EXPECT_EQ(StepOf(Kept(), kWaiting).not_started->reason, TriggerReason::kNoConsent);
}

TEST_F(ApplicationStepsTest, OnlyWhatTheRecordsShowStartsByItself) {
  Confirmed();
  GetSnils();
  town.Report("son", {{"doc.residence_registration_child", "true"},
                      {"doc.oms_policy_child", "true"},
                      {"doc.inn_child", "true"}});
  ASSERT_FALSE(StartedInChain("mother").empty());
  for (const Case& c : StartedInChain("mother")) {
    EXPECT_TRUE(c.verdict == eligibility::Verdict::kEligible ||
                c.verdict == eligibility::Verdict::kLikely)
        << c.service.text();
  }
}

TEST_F(ApplicationStepsTest, AMissingFactKeepsAStepWaiting) {
  town.Resident("ward", "2026-03-10", "male", {{"doc.birth_record", "true"}});
  town.Relate("mother", "parent", "ward");
  SingleApplication application = Confirmed();
  application.steps = {{ServiceId(kWaiting), town.Number("ward"), {}, {}, {}, {}}};
  Keep(application);
  GetSnils("ward");
  const ApplicationStep step = Kept().steps.front();
  const auto decision = town.desk().Explain(application.citizen, step.service, step.about);
  ASSERT_EQ(decision->verdict, eligibility::Verdict::kUndetermined) << "is it a citizen?";
  ExpectWaits(TriggerReason::kFactsMissing);
  town.Report("ward", {{"person.citizenship_rf", "true"}});
  EXPECT_NE(Kept().steps.front().case_id, CaseId());
}

TEST_F(ApplicationStepsTest, OneRightStartsOnceInAHousehold) {
  Confirmed("mother");
  Confirmed("father");
  GetSnils();
  std::map<ServiceId, size_t> started;
  for (const std::string name : {"mother", "father"}) {
    for (const Case& c : StartedInChain(name)) ++started[c.service];
  }
  EXPECT_EQ(started[ServiceId(kWaiting)], 1u);
  for (const auto& [service, times] : started) EXPECT_EQ(times, 1u) << service.text();
}

TEST_F(ApplicationStepsTest, NothingStartsForAChildWhoDied) {
  Confirmed();
  town.Report("son", {{"person.alive", "false"}});
  GetSnils();
  EXPECT_TRUE(StartedInChain("mother").empty());
}

TEST_F(ApplicationStepsTest, WhatStandsBeforeAStepIsAboutTheSameChild) {
  GetSnils("son");
  town.Birth("daughter", "mother", "father");
  SingleApplication application = Confirmed("mother", "daughter");
  std::erase_if(application.steps, [](const ApplicationStep& step) {
    return step.service != ServiceId(kWaiting) && step.service != ServiceId("snils_newborn");
  });
  ASSERT_EQ(application.steps.size(), 2u);
  for (ApplicationStep& step : application.steps) {
    if (step.service != ServiceId(kWaiting)) continue;
    step.awaits.clear();
    step.behind = {{ServiceId("snils_newborn"), true}};
  }
  application.told[{application.citizen, AttributeId("person.ready_to_work")}] = "true";
  Keep(application);
  cases::Draft draft(town.world(), town.world().Now());
  Case done;  // the brother's
  done.citizen = town.Number("mother");
  done.about = town.Number("son");
  done.service = ServiceId("snils_newborn");
  done.status = cases::Status::kDone;
  ASSERT_TRUE(draft.Open(done, "case.reason.result"));
  ASSERT_TRUE(draft.Commit());
  town.Report("mother", {{"person.lives_in_rf", "true"}});
  EXPECT_EQ(StepOf(Kept(), kWaiting).case_id, CaseId());
  EXPECT_EQ(Kept().told.size(), 1u) << "a step still waits";
  GetSnils("daughter");
  EXPECT_NE(StepOf(Kept(), kWaiting).case_id, CaseId());
  EXPECT_TRUE(Kept().told.empty()) << "no step waits for an answer any more";
}

TEST_F(ApplicationStepsTest, WhatComesAfterThoseOfAllChildrenWaitsForEachOfThem) {
  town.Birth("daughter", "mother", "father");
  SingleApplication application = Confirmed();
  town.AdvanceTo("2026-03-17");
  town.Consents("mother");
  const ServiceId first(kWaiting);
  const ServiceId second("inn_certificate");
  const CitizenId mother = town.Number("mother");
  application.steps = {{first, town.Number("son"), {}, {}, {}, {}},
                       {first, town.Number("daughter"), {}, {}, {}, {}},
                       {second, mother, {}, {{first, true}}, {}, {}}};
  Keep(application);
  const auto is_waiting = [&] {
    const ApplicationStep step = StepOf(Kept(), second.text());
    return step.case_id.empty() && !step.not_started;
  };
  GetSnils("son");
  town.Report("son", {{"doc.oms_policy_child", "true"}});
  EXPECT_TRUE(is_waiting()) << "the daughter's is not finished";
  GetSnils("daughter");
  EXPECT_TRUE(is_waiting()) << "the daughter's is under way";
  town.Report("daughter", {{"doc.oms_policy_child", "true"}});
  EXPECT_NE(StepOf(Kept(), second.text()).case_id, CaseId());
}

TEST_F(ApplicationStepsTest, AStepStandsBehindThatOfTheSamePersonElseBehindTheApplicants) {
  const ServiceId ahead("ahead");
  const CitizenId applicant{1};
  const CitizenId child{2};
  const CitizenId other{3};
  const auto about = [&](CitizenId whom, const std::vector<CitizenId>& all) {
    ApplicationStep step;
    step.about = whom;
    std::vector<ApplicationStep> steps;
    for (const CitizenId one : all) steps.push_back({ahead, one, {}, {}, {}, {}});
    return cases::AboutAhead(steps, step, ahead, applicant);
  };
  using People = std::set<CitizenId>;
  EXPECT_EQ(about(child, {applicant, child, other}), People{child});
  EXPECT_EQ(about(child, {applicant, other}), People{applicant});
  EXPECT_EQ(about(applicant, {child, other}), (People{child, other}));
  EXPECT_EQ(about(applicant, {child, applicant}), People{applicant});
  EXPECT_EQ(about(child, {}), People{child}) << "nothing else is known of it";
}

TEST_F(ApplicationStepsTest, TheConsentLastsAsLongAsWasShown) {
  const ApplicationOffer offer = Offer();
  ASSERT_TRUE(offer.consent_until);
  ApplicationOffer ahead = offer;
  ahead.id = std::to_string(town.world().Now().micros + 86'400'000'000) +
             offer.id.substr(offer.id.find('-'));
  EXPECT_EQ(Confirm(ahead).error().code, ErrorCode::kConflict) << "of a day to come";
  town.AdvanceTo("2026-03-18");
  const auto application = Confirm(offer);
  ASSERT_TRUE(application) << application.error().ToString();
  const auto consents = town.desk().Consents(offer.citizen);
  ASSERT_EQ(consents->size(), 1u);
  EXPECT_EQ(consents->front().latest().valid.to, offer.consent_until);
}

TEST_F(ApplicationStepsTest, ErasureTakesWhatApplicationsSayOfTheCases) {
  const SingleApplication application = Confirmed();
  GetSnils();
  const CaseId started = StepOf(Kept(), kWaiting).case_id;
  ASSERT_NE(started, CaseId());
  cases::PreCheck pre_check;
  pre_check.id = "P-1";
  pre_check.citizen = application.citizen;
  pre_check.about = application.about;
  pre_check.service = ServiceId(kWaiting);
  pre_check.case_id = started;
  cases::Draft draft(town.world(), town.world().Now());
  ASSERT_TRUE(draft.HouseholdOf(application.citizen));
  draft.PutRecord(application.citizen, cases::kPreCheckRecord, pre_check.id, Encode(pre_check));
  ASSERT_TRUE(draft.Commit());
  ASSERT_TRUE(town.Revokes("mother", application.consent));
  ASSERT_TRUE(town.desk().Erase(application.citizen, application.consent));
  for (const auto kind : {cases::kApplicationRecord, cases::kPreCheckRecord}) {
    const auto records = town.world().store->Records(application.citizen, kind);
    ASSERT_EQ(records->size(), 1u);
    EXPECT_EQ(records->front().second.find(kWaiting), std::string::npos) << kind;
  }
  EXPECT_FALSE(Kept().steps.empty()) << "what the person applied for stays";
}

}  // namespace
}  // namespace kstati::scenarios
