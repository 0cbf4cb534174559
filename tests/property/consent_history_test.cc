// SPDX-License-Identifier: Apache-2.0
//
// Revocation is linearizable. Clients grant, revoke and act on one citizen beside each other, on
// the real pipeline and on each engine; a checker then looks for an order of what they did that
// explains every answer, and for an act in the citizen's ledger that no consent stood behind. Both
// must also find what a broken act does.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "cases/consenting.h"
#include "tests/property/consent_history.h"
#include "tests/property/towns_on.h"
#include "tests/scenarios/town.h"

namespace kstati::property {
namespace {

using Kind = Operation::Kind;

Operation Grant(int consent, int64_t invoked, int64_t returned) {
  return {Kind::kGrant, consent, false, invoked, returned};
}
Operation Revoke(int consent, int64_t invoked, int64_t returned) {
  return {Kind::kRevoke, consent, false, invoked, returned};
}
Operation Act(bool acted, int64_t invoked, int64_t returned) {
  return {Kind::kAct, 0, acted, invoked, returned};
}
bool HasOrder(std::vector<Operation> operations) {
  return Linearizer(std::move(operations)).HasOrder();
}

TEST(ConsentHistoryChecker, TellsWhatCanHaveHappenedFromWhatCannot) {
  EXPECT_TRUE(HasOrder({Act(false, 1, 2), Grant(0, 3, 4), Act(true, 5, 6), Revoke(0, 7, 8)}));
  EXPECT_FALSE(HasOrder({Act(true, 1, 2), Grant(0, 3, 4)})) << "an act before any consent";
  EXPECT_FALSE(HasOrder({Grant(0, 1, 2), Act(false, 3, 4)})) << "a standing consent not seen";
  EXPECT_FALSE(HasOrder({Grant(0, 1, 2), Revoke(0, 3, 4), Act(true, 5, 6)}))
      << "an act after an acknowledged revocation";
  EXPECT_TRUE(HasOrder({Grant(0, 1, 2), Revoke(0, 3, 6), Act(true, 4, 7)}))
      << "an act beside a revocation";
  EXPECT_TRUE(HasOrder({Grant(0, 1, 2), Grant(1, 1, 2), Revoke(0, 3, 4), Act(true, 5, 6)}));
  EXPECT_FALSE(HasOrder(
      {Grant(0, 1, 2), Act(true, 3, 4), Revoke(0, 3, 8), Act(false, 5, 6), Act(true, 7, 9)}))
      << "stopped, and acting again";
}

// Whether each act in the ledger came while a consent stood.
bool LedgerExplainsEveryAct(const std::vector<profile::DeedOfCitizen>& deeds) {
  std::set<std::string> standing;
  for (const profile::DeedOfCitizen& deed : deeds) {
    using profile::ledger::EntryKind;
    if (deed.kind == EntryKind::kConsentGiven) standing.insert(deed.content.at("consent"));
    if (deed.kind == EntryKind::kConsentRevoked) standing.erase(deed.content.at("consent"));
    const bool acted = deed.kind == EntryKind::kDecision && deed.content.at("status") == "started";
    if (acted && standing.empty()) return false;
  }
  return true;
}

class ConsentHistoryTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    if (!towns_.why_not().empty()) GTEST_SKIP() << "skipped: " << towns_.why_not();
  }

  static constexpr int kActors = 2;
  static constexpr int kActsEach = 5;
  static constexpr int kConsents = 5;

  void MakeFamily(const std::string& mother) {
    town.Resident(mother, "1990-05-20", "female", {{"person.citizenship_rf", "true"}});
    for (int i = 0; i < kActors * kActsEach; ++i) {
      ASSERT_TRUE(town.Submit(town.BirthEvent(ChildOf(mother, i), mother, "")));
    }
  }

  static std::string ChildOf(const std::string& mother, int number) {
    return mother + "'s child " + std::to_string(number);
  }

  // The fact that makes the child's insurance number due: the state starts the application, or only
  // offers it.
  bool ActFor(CitizenId child) {
    profile::RegistryEvent event;
    event.key = {RegistryId("mvd_pass"), EventId("citizen-" + child.ToString())};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = child;
    event.occurred_on = town.today();
    event.facts = {
        {child, AttributeId("person.citizenship_rf"), true, {town.today(), std::nullopt}}};
    const auto outcome = cases::ProcessRegistryEvent(town.world(), event);
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().ToString());
    if (!outcome) return false;
    for (const cases::Case& c : outcome->cases) {
      if (c.service.text() == "snils_newborn") return c.status == cases::Status::kStarted;
    }
    ADD_FAILURE() << "nothing came of the fact";
    return false;
  }

  ConsentId GrantFor(CitizenId citizen) {
    profile::ConsentGrant grant;
    grant.citizen = grant.by.who = citizen;
    grant.valid = {town.today(), std::nullopt};
    grant.evidence = {"2026-01", "ru", "portal"};
    const auto consent = town.desk().Grant(grant);
    EXPECT_TRUE(consent) << (consent ? "" : consent.error().ToString());
    return consent ? consent->id : ConsentId();
  }

  void RevokeFor(CitizenId citizen, const ConsentId& consent) {
    EXPECT_TRUE(town.desk().Revoke({citizen, consent, citizen, {"", "ru", "portal"}}, ""));
  }

  // Runs `call` as an operation of the history.
  template <class Call>
  void Record(Kind kind, int consent, const Call& call) {
    Operation operation{kind, consent, false, ++clock_, 0};
    operation.acted = call();
    operation.returned = ++clock_;
    const std::lock_guard lock(mutex_);
    history_.push_back(operation);
  }

  TownsOn towns_{GetParam()};
  scenarios::Town town{"2026-03-16"};
  std::atomic<int64_t> clock_{0};
  std::mutex mutex_;
  std::vector<Operation> history_;
};

INSTANTIATE_TEST_SUITE_P(Engines, ConsentHistoryTest,
                         testing::Values(EngineKind::kRocksDb, EngineKind::kPostgres),
                         [](const auto& each) { return NameOf(each.param); });

TEST_P(ConsentHistoryTest, NoActFollowsAnAcknowledgedRevocation) {
  int acts = 0;
  int offers = 0;
  for (int round = 0; round < 8; ++round) {
    const std::string mother = "mother " + std::to_string(round);
    MakeFamily(mother);
    const CitizenId citizen = town.Number(mother);
    history_.clear();
    std::vector<std::thread> clients;
    std::atomic<int> acts_done{0};
    // Every other round each change waits for an act, so that acts meet both states.
    const auto wait_for_an_act = [&] {
      const int seen = acts_done;
      while (round % 2 == 0 && acts_done == seen && seen < kActors * kActsEach) {
        std::this_thread::yield();
      }
    };
    clients.emplace_back([&] {
      for (int i = 0; i < kConsents; ++i) {
        ConsentId consent;
        Record(Kind::kGrant, i, [&] {
          consent = GrantFor(citizen);
          return false;
        });
        wait_for_an_act();
        Record(Kind::kRevoke, i, [&] {
          RevokeFor(citizen, consent);
          return false;
        });
        wait_for_an_act();
      }
    });
    for (int actor = 0; actor < kActors; ++actor) {
      clients.emplace_back([&, actor] {
        for (int i = actor; i < kActors * kActsEach; i += kActors) {
          const CitizenId child = town.Number(ChildOf(mother, i));
          Record(Kind::kAct, 0, [&] { return ActFor(child); });
          ++acts_done;
        }
      });
    }
    for (std::thread& client : clients) client.join();
    ASSERT_EQ(history_.size(), size_t{2 * kConsents + kActors * kActsEach});
    EXPECT_TRUE(HasOrder(history_)) << "round " << round;
    EXPECT_TRUE(LedgerExplainsEveryAct(*town.world().store->Deeds(citizen, 0, 1'000)));
    for (const Operation& operation : history_) {
      if (operation.kind == Kind::kAct) ++(operation.acted ? acts : offers);
    }
  }
  EXPECT_GT(acts, 0) << "no act met a standing consent";
  EXPECT_GT(offers, 0) << "no act met a revoked one";
}

TEST_P(ConsentHistoryTest, NoHandOverFollowsAnAcknowledgedRevocation) {
  int handed_over = 0;
  int stopped = 0;
  for (int round = 0; round < 6; ++round) {
    const std::string mother = "mother " + std::to_string(round);
    MakeFamily(mother);
    const CitizenId citizen = town.Number(mother);
    history_.clear();
    ConsentId consent;
    Record(Kind::kGrant, 0, [&] {
      consent = GrantFor(citizen);
      return false;
    });
    std::vector<CaseId> started;
    for (int i = 0; i < kActors * kActsEach; ++i) {
      ASSERT_TRUE(ActFor(town.Number(ChildOf(mother, i))));
    }
    const auto cases = town.desk().Cases(citizen);
    for (const cases::Case& c : *cases) {
      if (c.status == cases::Status::kStarted) started.push_back(c.id);
    }
    std::atomic<size_t> next{0};
    std::atomic<bool> revoked{false};
    std::vector<std::thread> clients;
    for (int actor = 0; actor < kActors; ++actor) {
      clients.emplace_back([&] {
        for (size_t i = next++; i < started.size(); i = next++) {
          // The first half beside the revocation, the other after it.
          while (i >= started.size() / 2 && !revoked) std::this_thread::yield();
          Record(Kind::kAct, 0, [&] {
            const auto handed = town.desk().HandOver(citizen, started[i]);
            return handed && handed->status == cases::Status::kInterAgency;
          });
        }
      });
    }
    while (next == 0) std::this_thread::yield();
    Record(Kind::kRevoke, 0, [&] {
      RevokeFor(citizen, consent);
      return false;
    });
    revoked = true;
    for (std::thread& client : clients) client.join();
    EXPECT_TRUE(HasOrder(history_)) << "round " << round;
    for (const Operation& operation : history_) {
      if (operation.kind == Kind::kAct) ++(operation.acted ? handed_over : stopped);
    }
  }
  EXPECT_GT(handed_over, 0);
  EXPECT_GT(stopped, 0);
}

TEST_P(ConsentHistoryTest, AnActOnConsentsReadEarlierIsFound) {
  MakeFamily("mother");
  const CitizenId citizen = town.Number("mother");
  ConsentId consent;
  std::vector<profile::Consent> read_once;
  Record(Kind::kGrant, 0, [&] {
    consent = GrantFor(citizen);
    read_once = *town.desk().Consents(citizen);
    return false;
  });
  Record(Kind::kRevoke, 0, [&] {
    RevokeFor(citizen, consent);
    return false;
  });
  Record(Kind::kAct, 0, [&] {
    profile::Processing start;
    start.on = town.today();
    return profile::FindAllowing(read_once, start) != nullptr;
  });
  EXPECT_FALSE(HasOrder(history_));
}

// An act that does not expect the version it read commits after the revocation. By the clients'
// clocks it ran beside it; the ledger shows the order.
TEST_P(ConsentHistoryTest, AnActThatDoesNotExpectWhatItReadIsFound) {
  MakeFamily("mother");
  const CitizenId citizen = town.Number("mother");
  const ConsentId consent = GrantFor(citizen);
  const auto read = town.desk().Consents(citizen);
  profile::Processing start;
  start.on = town.today();
  ASSERT_NE(profile::FindAllowing(*read, start), nullptr);
  RevokeFor(citizen, consent);
  profile::Transaction act(town.world().Now());
  act.PutRecord(citizen, "case", "C-broken", "started");
  act.Enter(citizen, profile::ledger::EntryKind::kDecision, {{"status", "started"}});
  ASSERT_TRUE(town.world().store->Commit(act));
  EXPECT_FALSE(LedgerExplainsEveryAct(*town.world().store->Deeds(citizen, 0, 1'000)));
}

// What the pipeline's own act does in that place: it meets the version that the revocation made.
TEST_P(ConsentHistoryTest, AnActThatReadBeforeTheRevocationIsRefused) {
  MakeFamily("mother");
  const CitizenId citizen = town.Number("mother");
  const ConsentId consent = GrantFor(citizen);
  cases::Draft draft(town.world(), town.world().Now());
  ASSERT_TRUE(draft.Consents(citizen));
  cases::Case c;
  c.citizen = c.about = citizen;
  c.service = ServiceId("snils_newborn");
  c.status = cases::Status::kStarted;
  c.consent = consent;
  ASSERT_TRUE(draft.Open(c, "case.reason.started_by_consent"));
  RevokeFor(citizen, consent);
  const auto committed = draft.Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace kstati::property
