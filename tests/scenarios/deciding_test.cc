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

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cases/deciding.h"
#include "cases/due_steps.h"
#include "cases/official.h"
#include "cases/official_index.h"
#include "cases/openings.h"
#include "cases/pipeline.h"
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
  DecidingTest() {
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

  Town town{"2026-03-16"};

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
  const auto annulled = cases::ActOfficially(town.world(), Act(handed.id, OfficialStep::kAnnul));
  if (reopened->compensation.empty()) {
    ASSERT_TRUE(annulled) << annulled.error().ToString();
    EXPECT_EQ(annulled->status, Status::kAnnulled);
  } else {
    ASSERT_FALSE(annulled) << "what rests on it is taken back first";
    EXPECT_EQ(annulled.error().code, ErrorCode::kConflict);
  }
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

// The rules change on 20 March, after the mother applied and before a registry answers.
class NewRulesTest : public ::testing::Test {
 protected:
  ~NewRulesTest() override { std::filesystem::remove_all(folder_); }

  // The service's criterion in both versions, and what the later one says of open cases.
  std::optional<Case> Decided(const std::string& before, const std::string& after,
                              const std::string& open_cases) {
    Legislate(before, after, open_cases);
    Town town("2026-03-16", {}, folder_);
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    EXPECT_TRUE(town.Submit(town.BirthEvent("son", "mother", "father")));
    const CitizenId mother = town.Number("mother");
    const auto applied = town.desk().Apply(mother, ServiceId(kService), town.Number("son"));
    EXPECT_TRUE(applied) << (applied ? "" : applied.error().ToString());
    EXPECT_TRUE(town.desk().HandOver(mother, town.CaseFor("mother", kService)->id));
    town.AdvanceTo("2026-03-20");
    town.Report("son", {{"person.citizenship_rf", "true"}});
    return town.CaseFor("mother", kService);
  }

 private:
  static std::string Read(const std::filesystem::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static std::string With(std::string text, const std::string& part, const std::string& instead) {
    const size_t place = text.find(part);
    EXPECT_NE(place, std::string::npos) << part;
    return text.replace(place, part.size(), instead);
  }

  void Legislate(const std::string& before, const std::string& after,
                 const std::string& open_cases) {
    std::filesystem::copy(Town::RealCatalogue(), folder_, std::filesystem::copy_options::recursive);
    const std::filesystem::path file = folder_ + "/services/" + kService + ".yaml";
    const std::string text = Read(file);
    const size_t from = text.find("  - from: 2024-01-01\n");
    const size_t end = text.find("examples:");
    const std::string version = text.substr(from, end - from);
    const std::string rule = "child.citizenship_rf = true";
    const std::string first =
        With(With(version, rule, before), "2024-01-01\n", "2024-01-01\n    to: 2026-03-19\n");
    const std::string second = With(With(version, rule, after), "2024-01-01\n",
                                    "2026-03-20\n    open_cases: " + open_cases + "\n");
    std::ofstream(file) << text.substr(0, from) << first << second;
  }

  std::string folder_ = testing::TempDir() + "/kstati-new-rules-" + std::to_string(getpid());
};

constexpr const char* kCitizens = "child.citizenship_rf = true";
constexpr const char* kForeigners = "child.citizenship_rf = false";

TEST_F(NewRulesTest, WhatGivesMoreCountsForOpenCases) {
  const auto decided = Decided(kForeigners, kCitizens, "better");
  EXPECT_EQ(decided->status, Status::kGranted);
  EXPECT_EQ(decided->history.back().reason, "case.reason.granted_by_newer_rules");
  EXPECT_EQ(decided->regulation_from, Date::Of(2026, 3, 20));
}

TEST_F(NewRulesTest, UnlessTheyLeaveOpenCasesAlone) {
  const auto decided = Decided(kForeigners, kCitizens, "unchanged");
  EXPECT_EQ(decided->status, Status::kWithOfficial);
  EXPECT_EQ(decided->regulation_from, Date::Of(2024, 1, 1));
}

TEST_F(NewRulesTest, WhatGivesLessDoesNotTouchThem) {
  const auto decided = Decided(kCitizens, kForeigners, "better");
  EXPECT_EQ(decided->status, Status::kGranted);
  EXPECT_EQ(decided->history.back().reason, "case.reason.granted_by_rules");
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
