// SPDX-License-Identifier: Apache-2.0
//
// One application for a whole life situation: asked once, confirmed once, and what rests on earlier
// results starts by itself when they are there.
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/single_application.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::ApplicationOffer;
using cases::ApplicationStep;
using cases::OfferedStep;
using cases::SingleApplication;

class SingleApplicationTest : public ::testing::Test {
 protected:
  SingleApplicationTest() {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"},
                   {"person.registered_at_residence", "true"},
                   {"doc.passport_rf", "true"},
                   {"doc.snils", "true"},
                   {"doc.residence_registration", "true"}});
    town.Resident("father", "1993-02-11", "male",
                  {{"person.citizenship_rf", "true"}, {"person.region_code", "77"}});
    town.Relate("mother", "spouse", "father");
    town.Birth("son", "mother", "father");
  }

  ApplicationOffer Offer() {
    auto offer = cases::OfferApplication(town.world(), town.Number("mother"),
                                         SituationId("child_birth"), town.Number("son"));
    EXPECT_TRUE(offer) << (offer ? "" : offer.error().ToString());
    return offer ? *std::move(offer) : ApplicationOffer{};
  }

  // Answers that the person knows nothing.
  cases::Confirmation ConfirmationOf(const ApplicationOffer& offer) {
    cases::Confirmation confirmation{offer.citizen, offer.situation, offer.about, offer.id, {}, {}};
    confirmation.evidence = {"v1", "ru", "portal"};
    for (const auto& [asked, services] : offer.asks) confirmation.answers[asked] = std::nullopt;
    return confirmation;
  }

  Result<SingleApplication> Confirm(const ApplicationOffer& offer) {
    return cases::ConfirmApplication(town.world(), ConfirmationOf(offer));
  }

  SingleApplication Kept() {
    cases::Draft draft(town.world(), town.world().Now());
    return cases::ApplicationsOf(draft, town.Number("mother"))->front();
  }

  static const ApplicationStep& StepOf(const SingleApplication& application,
                                       const std::string& service) {
    const auto step =
        std::ranges::find(application.steps, ServiceId(service), &ApplicationStep::service);
    EXPECT_NE(step, application.steps.end()) << service;
    return *step;
  }

  // A step that waits for nothing but what the SNILS service gives, and for no other step.
  static const OfferedStep* WaitsForSnils(const ApplicationOffer& offer) {
    const auto found = std::ranges::find_if(offer.steps, [](const OfferedStep& each) {
      return each.step.awaits == std::set<AttributeId>{AttributeId("doc.snils_child")} &&
             each.step.behind.empty() && !each.starts;
    });
    return found == offer.steps.end() ? nullptr : &*found;
  }

  // How often the mother's trigger decisions say this of the service.
  size_t TimesNoted(const ServiceId& service, cases::TriggerReason reason) {
    size_t times = 0;
    const auto records = town.world().store->Records(town.Number("mother"), cases::kTriggerRecord);
    for (const auto& [key, bytes] : *records) {
      const auto decisions = cases::DecodeTriggers(bytes);
      times += static_cast<size_t>(std::ranges::count_if(*decisions, [&](const auto& decision) {
        return decision.service == service && decision.reason == reason;
      }));
    }
    return times;
  }

  size_t CasesOpen() { return town.desk().Cases(town.Number("mother"))->size(); }

  Town town{"2026-03-16"};
};

TEST_F(SingleApplicationTest, EverythingIsAskedOnceAndSummedUp) {
  const ApplicationOffer offer = Offer();
  const auto chain = town.desk().Chain(offer.citizen, offer.situation, offer.about);
  ASSERT_TRUE(chain) << chain.error().ToString();
  ASSERT_EQ(offer.steps.size(), chain->chain.steps.size());
  std::map<cases::AskedFact, std::set<ServiceId>> asks;
  std::map<AttributeId, std::set<ServiceId>> papers;
  int64_t fee = 0;
  int visits = 0;
  for (size_t i = 0; i < offer.steps.size(); ++i) {
    const graph::ChainStep& step = chain->chain.steps[i];
    for (const auto& missing :
         cases::OnlyPersonKnows(chain->decisions[i], town.world().program->dictionary())) {
      asks[{missing.citizen, missing.attribute}].insert(step.service);
    }
    for (const AttributeId& document : step.bring) papers[document].insert(step.service);
    fee += step.fee;
    visits += step.visits;
  }
  EXPECT_EQ(offer.asks, asks);
  EXPECT_EQ(offer.to_bring, papers);
  EXPECT_EQ(offer.fee(), fee);
  EXPECT_EQ(offer.visits(), visits);
  ASSERT_NE(WaitsForSnils(offer), nullptr);
  EXPECT_TRUE(offer.consent_until);
  EXPECT_FALSE(offer.categories.empty());
  for (const auto& [recipient, services] : offer.recipients) {
    for (const ServiceId& service : services) {
      const auto step = std::ranges::find_if(
          offer.steps, [&](const OfferedStep& each) { return each.step.service == service; });
      EXPECT_FALSE(step->starts) << service.text() << " needs no consent: it is asked for";
    }
  }
}

TEST_F(SingleApplicationTest, OneConfirmationStartsWhatCanStartAndAgainChangesNothing) {
  const ApplicationOffer offer = Offer();
  const auto application = Confirm(offer);
  ASSERT_TRUE(application) << application.error().ToString();
  for (size_t i = 0; i < offer.steps.size(); ++i) {
    const ApplicationStep& step = application->steps[i];
    EXPECT_EQ(!step.case_id.empty(), offer.steps[i].starts) << step.service.text();
    if (step.case_id.empty()) continue;
    EXPECT_EQ(town.StatusOf("mother", step.service.text()), "started");
  }
  EXPECT_FALSE(application->consent.empty());
  const size_t cases_open = CasesOpen();
  const auto again = Confirm(offer);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->id, application->id);
  EXPECT_EQ(CasesOpen(), cases_open);
  EXPECT_EQ(town.desk().Consents(offer.citizen)->size(), 1u);
  const auto stale = Confirm(ApplicationOffer(offer));
  EXPECT_EQ(stale->id, application->id);
  ApplicationOffer older = offer;
  older.id = "1-" + offer.id.substr(offer.id.find('-') + 1);
  const auto refused = Confirm(older);
  ASSERT_FALSE(refused) << "what it would start is under way now";
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
}

TEST_F(SingleApplicationTest, WhatWaitsStartsByItselfWhenTheResultComes) {
  const ApplicationOffer offer = Offer();
  const OfferedStep* waits = WaitsForSnils(offer);
  ASSERT_NE(waits, nullptr);
  const std::string service = waits->step.service.text();
  const auto application = Confirm(offer);
  ASSERT_TRUE(application) << application.error().ToString();
  town.Report("mother", {{"person.registered_at_residence", "true"}});
  EXPECT_TRUE(StepOf(Kept(), service).case_id.empty()) << "nothing that it waits for";
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "done");
  const CaseId id = StepOf(Kept(), service).case_id;
  ASSERT_FALSE(id.empty()) << service;
  const auto started = town.desk().FindCase(offer.citizen, id);
  EXPECT_EQ(started->status, cases::Status::kStarted);
  EXPECT_EQ(started->history.back().reason, "case.reason.started_in_chain");
  EXPECT_EQ(started->consent, application->consent);
  EXPECT_FALSE(started->categories.empty());
  const auto handed = town.desk().HandOver(offer.citizen, id);
  ASSERT_TRUE(handed) << handed.error().ToString();
  EXPECT_EQ(handed->status, cases::Status::kInterAgency) << "the consent covers what it needs";
}

TEST_F(SingleApplicationTest, ARevokedConsentStartsNothingMore) {
  const ApplicationOffer offer = Offer();
  const OfferedStep* waits = WaitsForSnils(offer);
  ASSERT_NE(waits, nullptr);
  const std::string service = waits->step.service.text();
  const auto application = Confirm(offer);
  ASSERT_TRUE(application) << application.error().ToString();
  ASSERT_TRUE(town.Revokes("mother", application->consent));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started") << "the person asked for it";
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_TRUE(StepOf(Kept(), service).case_id.empty());
}

TEST_F(SingleApplicationTest, AStepWhoseTurnHasComeSaysWhyItWaitsAndGoesOnWithANewConsent) {
  const ApplicationOffer offer = Offer();
  const OfferedStep* waits = WaitsForSnils(offer);
  ASSERT_NE(waits, nullptr);
  const ServiceId service = waits->step.service;
  const auto application = Confirm(offer);
  ASSERT_TRUE(application) << application.error().ToString();
  ASSERT_TRUE(town.Revokes("mother", application->consent));
  EXPECT_FALSE(StepOf(Kept(), service.text()).not_started) << "its turn has not come";
  town.Report("son", {{"doc.snils_child", "true"}});
  const SingleApplication stands = Kept();
  const auto& why = StepOf(stands, service.text()).not_started;
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, cases::TriggerReason::kNoConsent);
  town.Report("mother", {{"person.registered_at_residence", "true"}});
  EXPECT_EQ(TimesNoted(service, cases::TriggerReason::kNoConsent), 1u) << "not at each try";

  town.Consents("mother");
  const SingleApplication goes_on = Kept();
  const ApplicationStep& started = StepOf(goes_on, service.text());
  ASSERT_FALSE(started.case_id.empty());
  EXPECT_FALSE(started.not_started);
  EXPECT_EQ(town.StatusOf("mother", service.text()), "started");
}

TEST_F(SingleApplicationTest, AStepWithoutARightSaysOnWhichGrounds) {
  const ApplicationOffer offer = Offer();
  const auto matcap = std::ranges::find_if(offer.steps, [](const OfferedStep& each) {
    return each.step.service == ServiceId("matcap_certificate");
  });
  ASSERT_NE(matcap, offer.steps.end());
  ASSERT_FALSE(matcap->starts);
  ASSERT_TRUE(Confirm(offer));
  town.Report("mother", {{"person.citizenship_rf", "false"}});
  town.Report("son", {{"doc.snils_child", "true"}});
  const SingleApplication stands = Kept();
  const auto& why = StepOf(stands, "matcap_certificate").not_started;
  ASSERT_TRUE(why);
  EXPECT_EQ(why->reason, cases::TriggerReason::kNotEligible);
  EXPECT_FALSE(why->details.empty());
}

TEST_F(SingleApplicationTest, WithItsConsentTheAnswersAreForgotten) {
  const auto application = Confirm(Offer());
  ASSERT_TRUE(application) << application.error().ToString();
  cases::Draft draft(town.world(), town.world().Now());
  SingleApplication answered = Kept();
  answered.told[{answered.citizen, AttributeId("person.employed")}] = "false";
  draft.PutRecord(answered.citizen, cases::kApplicationRecord, answered.id, Encode(answered));
  ASSERT_TRUE(draft.Commit());
  ASSERT_EQ(Kept().told.size(), 1u);
  ASSERT_TRUE(town.Revokes("mother", application->consent));
  EXPECT_TRUE(Kept().told.empty());
}

TEST_F(SingleApplicationTest, WhatSeveralServicesNeedIsAskedOnceAndEveryCaseHasTheAnswer) {
  town.Report("mother", {{"doc.etk", "true"},
                         {"person.employed", "false"},
                         {"person.ip_active", "false"},
                         {"person.self_employed", "false"}});
  const auto offer = cases::OfferApplication(town.world(), town.Number("mother"),
                                             SituationId("job_loss"), town.Number("mother"));
  ASSERT_TRUE(offer) << offer.error().ToString();
  const cases::AskedFact ready{town.Number("mother"), AttributeId("person.ready_to_work")};
  ASSERT_TRUE(offer->asks.contains(ready));
  const std::set<ServiceId> both{ServiceId("job_seeker_registration"),
                                 ServiceId("unemployed_status")};
  EXPECT_EQ(offer->asks.at(ready), both);
  cases::Confirmation confirmation = ConfirmationOf(*offer);
  confirmation.answers[{offer->citizen, AttributeId("person.region_code")}] = "77";
  const auto stranger = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_FALSE(stranger) << "a registry holds it: nobody asked";
  EXPECT_EQ(stranger.error().place, "answers");
  confirmation = ConfirmationOf(*offer);
  confirmation.answers.erase(ready);
  EXPECT_EQ(cases::ConfirmApplication(town.world(), confirmation).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(town.desk().Consents(offer->citizen)->size(), 0u) << "nothing was done";

  confirmation.answers[ready] = "true";
  const auto application = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_TRUE(application) << application.error().ToString();
  EXPECT_EQ(town.CaseFor("mother", "job_seeker_registration")->told.at(ready), "true");
  town.Report("mother", {{"doc.job_seeker_record", "true"}});
  const auto later = town.CaseFor("mother", "unemployed_status");
  const SingleApplication stands = Kept();
  const auto& why = StepOf(stands, "unemployed_status").not_started;
  ASSERT_TRUE(later) << (why ? NameOf(why->reason) : "its turn has not come") << " "
                     << (why && !why->details.empty() ? why->details.front() : "");
  EXPECT_EQ(later->status, cases::Status::kStarted);
  EXPECT_EQ(later->told.at(ready), "true");
}

TEST_F(SingleApplicationTest, AStepWithoutACaseHasTheVerdictOfToday) {
  ASSERT_TRUE(Confirm(Offer()));
  const SingleApplication kept = Kept();
  cases::Draft draft(town.world(), town.world().Now());
  size_t waiting = 0;
  std::set<eligibility::Verdict> verdicts;
  for (const ApplicationStep& step : kept.steps) {
    if (!step.case_id.empty()) continue;
    const auto verdict = cases::VerdictOfStep(draft, kept, step);
    ASSERT_TRUE(verdict) << verdict.error().ToString();
    const auto explained = town.desk().Explain(kept.citizen, step.service, step.about);
    EXPECT_EQ(*verdict, explained->verdict) << step.service.text();
    verdicts.insert(*verdict);
    ++waiting;
  }
  EXPECT_GT(waiting, 0u);
  EXPECT_FALSE(verdicts.contains(eligibility::Verdict::kNotEligible))
      << "nothing of it was offered";
}

TEST_F(SingleApplicationTest, ARepresentativeConfirmsWithinScopeAndTerm) {
  town.Resident("friend", "1990-01-01", "female");
  cases::Confirmation confirmation = ConfirmationOf(Offer());
  confirmation.by = town.Number("friend");
  const auto nobody = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::kDenied);
  profile::ProxyGrant appoint;
  appoint.citizen = town.Number("mother");
  appoint.representative = town.Number("friend");
  appoint.scope.situation = SituationId("job_loss");
  appoint.valid = {town.today(), town.today().AddMonths(1)};
  appoint.evidence = {"proxy-1", "ru", "mfc"};
  ASSERT_TRUE(town.desk().Appoint(appoint));
  EXPECT_FALSE(cases::ConfirmApplication(town.world(), confirmation)) << "for something else";
  EXPECT_EQ(town.desk().Consents(town.Number("mother"))->size(), 0u) << "nothing was done";
  appoint.scope.situation = SituationId("child_birth");
  ASSERT_TRUE(town.desk().Appoint(appoint));
  const auto application = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_TRUE(application) << application.error().ToString();
  EXPECT_EQ(application->confirmed_by, town.Number("friend"));
  EXPECT_EQ(application->citizen, town.Number("mother"));
  EXPECT_EQ(Kept().confirmed_by, town.Number("friend"));
  const auto consents = town.desk().Consents(town.Number("mother"));
  ASSERT_EQ(consents->size(), 1u);
  EXPECT_EQ(consents->front().latest().by.capacity, profile::Capacity::kProxy);
  EXPECT_EQ(consents->front().latest().valid.to, town.today().AddMonths(1))
      << "no longer than they may speak";
}

TEST_F(SingleApplicationTest, WhoConfirmsMaySpeakAlsoAboutWhatStartsAtOnce) {
  town.Resident("friend", "1990-01-01", "female");
  const ApplicationOffer offer = Offer();
  profile::ProxyGrant appoint;
  appoint.citizen = town.Number("mother");
  appoint.representative = town.Number("friend");
  appoint.scope.situation = SituationId("child_birth");
  for (const auto& [category, services] : offer.categories) {
    appoint.scope.categories.insert(category);
  }
  for (const auto& [recipient, services] : offer.recipients) {
    appoint.scope.recipients.insert(recipient);
  }
  appoint.valid = {town.today(), town.today().AddMonths(1)};
  appoint.evidence = {"proxy-1", "ru", "mfc"};
  ASSERT_TRUE(town.desk().Appoint(appoint));
  cases::Confirmation confirmation = ConfirmationOf(offer);
  confirmation.by = town.Number("friend");
  const auto denied = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_FALSE(denied) << "the proxy is for what waits alone";
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
  EXPECT_EQ(town.desk().Consents(offer.citizen)->size(), 0u) << "nothing was done";
}

TEST_F(SingleApplicationTest, ARepeatedConfirmationIsShownToNobodyWhoMayNotConfirm) {
  town.Resident("friend", "1990-01-01", "female");
  cases::Confirmation confirmation = ConfirmationOf(Offer());
  ASSERT_TRUE(cases::ConfirmApplication(town.world(), confirmation));
  confirmation.by = town.Number("friend");
  const auto denied = cases::ConfirmApplication(town.world(), confirmation);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
}

TEST_F(SingleApplicationTest, WhoIsIncapableConfirmsNothingAlsoWhereNothingWaits) {
  town.Report("mother", {{"person.capable", "false"}});
  size_t tried = 0;
  for (const graph::Situation& situation : town.world().catalogue().situations()) {
    const auto offer = cases::OfferApplication(town.world(), town.Number("mother"), situation.id,
                                               town.Number("mother"));
    const bool starts = offer && std::ranges::any_of(offer->steps, &OfferedStep::starts);
    if (!starts || offer->consent_until) continue;
    const auto denied = Confirm(*offer);
    ASSERT_FALSE(denied) << situation.id.text();
    EXPECT_EQ(denied.error().code, ErrorCode::kDenied) << situation.id.text();
    ++tried;
  }
  EXPECT_GT(tried, 0u);
}

TEST_F(SingleApplicationTest, TheVerdictOfAStepTellsNothingOfWhomTheCitizenIsNotTiedTo) {
  town.Resident("stranger", "1960-01-01", "male", {{"person.citizenship_rf", "false"}});
  ASSERT_TRUE(Confirm(Offer()));
  const SingleApplication kept = Kept();
  cases::Draft draft(town.world(), town.world().Now());
  for (ApplicationStep step : kept.steps) {
    step.about = town.Number("stranger");
    const auto verdict = cases::VerdictOfStep(draft, kept, step);
    ASSERT_TRUE(verdict) << verdict.error().ToString();
    EXPECT_EQ(*verdict, eligibility::Verdict::kUndetermined) << step.service.text();
  }
  const std::vector<CitizenId> read = draft.Read();
  EXPECT_EQ(std::ranges::count(read, town.Number("stranger")), 0);
}

TEST_F(SingleApplicationTest, AGuardiansApplicationGoesOnWithWhatIsReportedOfTheWard) {
  town.Resident("aunt", "1975-05-20", "female",
                {{"person.citizenship_rf", "true"},
                 {"person.lives_in_rf", "true"},
                 {"person.region_code", "77"},
                 {"doc.passport_rf", "true"},
                 {"doc.snils", "true"}});
  town.Relate("aunt", "guardian", "son");
  const auto offer = cases::OfferApplication(town.world(), town.Number("aunt"),
                                             SituationId("child_birth"), town.Number("son"));
  ASSERT_TRUE(offer) << offer.error().ToString();
  const OfferedStep* waits = WaitsForSnils(*offer);
  ASSERT_NE(waits, nullptr);
  ASSERT_TRUE(Confirm(*offer));
  const auto step = [&] {
    cases::Draft draft(town.world(), town.world().Now());
    return StepOf(cases::ApplicationsOf(draft, offer->citizen)->front(),
                  waits->step.service.text());
  };
  EXPECT_FALSE(step().not_started);
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_TRUE(!step().case_id.empty() || step().not_started) << "its turn has come";
}

TEST_F(SingleApplicationTest, AGuardiansCaseGoesOnWithWhatIsReportedOfTheWard) {
  town.Resident("aunt", "1975-05-20", "female", {{"person.citizenship_rf", "true"}});
  ASSERT_TRUE(town.Submit(town.BirthEvent("orphan", "mother", "father")));
  town.Relate("aunt", "guardian", "orphan");
  const CitizenId aunt = town.Number("aunt");
  const auto applied = town.desk().Apply(aunt, ServiceId("snils_newborn"), town.Number("orphan"));
  ASSERT_TRUE(applied) << applied.error().ToString();
  ASSERT_TRUE(town.desk().HandOver(aunt, applied->id));
  const auto waits = cases::DecideCase(town.world(), aunt, applied->id, cases::Wait::kGoesOn);
  ASSERT_EQ(waits->status, cases::Status::kInterAgency);
  town.Report("orphan", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("aunt", "snils_newborn"), "granted");
}

TEST_F(SingleApplicationTest, WhatChangedSinceTheOfferIsShownAgain) {
  const ApplicationOffer offer = Offer();
  town.Report("son", {{"doc.snils_child", "true"}});
  const auto refused = Confirm(offer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  EXPECT_EQ(refused.error().place, "offer");
}

TEST_F(SingleApplicationTest, WhatIsKeptReadsAsItWasWritten) {
  SingleApplication application;
  application.id = "A-000000000017-0001";
  application.citizen = CitizenId(17);
  application.about = CitizenId(18);
  application.situation = SituationId("child_birth");
  application.made_at = Instant{5};
  application.offer = "5-ab";
  application.consent = ConsentId("c");
  application.confirmed_by = CitizenId(19);
  application.told[{CitizenId(17), AttributeId("person.works")}] = "true";
  application.steps.push_back({ServiceId("a"), CitizenId(18), {AttributeId("doc.x")}, {}, {}});
  application.steps.push_back(
      {ServiceId("b"), CitizenId(17), {}, {{ServiceId("a"), true}}, CaseId("C-1")});
  application.steps[0].not_started = {
      Instant{7},     {}, ServiceId("a"), CitizenId(18), cases::TriggerReason::kNotEligible,
      {"rg_criteria"}};
  const std::string bytes = cases::Encode(application);
  const auto read = cases::DecodeSingleApplication(bytes);
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(cases::Encode(*read), bytes);
  EXPECT_EQ(read->confirmed_by, CitizenId(19));
  EXPECT_EQ(read->steps[1].case_id, CaseId("C-1"));
  EXPECT_EQ(read->steps[0].not_started->details, std::vector<std::string>{"rg_criteria"});
  EXPECT_FALSE(read->steps[1].not_started);
  const size_t before_who = bytes.size() - 1;  // where older records end
  for (size_t length = 0; length < before_who; ++length) {
    EXPECT_FALSE(cases::DecodeSingleApplication(bytes.substr(0, length))) << length;
  }
  const auto older = cases::DecodeSingleApplication(bytes.substr(0, before_who));
  ASSERT_TRUE(older) << older.error().ToString();
  EXPECT_EQ(older->confirmed_by, CitizenId(17)) << "only the citizen could confirm then";
  EXPECT_EQ(older->steps[1].case_id, CaseId("C-1"));
}

}  // namespace
}  // namespace kstati::scenarios
