// SPDX-License-Identifier: Apache-2.0
//
// What happens to a consent after it was given, and to the applications that rest on it:
//
//   given -> narrowed -> renewed -> run out
//         -> revoked  -> thirty days -> what the stopped applications held is erased
//   given by a parent -> the child comes of age -> nothing
//   given by a proxy  -> the proxy is revoked   -> revoked
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cases/consenting.h"
#include "cases/erasure.h"
#include "cases/scheduler.h"
#include "tests/scenarios/town.h"

namespace kstati::scenarios {
namespace {

using profile::CategoryId;
using profile::Consent;
using profile::ConsentChange;
using profile::ConsentMode;
using profile::ConsentScope;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class ConsentLifeTest : public ::testing::Test {
 protected:
  ConsentLifeTest() {
    town.Resident("mother", "1990-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father", "1988-02-11", "male", {{"person.citizenship_rf", "true"}});
  }

  cases::ConsentRequest Request(const std::string& name, const ConsentId& consent,
                                const std::string& by = {}) {
    const CitizenId citizen = town.Number(name);
    return {citizen, consent, by.empty() ? citizen : town.Number(by), {"2026-02", "ru", "portal"}};
  }

  Result<Consent> Grant(const std::string& name, ConsentScope scope, const std::string& by = {}) {
    profile::ConsentGrant grant;
    grant.citizen = town.Number(name);
    grant.by.who = by.empty() ? grant.citizen : town.Number(by);
    grant.scope = std::move(scope);
    grant.valid = {town.today(), std::nullopt};
    grant.evidence = {"2026-01", "ru", "portal"};
    return town.desk().Grant(grant);
  }

  std::vector<std::string> LedgerOf(const std::string& name) {
    std::vector<std::string> kinds;
    const auto deeds = town.world().store->Deeds(town.Number(name), 0, 1'000);
    for (const auto& deed : *deeds) {
      kinds.emplace_back(profile::ledger::NameOf(deed.kind));
    }
    return kinds;
  }

  Town town{"2026-03-16"};
};

TEST_F(ConsentLifeTest, AnActRestsOnTheDataThatTheConsentNames) {
  ConsentScope scope;
  scope.categories = {CategoryId("health")};
  ASSERT_TRUE(Grant("mother", scope));
  town.Birth("son", "mother", "father");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered");
}

TEST_F(ConsentLifeTest, AConsentToEnoughDataStartsAndTheCaseKeepsWhatWasUsed) {
  ConsentScope scope;
  scope.categories = {CategoryId("identity"), CategoryId("documents"), CategoryId("family")};
  ASSERT_TRUE(Grant("mother", scope));
  town.Birth("son", "mother", "father");
  const auto c = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->status, cases::Status::kStarted);
  EXPECT_THAT(c->categories, Not(IsEmpty()));
  for (const CategoryId& used : c->categories) EXPECT_TRUE(scope.categories.contains(used));
}

TEST_F(ConsentLifeTest, AConsentForOneRecipientStartsNothingOfAnother) {
  ConsentScope scope;
  scope.recipients = {profile::AuthorityId("fns")};
  ASSERT_TRUE(Grant("mother", scope));
  town.Birth("son", "mother", "father");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "offered") << "it goes to the Social Fund";
}

TEST_F(ConsentLifeTest, ToPrepareOnlyOffersAndSaysSo) {
  ConsentScope scope;
  scope.mode = ConsentMode::kPrepare;
  ASSERT_TRUE(Grant("mother", scope));
  town.Birth("son", "mother", "father");
  const auto c = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->status, cases::Status::kOffered);
  EXPECT_EQ(c->history.back().reason, "case.reason.offered_as_consented");
}

TEST_F(ConsentLifeTest, WhatTheScopeNamesMustExist) {
  ConsentScope scope;
  scope.categories = {CategoryId("helth")};
  const auto category = Grant("mother", scope);
  ASSERT_FALSE(category);
  EXPECT_EQ(category.error().place, "scope.categories");
  scope.categories.clear();
  scope.recipients = {profile::AuthorityId("nobody")};
  const auto recipient = Grant("mother", scope);
  ASSERT_FALSE(recipient);
  EXPECT_EQ(recipient.error().place, "scope.recipients");
}

TEST_F(ConsentLifeTest, NarrowingStopsWhatItNoLongerCoversAndKeepsTheRest) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  ASSERT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  ASSERT_EQ(town.StatusOf("mother", "inn_newborn"), "started");
  ConsentScope less;
  less.service = ServiceId("inn_newborn");
  const auto narrowed = town.desk().Narrow(Request("mother", consent), less, std::nullopt);
  ASSERT_TRUE(narrowed) << narrowed.error().ToString();
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "stopped");
  EXPECT_EQ(town.CaseFor("mother", "snils_newborn")->history.back().reason,
            "case.reason.consent_narrowed");
  EXPECT_EQ(town.StatusOf("mother", "inn_newborn"), "started");
  EXPECT_THAT(LedgerOf("mother"), Contains("consent_changed"));
  const auto wider = town.desk().Narrow(Request("mother", consent), {}, std::nullopt);
  ASSERT_FALSE(wider);
  EXPECT_NE(wider.error().remedy.find("grant a new one"), std::string::npos);
}

TEST_F(ConsentLifeTest, RenewingKeepsTheHistoryOfWhatThePersonSaw) {
  const ConsentId consent = town.Consents("mother");  // until 2027-03-16
  town.AdvanceTo("2027-04-01");
  const auto renewed = town.desk().Renew(Request("mother", consent), *Date::Parse("2028-04-01"));
  ASSERT_TRUE(renewed) << renewed.error().ToString();
  town.Restart();
  const auto consents = town.desk().Consents(town.Number("mother"));
  const Consent& read = consents->front();
  ASSERT_EQ(read.versions.size(), 2u);
  EXPECT_EQ(read.given().evidence.text_version, "2026-01");
  EXPECT_EQ(read.latest().evidence.text_version, "2026-02");
  EXPECT_EQ(read.latest().change, ConsentChange::kRenewed);
  town.Birth("son", "mother", "father");
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
}

TEST_F(ConsentLifeTest, ThePreviewTellsWhatTheRevocationThenDoes) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto preview = town.desk().PreviewRevocation(Request("mother", consent));
  ASSERT_TRUE(preview);
  EXPECT_FALSE(town.desk().Consents(town.Number("mother"))->front().revoked());
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started") << "a preview changes nothing";
  const auto revoked = town.desk().Revoke(Request("mother", consent), "enough");
  ASSERT_TRUE(revoked);
  const auto ids = [](const std::vector<cases::Case>& stopped) {
    std::vector<std::string> names;
    for (const cases::Case& c : stopped) names.push_back(c.id.text());
    return names;
  };
  EXPECT_THAT(ids(preview->stopped), Not(IsEmpty()));
  EXPECT_EQ(ids(preview->stopped), ids(revoked->stopped));
  EXPECT_EQ(preview->no_longer_start, revoked->no_longer_start);
  EXPECT_THAT(preview->no_longer_start, Contains(ServiceId("snils_newborn")));
  EXPECT_EQ(preview->erasure_due, revoked->erasure_due);
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "stopped");
}

TEST_F(ConsentLifeTest, WhatAnotherConsentStillAllowsIsNotAmongWhatNoLongerStarts) {
  const ConsentId everything = town.Consents("mother");
  town.Consents("mother", "snils_newborn");
  const auto preview = town.desk().PreviewRevocation(Request("mother", everything));
  ASSERT_TRUE(preview);
  EXPECT_THAT(preview->no_longer_start, Not(Contains(ServiceId("snils_newborn"))));
  EXPECT_THAT(preview->no_longer_start, Contains(ServiceId("inn_newborn")));
}

TEST_F(ConsentLifeTest, AConsentThatIsAskedForAgainIsGivenOnce) {
  const auto first = Grant("mother", {});
  ASSERT_TRUE(first);
  EXPECT_EQ(Grant("mother", {})->id, first->id) << "the answer was lost";
  ConsentScope less;
  less.mode = ConsentMode::kPrepare;
  EXPECT_NE(Grant("mother", less)->id, first->id);
  ASSERT_TRUE(town.desk().Revoke(Request("mother", first->id), ""));
  EXPECT_NE(Grant("mother", {})->id, first->id) << "what was revoked stays so";
}

TEST_F(ConsentLifeTest, RevokingTwiceChangesNothing) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  ASSERT_TRUE(town.desk().Revoke(Request("mother", consent), "enough"));
  const auto ledger = LedgerOf("mother");
  const auto again = town.desk().Revoke(Request("mother", consent), "again");
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->consent.latest().reason, "enough");
  EXPECT_THAT(again->stopped, IsEmpty());
  EXPECT_EQ(LedgerOf("mother"), ledger);
}

TEST_F(ConsentLifeTest, ThirtyDaysAfterTheRevocationTheStoppedCasesAreEmpty) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto revoked = town.desk().Revoke(Request("mother", consent), "enough");
  ASSERT_TRUE(revoked);
  ASSERT_TRUE(revoked->erasure_due);
  EXPECT_EQ(revoked->erasure_due->ToString(), "2026-04-15");
  const auto waiting = town.desk().ErasureDuties(town.Number("mother"));
  ASSERT_EQ(waiting->size(), 1u);
  EXPECT_EQ(waiting->front().cases.size(), revoked->stopped.size());
  EXPECT_FALSE(waiting->front().done);

  const auto runs = [&] {
    cases::Scheduler scheduler(town.world(), town.desk(), nullptr, 3'600);
    for (int wait = 0; wait < 200; ++wait) {
      if (town.desk().ErasureDuties(town.Number("mother"))->front().purged) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  };
  town.AdvanceTo("2026-04-14");
  EXPECT_FALSE(town.desk().ErasureDuties(town.Number("mother"))->front().done);
  town.AdvanceTo("2026-04-15");
  town.Restart();
  ASSERT_TRUE(runs());
  const auto version = town.world().store->Load(town.Number("mother"))->version;
  EXPECT_TRUE(town.desk().Erase(town.Number("mother"), consent)->done);
  EXPECT_EQ(town.world().store->Load(town.Number("mother"))->version, version) << "once is enough";
  EXPECT_FALSE(town.CaseFor("mother", "snils_newborn")) << "nobody can tell what it was about";
  const auto left = town.desk().Cases(town.Number("mother"));
  for (const cases::Case& c : *left) {
    if (c.consent != consent) continue;
    EXPECT_EQ(c.status, cases::Status::kErased);
    EXPECT_TRUE(c.service.empty() && c.situation.empty() && c.cause.id.empty());
    EXPECT_EQ(c.about, c.citizen);
  }
  const auto triggers = town.world().store->Records(town.Number("mother"), cases::kTriggerRecord);
  for (const auto& [situation, bytes] : *triggers) {
    const auto decisions = cases::DecodeTriggers(bytes);
    for (const cases::TriggerDecision& decision : *decisions) {
      EXPECT_FALSE(std::ranges::any_of(revoked->stopped, [&](const cases::Case& c) {
        return c.service == decision.service && c.about == decision.about;
      })) << decision.service.text();
    }
  }
  const auto messages = town.desk().Notifications(town.Number("mother"));
  for (const auto& each : *messages) {
    const auto of_erased = std::ranges::any_of(
        revoked->stopped, [&](const auto& c) { return c.id == each.notification.case_id; });
    if (!of_erased) continue;
    EXPECT_EQ(each.notification.message, "notification.erased");
  }
  EXPECT_THAT(LedgerOf("mother"), Contains("erasure")) << "the proof that it ran";
  const auto deeds = town.world().store->Deeds(town.Number("mother"), 0, 1'000);
  EXPECT_EQ(deeds->back().content.at("consent"), consent.text());
}

TEST_F(ConsentLifeTest, WhatWasHandedOverIsNotErased) {
  const ConsentId consent = town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto c = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(town.desk().HandOver(town.Number("mother"), c->id));
  ASSERT_TRUE(town.desk().Revoke(Request("mother", consent), "enough"));
  town.AdvanceTo("2026-05-01");
  ASSERT_TRUE(town.desk().Erase(town.Number("mother"), consent));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "inter_agency");
}

class RepresentedTest : public ConsentLifeTest {
 protected:
  RepresentedTest() {
    town.Resident("girl", "2010-06-01", "female");
    town.Resident("boy", "2016-06-01", "male");
    town.Resident("friend", "1985-01-01", "female");
    for (const char* child : {"girl", "boy"}) town.Relate("mother", "parent", child);
  }

  profile::Processing Start(const std::string& name) {
    cases::Draft draft(town.world(), town.world().Now());
    profile::Processing start;
    start.on = town.today();
    const auto household = draft.HouseholdOf(town.Number(name));
    eligibility::Subject subject{household->get(), nullptr, std::nullopt};
    start.represented = town.world().program->Evaluate(AttributeId("person.is_represented"),
                                                       subject) == profile::FactValue(true);
    return start;
  }

  bool Allows(const std::string& name) {
    const auto consents = town.desk().Consents(town.Number(name));
    return profile::FindAllowing(*consents, Start(name)) != nullptr;
  }
};

TEST_F(RepresentedTest, FromFourteenAPersonConsentsAndBeforeOnlyParentsDo) {
  EXPECT_TRUE(Grant("girl", {}));
  EXPECT_FALSE(Grant("boy", {}));
  EXPECT_TRUE(Grant("boy", {}, "mother"));
}

TEST_F(RepresentedTest, AParentsConsentEndsTheDayTheChildComesOfAge) {
  const auto consent = Grant("girl", {}, "mother");
  ASSERT_TRUE(consent) << consent.error().ToString();
  EXPECT_EQ(consent->latest().valid.to, Date::Parse("2028-05-31").value());
  town.AdvanceTo("2028-05-31");
  EXPECT_TRUE(Allows("girl"));
  town.AdvanceTo("2028-06-01");
  EXPECT_FALSE(Allows("girl"));
}

TEST_F(RepresentedTest, WhoeverIsBornOnALeapDayComesOfAgeOnTheFirstOfMarch) {
  town.Resident("leap", "2012-02-29", "male");
  town.Relate("mother", "parent", "leap");
  const auto consent = Grant("leap", {}, "mother");
  ASSERT_TRUE(consent) << consent.error().ToString();
  EXPECT_EQ(consent->latest().valid.to, Date::Parse("2030-02-28").value());
  town.AdvanceTo("2030-02-28");
  EXPECT_TRUE(Allows("leap"));
  town.AdvanceTo("2030-03-01");
  EXPECT_FALSE(Allows("leap"));
}

TEST_F(RepresentedTest, AParentNarrowsRenewsAndRevokesWhatAParentGave) {
  const auto consent = Grant("boy", {}, "mother");
  ASSERT_TRUE(consent);
  ConsentScope less;
  less.service = ServiceId("passport_first_14");
  EXPECT_FALSE(town.desk().Narrow(Request("boy", consent->id, "friend"), less, std::nullopt));
  const auto narrowed =
      town.desk().Narrow(Request("boy", consent->id, "mother"), less, std::nullopt);
  ASSERT_TRUE(narrowed) << narrowed.error().ToString();
  EXPECT_EQ(narrowed->latest().by.capacity, profile::Capacity::kLegalRepresentative);
  EXPECT_FALSE(town.desk().Revoke(Request("boy", consent->id, "friend"), ""));
  EXPECT_TRUE(town.desk().Revoke(Request("boy", consent->id, "mother"), ""));
}

TEST_F(RepresentedTest, ItEndsEarlierWithEmancipation) {
  ASSERT_TRUE(Grant("girl", {}, "mother"));
  town.AdvanceTo("2027-01-10");
  EXPECT_TRUE(Allows("girl"));
  town.Report("girl", {{"person.emancipated", "true"}});
  EXPECT_FALSE(Allows("girl"));
  EXPECT_FALSE(Grant("girl", {}, "mother"));
  EXPECT_TRUE(Grant("girl", {}));
}

TEST_F(RepresentedTest, AProxyConsentsWithinItsScopeAndTerm) {
  profile::ProxyGrant appoint;
  appoint.citizen = town.Number("mother");
  appoint.representative = town.Number("friend");
  appoint.scope.service = ServiceId("snils_newborn");
  appoint.valid = {town.today(), town.today().AddMonths(1)};
  appoint.evidence = {"proxy-1", "ru", "mfc"};
  EXPECT_FALSE(Grant("mother", appoint.scope, "friend"));
  const auto proxy = town.desk().Appoint(appoint);
  ASSERT_TRUE(proxy) << proxy.error().ToString();
  EXPECT_FALSE(Grant("mother", {}, "friend")) << "wider than the proxy";
  const auto consent = Grant("mother", appoint.scope, "friend");
  ASSERT_TRUE(consent) << consent.error().ToString();
  EXPECT_EQ(consent->latest().by.capacity, profile::Capacity::kProxy);
  EXPECT_EQ(consent->latest().valid.to, town.today().AddMonths(1)) << "no longer than the proxy";
  ASSERT_TRUE(town.desk().RevokeProxy(town.Number("mother"), proxy->id));
  EXPECT_TRUE(town.desk().Consents(town.Number("mother"))->front().revoked());
  EXPECT_FALSE(Grant("mother", appoint.scope, "friend"));
}

TEST_F(RepresentedTest, AProxyOfThePastSpeaksForNobody) {
  profile::ProxyGrant appoint;
  appoint.citizen = town.Number("mother");
  appoint.representative = town.Number("friend");
  appoint.valid = {town.today(), town.today().AddDays(10)};
  appoint.evidence = {"proxy-1", "ru", "mfc"};
  ASSERT_TRUE(town.desk().Appoint(appoint));
  town.AdvanceTo("2026-03-26");
  EXPECT_TRUE(Grant("mother", {}, "friend"));
  town.AdvanceTo("2026-03-27");
  EXPECT_FALSE(Grant("mother", {}, "friend"));
}

TEST_F(ConsentLifeTest, TheReceiptHoldsTheRecordAndNamesItsLedgerEntries) {
  ConsentScope scope;
  scope.service = ServiceId("snils_newborn");
  scope.categories = {CategoryId("identity")};
  const auto consent = Grant("mother", scope);
  ASSERT_TRUE(consent);
  ASSERT_TRUE(town.desk().Revoke(Request("mother", consent->id), "enough"));
  const auto text =
      town.desk().ConsentReceipt(town.Number("mother"), consent->id, Language::kEnglish);
  ASSERT_TRUE(text) << text.error().ToString();
  const auto receipt = nlohmann::json::parse(*text);
  EXPECT_EQ(receipt["record_id"], consent->id.text());
  EXPECT_EQ(receipt["state"], "Withdrawn");
  const auto& processing = receipt["processing"][0];
  EXPECT_EQ(processing["purpose"], "proactive-start");
  EXPECT_EQ(processing["pii_information"].size(), 1u);
  EXPECT_EQ(processing["pii_information"][0]["name"], "Identity");
  EXPECT_EQ(processing["recipient_third_parties"][0]["id"], "sfr");
  EXPECT_EQ(receipt["parties"][0]["party_type"], "controller");
  ASSERT_EQ(receipt["events"].size(), 2u);
  EXPECT_EQ(receipt["events"][0]["event_state"], "Given");
  EXPECT_EQ(receipt["events"][1]["event_state"], "Withdrawn");
  for (const auto& event : receipt["events"]) {
    const uint64_t entry = std::stoull(event["ledger_entry"].get<std::string>());
    EXPECT_TRUE(town.world().store->DeedReceipt(town.Number("mother"), entry));
  }
}

TEST_F(ConsentLifeTest, APersonIsErasedAsAWholeAndTheFamilyLivesOn) {
  const ConsentId consent = town.Consents("father");
  town.Birth("child", "mother", "father");
  const auto preview = town.desk().PreviewErasingAll(town.Number("father"));
  ASSERT_TRUE(preview);
  EXPECT_GT(preview->facts, 0U);
  EXPECT_EQ(preview->consents, 1U);
  const std::string verdict = town.VerdictOf("mother", "snils_newborn");
  ASSERT_TRUE(town.desk().EraseAll(town.Number("father")));
  const auto gone = town.desk().Consents(town.Number("father"));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(town.desk().EraseAll(town.Number("father")));
  // Nothing is known of him, which is no reason against anybody.
  EXPECT_EQ(town.VerdictOf("mother", "snils_newborn"), verdict);
  town.Report("mother", {{"person.employed", "true"}});
  town.Report("child", {{"doc.snils_child", "true"}});
  EXPECT_TRUE(town.desk().Suggest(town.Number("mother"), 10));
  town.Restart();
  EXPECT_FALSE(town.desk().Cases(town.Number("father")));
  EXPECT_TRUE(town.desk().Cases(town.Number("mother")));
}

TEST_F(ConsentLifeTest, WhoWasErasedKeepsNothingAboutTheLivingFromBeingCorrected) {
  town.Resident("second mother", "1991-03-02", "female");
  const profile::RegistryEvent birth = town.BirthEvent("child", "mother", "father");
  ASSERT_TRUE(town.Submit(birth));
  ASSERT_TRUE(town.desk().EraseAll(town.Number("mother")));
  profile::RegistryEvent correction = town.BirthEvent("child", "second mother", "father");
  correction.supersedes = birth.key.id;
  const auto outcome = town.Submit(correction);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  const auto child = town.desk().Profile(town.Number("child"), town.today(), std::nullopt);
  ASSERT_TRUE(child);
  EXPECT_THAT(child->WhoAre(profile::RelationKind::kParent),
              UnorderedElementsAre(town.Number("father"), town.Number("second mother")));
}

TEST_F(ConsentLifeTest, WhatAnErasedPersonWasTheSubjectOfIsAnnulledForTheOther) {
  if (town.world().store->Partitions() > 1) {
    GTEST_SKIP() << "with partitions a correction keeps its event's subject (decision 016)";
  }
  profile::RegistryEvent marriage;
  marriage.key = {RegistryId("egr_zags"), EventId("marriage")};
  marriage.type = EventTypeId(std::string(profile::kFactsOnly));
  marriage.subject = town.Number("mother");
  marriage.occurred_on = town.today();
  marriage.relations = {{town.Number("mother"),
                         profile::RelationKind::kSpouse,
                         town.Number("father"),
                         {town.today(), std::nullopt}}};
  ASSERT_TRUE(town.Submit(marriage));
  ASSERT_TRUE(town.desk().EraseAll(town.Number("mother")));
  profile::RegistryEvent annulment = marriage;
  annulment.key.id = EventId("annulment");
  annulment.subject = town.Number("father");
  annulment.relations.clear();
  annulment.supersedes = marriage.key.id;
  const auto outcome = town.Submit(annulment);
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  const auto father = town.desk().Profile(town.Number("father"), town.today(), std::nullopt);
  ASSERT_TRUE(father);
  EXPECT_THAT(father->WhoAre(profile::RelationKind::kSpouse), IsEmpty());
}

TEST_F(ConsentLifeTest, NobodyIsErasedWhileAnAuthorityWorksForThem) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto started = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(started);
  ASSERT_TRUE(town.desk().HandOver(town.Number("mother"), started->id));
  EXPECT_EQ(town.desk().PreviewErasingAll(town.Number("mother"))->held_by.size(), 1U);
  const auto held = town.desk().EraseAll(town.Number("mother"));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, ErrorCode::kDenied);
  EXPECT_EQ(held.error().place, started->id.text());
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "inter_agency");
  town.Report("son", {{"doc.snils_child", "true"}});
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "done");
  EXPECT_TRUE(town.desk().EraseAll(town.Number("mother")));
}

TEST_F(ConsentLifeTest, WhatWasStartedForAnErasedChildStops) {
  town.Consents("mother");
  town.Birth("son", "mother", "father");
  const auto started = town.CaseFor("mother", "snils_newborn");
  ASSERT_TRUE(started);
  ASSERT_EQ(started->status, cases::Status::kStarted);
  ASSERT_TRUE(town.desk().EraseAll(town.Number("son")));
  const auto stopped = town.desk().HandOver(town.Number("mother"), started->id);
  ASSERT_TRUE(stopped) << stopped.error().ToString();
  EXPECT_EQ(stopped->status, cases::Status::kStopped);
  EXPECT_EQ(stopped->history.back().reason, "case.reason.about_erased");
}

TEST_F(ConsentLifeTest, OneEventSaysOnceThatRightsWereWorkedOut) {
  town.Birth("son", "mother", "father");
  town.Birth("daughter", "mother", "father");
  const auto evaluations = [&](const std::string& name) {
    std::vector<profile::DeedContent> contents;
    const auto deeds = town.world().store->Deeds(town.Number(name), 0, 1'000);
    for (const auto& deed : *deeds) {
      if (deed.kind == profile::ledger::EntryKind::kEvaluation) contents.push_back(deed.content);
    }
    return contents;
  };
  for (const std::string name : {"mother", "son"}) {
    const size_t before = evaluations(name).size();
    town.Report("mother", {{"person.registered_at_residence", "true"}});
    std::vector<profile::DeedContent> added = evaluations(name);
    added.erase(added.begin(), added.begin() + static_cast<ptrdiff_t>(before));
    EXPECT_FALSE(added.empty()) << name << " was looked at and is not told";
    const std::set<profile::DeedContent> different(added.begin(), added.end());
    EXPECT_EQ(added.size(), different.size()) << name << " is told the same twice";
  }
}

TEST_F(ConsentLifeTest, WorkThatFailedIsKeptUntilItIsDone) {
  using cases::WorkQueue;
  cases::Draft draft(town.world(), town.world().Now());
  ASSERT_TRUE(draft.HouseholdOf(town.Number("mother")));
  draft.AppendLog(town.Number("mother"), "some_work", "entry");
  ASSERT_TRUE(draft.Commit());
  WorkQueue queue(town.world(), "some_work", "some work");
  const std::vector<WorkQueue::Outcome> outcomes{
      WorkQueue::Outcome::kFailed, WorkQueue::Outcome::kNotYet, WorkQueue::Outcome::kDone};
  size_t acts = 0;
  const auto act = [&](std::string_view) { return outcomes.at(acts++); };
  for (const size_t left : {1u, 1u, 0u, 0u}) {
    queue.Run(act);
    EXPECT_EQ(queue.failed(), left) << "after " << acts << " acts";
  }
  EXPECT_EQ(acts, outcomes.size()) << "what is done is done";
}

}  // namespace
}  // namespace kstati::scenarios
