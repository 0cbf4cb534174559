// SPDX-License-Identifier: Apache-2.0
//
// An application is decided, by the rules where registries confirm everything, else by an official;
// and decided again when what it rests on turns out wrong.
//
//   started -> handed over -> granted by the rules
//                          -> waits for a registry -> granted when it answers
//                          -> an official          -> granted or refused, for a typed reason
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/due_steps.h"
#include "cases/journal_log.h"
#include "cases/monitoring/causes.h"
#include "cases/monitoring/report.h"
#include "cases/official.h"
#include "cases/official_index.h"
#include "cases/openings.h"
#include "cases/pipeline.h"
#include "tests/scenarios/amended_catalogue.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using cases::Case;
using cases::OfficialAct;
using cases::OfficialStep;
using cases::Status;
using cases::Wait;

constexpr const char* kService = "snils_newborn";

class DecidingTest : public ::testing::Test {
 protected:
  explicit DecidingTest(const std::string& catalogue = Town::RealCatalogue())
      : town("2026-03-16", {}, catalogue) {
    town.Resident("mother", "1995-05-20", "female",
                  {{"person.citizenship_rf", "true"},
                   {"person.lives_in_rf", "true"},
                   {"person.region_code", "77"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    town.Relate("mother", "spouse", "father");
  }

  Case HandOver(const char* service) {
    const auto started = town.CaseFor("mother", service);
    EXPECT_TRUE(started);
    const auto handed = town.desk().HandOver(town.Number("mother"), started->id);
    EXPECT_TRUE(handed) << (handed ? "" : handed.error().ToString());
    return *handed;
  }

  Result<Case> Decide(const CaseId& id, Wait wait = Wait::kGoesOn) {
    return cases::DecideCase(town.world(), town.Number("mother"), id, wait);
  }

  OfficialAct Act(const CaseId& id, OfficialStep step) {
    OfficialAct act;
    act.citizen = town.Number("mother");
    act.id = id;
    act.official = "desk";
    act.step = step;
    return act;
  }

  // The passport office said so of the child at birth; this says otherwise in its place.
  profile::RegistryEvent Correction(const profile::EventKey& wrong,
                                    std::optional<profile::FactValue> value) {
    profile::RegistryEvent event;
    event.key = {wrong.source, EventId("correction-" + std::to_string(++corrections_))};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = town.Number("son");
    event.occurred_on = town.today();
    event.supersedes = wrong.id;
    if (value) {
      event.facts = {{event.subject,
                      AttributeId("person.citizenship_rf"),
                      *value,
                      {town.today(), std::nullopt}}};
    }
    return event;
  }

  // What the monitor says of all cases.
  cases::monitoring::Report Reported() {
    const auto log = cases::JournalAsLog(town.world());
    const auto reports = cases::monitoring::MakeReports(*log, cases::monitoring::Grouping::kNone,
                                                        town.world().Now());
    return reports.empty() ? cases::monitoring::Report() : reports.front().report;
  }

  // Decided already, whoever decided.
  Case Granted(const std::string& who, const char* service) {
    const auto granted = cases::Retry(town.world(), [&](cases::Draft& draft) -> Result<Case> {
      Case c;
      c.citizen = town.Number(who);
      c.about = town.Number("son");
      c.service = ServiceId(service);
      c.status = Status::kStarted;
      c.regulation_from = town.world()
                              .catalogue()
                              .FindService(c.service)
                              ->RegulationOn(town.today())
                              ->in_force.from;
      KSTATI_TRY(c, draft.Open(std::move(c), "case.reason.applied"));
      KSTATI_TRY_VOID(draft.Act(c, cases::Action::kHandOver, "case.reason.handed_over"));
      KSTATI_TRY_VOID(draft.Act(c, cases::Action::kGrant, "case.reason.granted_by_rules"));
      KSTATI_TRY_VOID(draft.Act(c, cases::Action::kResult, "case.reason.result"));
      return c;
    });
    EXPECT_TRUE(granted) << (granted ? "" : granted.error().ToString());
    return *granted;
  }

  // The son is no citizen after all, so that his SNILS is an official's to take back.
  Case TakenIntoDoubt(const CaseId& snils) {
    const auto done = town.desk().FindCase(town.Number("mother"), snils);
    const auto wrong =
        std::ranges::find(done->rests_on, RegistryId("mvd_pass"), &profile::EventKey::source);
    EXPECT_NE(wrong, done->rests_on.end());
    EXPECT_TRUE(town.Submit(Correction(*wrong, profile::FactValue(false))));
    return *town.desk().FindCase(town.Number("mother"), snils);
  }

  Result<Case> Annul(const Case& c) {
    OfficialAct act = Act(c.id, OfficialStep::kAnnul);
    act.citizen = c.citizen;
    // Where the rules still say "yes" to what rests on it.
    for (const auto reason : {cases::Override::kNone, cases::Override::kRecordIsWrong}) {
      act.override_reason = reason;
      auto annulled = cases::ActOfficially(town.world(), act);
      if (annulled || annulled.error().place != "override") return annulled;
    }
    return Fail(ErrorCode::kInternal, "no reason does");
  }

  Town town;

 private:
  int corrections_ = 0;
};

TEST_F(DecidingTest, TheRulesGrantWhatRegistriesConfirm) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  ASSERT_EQ(handed.status, Status::kInterAgency);
  const auto decided = Decide(handed.id);
  ASSERT_TRUE(decided) << decided.error().ToString();
  EXPECT_EQ(decided->status, Status::kGranted);
  ASSERT_EQ(decided->rulings.size(), 1u);
  EXPECT_TRUE(decided->rulings[0].official.empty());
  EXPECT_FALSE(decided->rests_on.empty());
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(town.StatusOf("mother", kService), "done");
  EXPECT_FALSE(Decide(handed.id)) << "there is nothing more to decide";
}

TEST_F(DecidingTest, NothingIsDecidedOnAConsentThatWasRevokedMeanwhile) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  ASSERT_TRUE(town.Revokes("mother", consent));
  const auto decided = Decide(handed.id);
  ASSERT_TRUE(decided) << decided.error().ToString();
  EXPECT_EQ(decided->status, Status::kWithOfficial);
  EXPECT_EQ(decided->history.back().reason, "case.reason.consent_ended_under_way");
}

TEST_F(DecidingTest, ANoOnLawThatNobodyConfirmedGoesToAnOfficialAndOverridesAreCounted) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  town.Report("son", {{"person.citizenship_rf", "false"}});
  const auto referred = town.CaseFor("mother", kService);
  ASSERT_EQ(referred->status, Status::kWithOfficial) << "decided again when the fact came";
  const auto queue = cases::OfficialQueue(town.world(), "sfr", 10);
  ASSERT_TRUE(queue) << queue.error().ToString();
  ASSERT_EQ(queue->size(), 1u);
  EXPECT_EQ(queue->front().c.id, handed.id);
  EXPECT_TRUE(cases::OfficialQueue(town.world(), "edu", 10)->empty());

  const auto bare = cases::ActOfficially(town.world(), Act(handed.id, OfficialStep::kRefuse));
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().place, "grounds");
  OfficialAct stranger = Act(handed.id, OfficialStep::kRefuse);
  stranger.grounds = {GroundId("rg_deadline")};
  EXPECT_FALSE(cases::ActOfficially(town.world(), stranger)) << "not of this regulation";
  const auto against = cases::ActOfficially(town.world(), Act(handed.id, OfficialStep::kGrant));
  ASSERT_FALSE(against) << "the rules say no";
  EXPECT_EQ(against.error().place, "override");

  OfficialAct grant = Act(handed.id, OfficialStep::kGrant);
  grant.override_reason = cases::Override::kDocumentSeen;
  const auto granted = cases::ActOfficially(town.world(), grant);
  ASSERT_TRUE(granted) << granted.error().ToString();
  EXPECT_EQ(granted->status, Status::kGranted);
  EXPECT_EQ(granted->rulings.back().official, "desk");
  const auto counts = cases::CountOverrides(town.world());
  ASSERT_EQ(counts->size(), 1u);
  EXPECT_EQ(counts->front().reason, cases::Override::kDocumentSeen);
  EXPECT_EQ(counts->front().count, 1u);
  EXPECT_TRUE(cases::OfficialQueue(town.world(), "sfr", 10)->empty());
}

TEST_F(DecidingTest, AnIndexOfOfficialsForgetsWhatLeftAndCountsOnce) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  cases::OfficialIndex index;
  const auto queue = [&](const std::string& authority) {
    return index.Queue(town.world(), authority, 10)->size();
  };
  EXPECT_EQ(queue("sfr"), 0u);
  const Case handed = HandOver(kService);
  town.Report("son", {{"person.citizenship_rf", "false"}});
  EXPECT_EQ(queue("edu"), 0u);
  EXPECT_EQ(queue("edu"), 0u) << "its authority is known now";
  EXPECT_EQ(queue("sfr"), 1u);
  OfficialAct grant = Act(handed.id, OfficialStep::kGrant);
  grant.override_reason = cases::Override::kDocumentSeen;
  ASSERT_TRUE(cases::ActOfficially(town.world(), grant));
  EXPECT_EQ(queue("sfr"), 0u);
  EXPECT_EQ(index.Overrides(town.world())->front().count, 1u);
  EXPECT_EQ(index.Overrides(town.world())->front().count, 1u) << "each is counted once";
}

TEST_F(DecidingTest, AnOfficialGetsNothingThatTheRegulationDoesNotListAndTheAttemptIsOnRecord) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  town.Report("son", {{"person.citizenship_rf", "false"}});
  const auto demand = [&](OfficialStep step, const char* attribute) {
    OfficialAct act = Act(handed.id, step);
    act.attributes = {AttributeId(attribute)};
    return cases::ActOfficially(town.world(), act);
  };
  EXPECT_EQ(demand(OfficialStep::kSuspend, "no.such_thing").error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Reported().unlisted_asks, 0u) << "a slip of the pen demands nothing";
  EXPECT_EQ(demand(OfficialStep::kAsk, "doc.photo").error().code, ErrorCode::kDenied);
  EXPECT_EQ(demand(OfficialStep::kSuspend, "doc.photo").error().code, ErrorCode::kDenied);
  EXPECT_EQ(Reported().unlisted_asks, 2u);
  EXPECT_EQ(demand(OfficialStep::kAsk, "child.citizenship_rf").error().code, ErrorCode::kDenied)
      << "a registry keeps it";
  EXPECT_EQ(Reported().unlisted_asks, 2u) << "it is listed";
  const auto suspended = demand(OfficialStep::kSuspend, "child.citizenship_rf");
  ASSERT_TRUE(suspended) << suspended.error().ToString();
  EXPECT_EQ(suspended->status, Status::kSuspended);
  EXPECT_EQ(suspended->awaited, std::set<AttributeId>{AttributeId("person.citizenship_rf")})
      << "as registries report it";
  EXPECT_EQ(Reported().suspensions, 1u);
}

TEST_F(DecidingTest, AnOfficialMayAskWhatTheRegulationListsAndOnlyThePersonKnows) {
  town.Report("mother", {{"doc.snils", "true"},
                         {"doc.etk", "true"},
                         {"doc.passport_rf", "true"},
                         {"person.employed", "true"}});
  const CitizenId mother = town.Number("mother");
  const auto applied = town.desk().Apply(mother, ServiceId("job_seeker_registration"), mother);
  ASSERT_TRUE(applied) << applied.error().ToString();
  HandOver("job_seeker_registration");
  ASSERT_EQ(Decide(applied->id)->status, Status::kWithOfficial);
  OfficialAct ask = Act(applied->id, OfficialStep::kAsk);
  ask.attributes = {AttributeId("person.ready_to_work")};
  const auto asked = cases::ActOfficially(town.world(), ask);
  ASSERT_TRUE(asked) << asked.error().ToString();
  EXPECT_EQ(asked->status, Status::kInformationAsked);
  EXPECT_EQ(cases::ActorOf(asked->history.back().reason), cases::Actor::kOfficial);
}

TEST_F(DecidingTest, AStepThatTheTableRefusesIsKeptWithTheCase) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto started = town.CaseFor("mother", kService);
  const auto declined = town.desk().Decline(town.Number("mother"), started->id);
  ASSERT_FALSE(declined);
  EXPECT_EQ(declined.error().code, ErrorCode::kConflict);
  const auto after = town.CaseFor("mother", kService);
  EXPECT_EQ(after->status, Status::kStarted);
  ASSERT_EQ(after->refused.size(), 1u);
  EXPECT_EQ(after->refused[0].action, cases::Action::kDecline);
  EXPECT_EQ(after->refused_steps, 1u);
}

TEST_F(DecidingTest, ACorrectionForTheWorseGoesToAnOfficialAndBackWhenItWasWrongItself) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  ASSERT_TRUE(Decide(handed.id));
  town.Report("son", {{"doc.snils_child", "true"}});
  const auto done = town.CaseFor("mother", kService);
  ASSERT_EQ(done->status, Status::kDone);
  const auto wrong =
      std::ranges::find(done->rests_on, RegistryId("mvd_pass"), &profile::EventKey::source);
  ASSERT_NE(wrong, done->rests_on.end());

  const auto outcome = town.Submit(Correction(*wrong, profile::FactValue(false)));
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  const auto reopened = town.CaseFor("mother", kService);
  ASSERT_EQ(reopened->status, Status::kWithOfficial);
  EXPECT_EQ(reopened->verdict, eligibility::Verdict::kNotEligible);
  EXPECT_TRUE(reopened->compensation.empty()) << "nothing was decided that rests on it";
  const auto annulled = cases::ActOfficially(town.world(), Act(handed.id, OfficialStep::kAnnul));
  ASSERT_TRUE(annulled) << annulled.error().ToString();
  EXPECT_EQ(annulled->status, Status::kAnnulled);
}

// What a SNILS led to: the mother's certificate, and the father's policy for the same child.
TEST_F(DecidingTest, WhatRestsOnAResultIsTakenBackBeforeItDeepestFirstWhoeverAppliedForIt) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case snils = HandOver(kService);
  ASSERT_TRUE(Decide(snils.id));
  town.Report("son", {{"doc.snils_child", "true"}});
  const Case certificate = Granted("mother", "matcap_certificate");
  const Case payment = Granted("mother", "matcap_monthly_payment");
  const Case policy = Granted("father", "oms_policy_newborn");
  const Case reopened = TakenIntoDoubt(snils.id);
  ASSERT_EQ(reopened.status, Status::kWithOfficial);
  const std::vector<CaseId> plan = reopened.compensation;
  const auto place = [&](const Case& c) { return std::ranges::find(plan, c.id) - plan.begin(); };
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_LT(place(payment), place(certificate)) << "it rests on the certificate";
  EXPECT_LT(place(policy), 3) << "the father's";
  for (const Case& c : {certificate, snils}) {
    const auto too_early = Annul(c);
    ASSERT_FALSE(too_early) << c.service.text();
    EXPECT_EQ(too_early.error().code, ErrorCode::kConflict);
  }
  for (const CaseId& id : plan) {
    const Case c = id == policy.id ? policy : id == payment.id ? payment : certificate;
    const auto annulled = Annul(c);
    ASSERT_TRUE(annulled) << c.service.text() << ": " << annulled.error().ToString();
  }
  const auto annulled = Annul(snils);
  ASSERT_TRUE(annulled) << annulled.error().ToString();
  EXPECT_EQ(annulled->status, Status::kAnnulled);
}

// A policy that whoever has it cannot give back.
class IrrevocableTest : public DecidingTest {
 protected:
  IrrevocableTest() : DecidingTest(Catalogue()) {}

 private:
  static const std::string& Catalogue() {
    static const AmendedCatalogue catalogue;
    static const bool amended = [] {
      const std::string courses = catalogue.Read("courses.yaml");
      const size_t from = courses.find("  - id: proactive\n");
      const size_t end = courses.find("  # A person looks", from);
      const std::string course =
          With(With(courses.substr(from, end - from), "id: proactive\n", "id: for_good\n"),
               "default_for: [proactive]", "irrevocable: true");
      catalogue.Write("courses.yaml", courses + course);
      catalogue.Amend("services/oms_policy_newborn.yaml", "    mode: proactive-act\n",
                      "    mode: proactive-act\n    course: for_good\n");
      return true;
    }();
    EXPECT_TRUE(amended);
    return catalogue.folder();
  }
};

TEST_F(IrrevocableTest, WhatCannotBeTakenBackStaysAndHoldsNothingUp) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case snils = HandOver(kService);
  ASSERT_TRUE(Decide(snils.id));
  town.Report("son", {{"doc.snils_child", "true"}});
  const Case policy = Granted("father", "oms_policy_newborn");
  const Case reopened = TakenIntoDoubt(snils.id);
  EXPECT_EQ(reopened.compensation, std::vector<CaseId>{policy.id}) << "it is listed";
  EXPECT_EQ(Annul(policy).error().code, ErrorCode::kDenied);
  const auto annulled = Annul(snils);
  ASSERT_TRUE(annulled) << annulled.error().ToString();
  EXPECT_EQ(annulled->status, Status::kAnnulled);
  EXPECT_EQ(town.desk().FindCase(policy.citizen, policy.id)->status, Status::kDone);
}

TEST_F(DecidingTest, ACorrectionForTheBetterNeedsNobody) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  town.Report("son", {{"person.citizenship_rf", "false"}});
  OfficialAct refuse = Act(handed.id, OfficialStep::kRefuse);
  refuse.grounds = {GroundId("rg_registry_conflict")};
  const auto refused = cases::ActOfficially(town.world(), refuse);
  ASSERT_TRUE(refused) << refused.error().ToString();
  ASSERT_EQ(refused->status, Status::kRefused);
  const auto wrong =
      std::ranges::find(refused->rests_on, RegistryId("mvd_pass"), &profile::EventKey::source);
  ASSERT_NE(wrong, refused->rests_on.end());
  ASSERT_TRUE(town.Submit(Correction(*wrong, std::nullopt)));
  const auto granted = town.CaseFor("mother", kService);
  EXPECT_EQ(granted->status, Status::kGranted);
  EXPECT_TRUE(granted->rulings.back().official.empty());
  EXPECT_EQ(granted->history.back().reason, "case.reason.corrected_for_better");
}

TEST_F(DecidingTest, AnOfferWhoseEventDidNotHappenIsTakenBackAndItsSituationIsGone) {
  const profile::RegistryEvent birth = town.BirthEvent("son", "mother", "father");
  ASSERT_TRUE(town.Submit(birth));
  town.Report("son", {{"person.citizenship_rf", "true"}});
  ASSERT_EQ(town.StatusOf("mother", kService), "offered");
  profile::RegistryEvent annulment;
  annulment.key = {birth.key.source, EventId("annulment")};
  annulment.type = EventTypeId(std::string(profile::kFactsOnly));
  annulment.subject = town.Number("son");
  annulment.occurred_on = town.today();
  annulment.supersedes = birth.key.id;
  const auto outcome = town.Submit(annulment);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  EXPECT_EQ(town.StatusOf("mother", kService), "annulled");
  EXPECT_TRUE(town.desk().Situations(town.Number("mother"))->empty());
}

TEST_F(DecidingTest, WhatTheStateStartsAndWhatNotIsOnRecordWithItsReason) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto records = town.world().store->Records(town.Number("mother"), cases::kTriggerRecord);
  ASSERT_TRUE(records);
  ASSERT_FALSE(records->empty());
  std::map<std::string, size_t> reasons;
  for (const auto& [situation, bytes] : *records) {
    const auto decisions = cases::DecodeTriggers(bytes);
    ASSERT_TRUE(decisions);
    for (const auto& decision : *decisions) {
      ++reasons[std::string(cases::NameOf(decision.reason))];
      const bool negative = decision.reason == cases::TriggerReason::kNotEligible ||
                            decision.reason == cases::TriggerReason::kFactsMissing;
      EXPECT_EQ(negative, !decision.details.empty()) << decision.service.text();
    }
  }
  EXPECT_GT(reasons["started"], 0u);
  EXPECT_GT(reasons["not_eligible"] + reasons["facts_missing"], 0u);
}

// Nobody has reported yet whether the son is a citizen.
class WaitingTest : public DecidingTest {
 protected:
  WaitingTest() {
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
    const auto applied =
        town.desk().Apply(town.Number("mother"), ServiceId(kService), town.Number("son"));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().ToString());
    const auto waiting = Decide(HandOver(kService).id);
    EXPECT_TRUE(waiting) << (waiting ? "" : waiting.error().ToString());
    EXPECT_EQ(waiting->status, Status::kInterAgency);
    EXPECT_EQ(waiting->wait_until, Date::Of(2026, 3, 23)) << "five working days";
  }
};

TEST_F(WaitingTest, TheJournalTellsWhoWasWaitedForSoThatABreachHasACause) {
  EXPECT_EQ(town.CaseFor("mother", kService)->awaited,
            std::set<AttributeId>{AttributeId("person.citizenship_rf")});
  EXPECT_EQ(Reported().unanswered, 1u);
  town.AdvanceTo("2026-03-20");
  town.Report("son", {{"person.citizenship_rf", "true"}});
  ASSERT_EQ(town.StatusOf("mother", kService), "granted");
  EXPECT_EQ(Reported().unanswered, 0u);
  EXPECT_EQ(Reported().answers_of_sources.count, 1u);
  EXPECT_DOUBLE_EQ(Reported().answers_of_sources.mean, 4);
  town.Report("son", {{"doc.snils_child", "true"}});
  const auto log = cases::JournalAsLog(town.world());
  cases::monitoring::AllowedTimes allowed;
  allowed.source = std::chrono::hours(24);
  const auto breaches = cases::monitoring::AttributeBreaches(*log, allowed, town.world().Now());
  ASSERT_EQ(breaches.size(), 1u) << "two working days from the 16th";
  ASSERT_EQ(breaches[0].explanations.size(), 1u);
  const cases::monitoring::Cause late{cases::monitoring::CauseKind::kMissingAnswer, "mvd_pass"};
  EXPECT_EQ(breaches[0].explanations[0].causes, std::vector{late});
}

TEST_F(WaitingTest, ASourceThatSaidNothingIsWaitedForNoLongerThanItsTime) {
  cases::DueSteps steps(town.world(), 0);
  town.AdvanceTo("2026-03-24");
  steps.Run();
  ASSERT_EQ(town.StatusOf("mother", kService), "with_official");
  EXPECT_EQ(Reported().unanswered, 1u);
  town.AdvanceTo("2026-04-20");
  const auto log = cases::JournalAsLog(town.world());
  cases::monitoring::AllowedTimes allowed;
  allowed.source = allowed.official = std::chrono::hours(24);
  const auto breaches = cases::monitoring::AttributeBreaches(*log, allowed, town.world().Now());
  ASSERT_EQ(breaches.size(), 1u);
  // Neither alone: the registry was silent past the term, and then the desk let it lie.
  const cases::monitoring::Cause silent{cases::monitoring::CauseKind::kMissingAnswer, "mvd_pass"};
  const cases::monitoring::Cause desk{cases::monitoring::CauseKind::kWork, "sfr"};
  ASSERT_EQ(breaches[0].explanations.size(), 1u);
  EXPECT_EQ(breaches[0].explanations[0].causes, (std::vector{silent, desk}));
}

TEST_F(WaitingTest, TheAnswerOfARegistryDecidesInTheSameCommit) {
  town.Report("son", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("mother", kService), "granted");
}

TEST_F(WaitingTest, WhatNobodyAnswersInTimeGoesToAnOfficialAndALateAnswerStillDecides) {
  cases::DueSteps steps(town.world(), 0);
  town.AdvanceTo("2026-03-23");
  steps.Run();
  EXPECT_EQ(town.StatusOf("mother", kService), "inter_agency") << "the last day counts";
  EXPECT_EQ(steps.waiting(), 1u);
  town.AdvanceTo("2026-03-24");
  steps.Run();
  EXPECT_EQ(town.StatusOf("mother", kService), "with_official");
  EXPECT_EQ(town.CaseFor("mother", kService)->history.back().reason, "case.reason.wait_is_over");
  EXPECT_EQ(steps.waiting(), 0u);
  town.Report("son", {{"person.citizenship_rf", "true"}});
  EXPECT_EQ(town.StatusOf("mother", kService), "granted");
}

TEST_F(WaitingTest, APersonMayWithdrawUntilItIsDecided) {
  const auto c = town.CaseFor("mother", kService);
  const auto withdrawn = cases::WithdrawCase(town.world(), town.Number("mother"), c->id);
  ASSERT_TRUE(withdrawn) << withdrawn.error().ToString();
  EXPECT_EQ(withdrawn->status, Status::kWithdrawn);
  EXPECT_FALSE(cases::WithdrawCase(town.world(), town.Number("mother"), c->id));
}

TEST_F(DecidingTest, NormsOfProceduresRunByTheCalendarThatTheAuthorityKeeps) {
  WorkingCalendar::Year year;
  year.year = 2026;
  for (int day = 17; day <= 23; ++day) year.days_off.insert(Date::Of(2026, 3, day));
  graph::OtherCalendar other;
  other.id = "social_fund";
  other.authorities = {"sfr"};
  other.calendar = WorkingCalendar({year});
  town.world().calendars =
      std::make_shared<const graph::Calendars>(std::vector<graph::OtherCalendar>{other});
  EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
  ASSERT_TRUE(town.desk().Apply(town.Number("mother"), ServiceId(kService), town.Number("son")));
  const auto waiting = Decide(HandOver(kService).id);
  ASSERT_TRUE(waiting) << waiting.error().ToString();
  EXPECT_EQ(waiting->wait_until, Date::Of(2026, 3, 30)) << "the 24th to 27th, and the 30th";
}

TEST_F(DecidingTest, AGuessStartsNothingAndThatIsOnRecord) {
  town.Consents("mother");
  town.Resident("son", "2026-03-16", "male", {{"person.citizenship_rf", "true"}});
  town.Relate("mother", "parent", "son");
  recommender::LifeEvent birth;
  birth.type = EventTypeId("event.child_born");
  birth.on = town.today();
  birth.subject = town.Number("son");
  birth.participants = {{"child", {birth.subject}}, {"mother", {town.Number("mother")}}};
  birth.cause = {RegistryId("egr_zags"), EventId("guessed")};
  for (const bool inferred : {true, false}) {
    birth.inferred = inferred;
    cases::Draft draft(town.world(), town.world().Now());
    std::vector<recommender::OpenSituation> opened;
    const auto proposals = cases::FollowLifeEvent(draft, birth, opened);
    ASSERT_TRUE(proposals) << proposals.error().ToString();
    EXPECT_EQ(proposals->empty(), inferred) << "the same event that a registry reports does";
    EXPECT_EQ(opened.empty(), inferred);
    if (!inferred) continue;
    ASSERT_TRUE(draft.Commit());
    const auto records = town.world().store->Records(town.Number("mother"), cases::kTriggerRecord);
    ASSERT_EQ(records->size(), 1u);
    const auto noted = cases::DecodeTriggers(records->front().second);
    ASSERT_EQ(noted->size(), 1u);
    EXPECT_EQ(noted->front().reason, cases::TriggerReason::kInferred);
    EXPECT_TRUE(town.desk().Situations(town.Number("mother"))->empty());
    EXPECT_EQ(town.CasesOf("mother"), "");
  }
}

TEST_F(DecidingTest, TheSchedulerTakesEveryStepThatIsDueOnceAlsoAfterARestart) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const Case handed = HandOver(kService);
  cases::DueSteps(town.world(), 60).Run();
  EXPECT_EQ(town.StatusOf("mother", kService), "inter_agency") << "not within a minute";
  cases::DueSteps(town.world(), 0).Run();
  EXPECT_EQ(town.StatusOf("mother", kService), "granted");
  const size_t messages = town.desk().Notifications(town.Number("mother"))->size();
  cases::DueSteps(town.world(), 0).Run();
  EXPECT_EQ(town.desk().Notifications(town.Number("mother"))->size(), messages);
  const auto after = town.CaseFor("mother", kService);
  EXPECT_EQ(after->refused_steps, 0u) << "nobody tried anything";
}

}  // namespace
}  // namespace kstati::scenarios
