// SPDX-License-Identifier: Apache-2.0
//
// A family lives in two partitions. The birth of a child is recorded with the child, its facts
// travel to the parents, and what follows is decided when all have arrived; whatever dies in
// between.
//
//   partition 0: mother (even number)      partition 1: father, son (odd numbers)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "cases/draft.h"
#include "tests/scenarios/town.h"
#include "tests/unit/profile/partitioned_engine.h"

namespace kstati::scenarios {
namespace {

using profile::PartitionedEngine;

// The engine that was opened last; a test steps in through it.
PartitionedEngine* engine_of_town = nullptr;
// What happens to commits of the engine that is opened next.
PartitionedEngine::StepIn next_before;
PartitionedEngine::StepIn next_after;

tl::unexpected<Error> Down() {
  return Fail(ErrorCode::kUnavailable, "the partition is down", {}, "wait");
}

class PartitionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = Town::EngineOfTowns();
    Town::EngineOfTowns() =
        [](const std::string& folder,
           const profile::ledger::SigningKey& signer) -> Result<std::unique_ptr<profile::Engine>> {
      KSTATI_TRY(auto engine, profile::OpenTwoRocksDbs(folder, signer));
      engine->before_commit = next_before;
      engine->after_commit = next_after;
      engine_of_town = engine.get();
      return engine;
    };
    folder_ = std::filesystem::temp_directory_path() /
              ("kstati-partitions-" + std::to_string(getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override {
    Town::EngineOfTowns() = before_;
    next_before = next_after = nullptr;
    std::filesystem::remove_all(folder_);
  }

  static void Settle(Town& town) {
    town.Resident("mother", "1995-05-20", "female", {{"person.citizenship_rf", "true"}});
    town.Resident("father", "1993-02-11", "male", {{"person.citizenship_rf", "true"}});
    town.Knows("nobody");
    town.Knows("son");
    town.Relate("mother", "spouse", "father");
    town.Consents("mother");
  }
  // A town of which another process may know who lives there.
  static std::unique_ptr<Town> TownIn(const std::string& folder) {
    auto town = std::make_unique<Town>("2026-03-16", folder);
    for (const char* name : {"mother", "father", "nobody", "son"}) town->Knows(name);
    return town;
  }
  static profile::RegistryEvent Birth(Town& town) {
    profile::RegistryEvent event = town.BirthEvent("son", "mother", "father");
    event.key.id = EventId("birth");
    return event;
  }

  // The passport office tells what the mother's application for the son needs.
  static profile::RegistryEvent Citizenship(Town& town) {
    const CitizenId son = town.Number("son");
    profile::RegistryEvent event;
    event.key = {RegistryId("mvd_pass"), EventId("citizenship")};
    event.type = EventTypeId(std::string(profile::kFactsOnly));
    event.subject = son;
    event.occurred_on = town.today();
    event.facts = {{son, AttributeId("person.citizenship_rf"), true, {town.today(), std::nullopt}}};
    return event;
  }

  // What anyone can see of the family: each fact, relation, case and message once.
  static std::string Everything(Town& town) {
    std::string text;
    const profile::Store& store = *town.world().store;
    for (const char* name : {"mother", "father", "son"}) {
      const CitizenId citizen = town.Number(name);
      std::multiset<std::string> lines;
      const auto history = store.Load(citizen);
      if (!history) return history.error().ToString();
      for (const profile::Fact& each : history->facts) {
        lines.insert("fact " + each.attribute.text() + " " + each.reported_by->id.text());
      }
      for (const profile::Relation& each : history->relations) {
        lines.insert("relation " + each.from.ToString() + " " + std::string(NameOf(each.kind)) +
                     " " + each.to.ToString() + " " + each.reported_by->id.text());
      }
      const auto kept = store.Records(citizen, cases::kCaseRecord);
      for (const auto& [id, value] : *kept) {
        const auto c = cases::DecodeCase(value);
        lines.insert("case " + c->service.text() + " " + std::string(NameOf(c->status)) + " x" +
                     std::to_string(c->history.size()));
      }
      lines.insert("messages " +
                   std::to_string(store.Records(citizen, cases::kNotificationRecord)->size()));
      lines.insert("situations " +
                   std::to_string(store.Records(citizen, cases::kSituationRecord)->size()));
      for (const std::string& line : lines) text += std::string(name) + " " + line + "\n";
    }
    size_t outbox = 0;
    EXPECT_TRUE(store.ForEachEntry(cases::kOutboxLog, [&](const profile::LogRecord&) {
      ++outbox;
      return Result<bool>(true);
    }));
    return text + "outbox " + std::to_string(outbox) + "\n";
  }

  // How many entries of the ledger each of the family has.
  static std::vector<size_t> EntriesOf(Town& town) {
    std::vector<size_t> counts;
    for (const char* name : {"mother", "father", "son"}) {
      counts.push_back(town.world().store->Deeds(town.Number(name), 0, 1'000)->size());
    }
    return counts;
  }

  std::filesystem::path folder_;

 private:
  Town::OpenEngine before_;
};

TEST_F(PartitionsTest, AnEventReachesEveryoneAndWhatFollowsIsDecided) {
  Town town("2026-03-16");
  Settle(town);
  const auto outcome = town.Submit(Birth(town));
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  EXPECT_FALSE(outcome->under_way);
  ASSERT_TRUE(town.Submit(Citizenship(town)));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_TRUE(town.world().store->NotFollowed().empty());
  EXPECT_TRUE(town.Submit(Birth(town))->repeated);
}

// The same town on one partition shows the same, but for who has which entry.
TEST_F(PartitionsTest, SeveralPartitionsShowWhatOneShows) {
  Town apart("2026-03-16");
  Settle(apart);
  ASSERT_TRUE(apart.Submit(Birth(apart)));
  ASSERT_TRUE(apart.Submit(Citizenship(apart)));
  const std::string shown = Everything(apart);
  const std::vector<size_t> entries = EntriesOf(apart);
  Town::EngineOfTowns() = [](const std::string& folder, const profile::ledger::SigningKey& signer) {
    profile::RocksDbOptions options;
    options.folder = folder;
    options.signer = &signer;
    return profile::OpenRocksDb(options);
  };
  Town together("2026-03-16");
  Settle(together);
  ASSERT_TRUE(together.Submit(Birth(together)));
  ASSERT_TRUE(together.Submit(Citizenship(together)));
  EXPECT_EQ(shown, Everything(together));
  EXPECT_EQ(entries, EntriesOf(together));
}

TEST_F(PartitionsTest, WhileAPartitionIsDownTheEventIsKeptAndNothingIsDecided) {
  Town town("2026-03-16");
  Settle(town);
  const size_t cut_off = engine_of_town->PartitionOf(town.Number("mother"));
  engine_of_town->before_commit = [=](int, size_t partition) -> Result<void> {
    if (partition == cut_off) return Down();
    return {};
  };
  const auto outcome = town.Submit(Birth(town));
  ASSERT_TRUE(outcome) << outcome.error().ToString();
  EXPECT_TRUE(outcome->under_way);
  EXPECT_TRUE(outcome->cases.empty());
  EXPECT_TRUE(town.Submit(Birth(town))->repeated);
  // A decision about the father would need the son's facts, which have not reached everyone.
  const auto explained = town.desk().Explain(town.Number("father"), ServiceId("snils_newborn"), {});
  ASSERT_FALSE(explained);
  EXPECT_EQ(explained.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(explained.error().message, "facts about a person are still under way");
  EXPECT_FALSE(town.desk().Apply(town.Number("father"), ServiceId("snils_newborn"), {}));

  engine_of_town->before_commit = nullptr;
  EXPECT_EQ(cases::FollowEvents(town.world()), 0u);
  ASSERT_TRUE(town.Submit(Citizenship(town)));
  EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
  EXPECT_TRUE(town.world().store->NotFollowed().empty());
}

// A decision that read before the event was recorded commits before it or not at all.
TEST_F(PartitionsTest, ADecisionThatReadBeforeTheEventIsRefused) {
  Town town("2026-03-16");
  Settle(town);
  cases::Draft draft(town.world(), town.world().Now());
  ASSERT_TRUE(draft.HouseholdOf(town.Number("mother")));
  draft.PutRecord(town.Number("mother"), "case", "C-early", "x");
  engine_of_town->before_commit = [&](int, size_t partition) -> Result<void> {
    if (partition == engine_of_town->PartitionOf(town.Number("mother"))) return Down();
    return {};
  };
  ASSERT_TRUE(town.Submit(Birth(town))->under_way);
  engine_of_town->before_commit = nullptr;
  const auto committed = draft.Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::kUnavailable);
}

// kill -9 before and after each commit that the birth needs; the next process finishes it. What it
// works out again because of that is entered again.
TEST_F(PartitionsTest, KilledAtEveryPointNothingIsLostAndNothingIsTwice) {
  std::string whole;
  std::vector<size_t> entries;
  {
    Town town("2026-03-16");
    Settle(town);
    ASSERT_TRUE(town.Submit(Birth(town)));
    ASSERT_TRUE(town.Submit(Citizenship(town)));
    whole = Everything(town);
    entries = EntriesOf(town);
  }
  const std::string settled = folder_ / "settled";
  {
    Town town("2026-03-16", settled);
    Settle(town);
  }
  int points = 0;
  for (bool more = true; more; ++points) {
    const std::string place = folder_ / ("killed" + std::to_string(points));
    std::filesystem::copy(settled, place, std::filesystem::copy_options::recursive);
    const pid_t child = fork();
    if (child == 0) {
      const auto die_at = [](int commit, int wanted) -> Result<void> {
        if (commit == wanted) kill(getpid(), SIGKILL);
        return {};
      };
      if (points % 2 == 0) {
        next_before = [=](int commit, size_t) { return die_at(commit, points / 2); };
      } else {
        next_after = [=](int commit, size_t) { return die_at(commit, points / 2); };
      }
      const auto town = TownIn(place);
      static_cast<void>(town->Submit(Birth(*town)));
      static_cast<void>(town->Submit(Citizenship(*town)));
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    more = WIFSIGNALED(status);
    const auto town = TownIn(place);  // finishes what is under way
    EXPECT_TRUE(town->world().store->NotFollowed().empty());
    // The registries did not hear, and repeat.
    ASSERT_TRUE(town->Submit(Birth(*town)));
    ASSERT_TRUE(town->Submit(Citizenship(*town)));
    EXPECT_EQ(Everything(*town), whole) << "killed at point " << points;
    const std::vector<size_t> entered = EntriesOf(*town);
    for (size_t i = 0; i < entries.size(); ++i) {
      EXPECT_GE(entered[i], entries[i]) << "of number " << i << " killed at point " << points;
      EXPECT_LE(entered[i], 2 * entries[i]) << "killed at point " << points;
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(points, 12) << "fewer commits than there are deliveries";
}

// Somebody is erased between an event and what follows from it: of them nothing is known, and what
// follows for the others is decided.
TEST_F(PartitionsTest, WhatFollowsDoesNotWaitForWhoWasErased) {
  int erased_meanwhile = 0;
  for (const std::string gone : {"father", "mother", "son"}) {
    for (int before_down = 1; before_down <= 4; ++before_down) {
      SCOPED_TRACE(gone + " erased, " + std::to_string(before_down) + " commits went before");
      Town town("2026-03-16");
      Settle(town);
      const auto left = std::make_shared<int>(before_down);
      engine_of_town->before_commit = [left](int, size_t) -> Result<void> {
        if ((*left)-- > 0) return {};
        return Down();
      };
      const auto outcome = town.Submit(Birth(town));
      engine_of_town->before_commit = nullptr;
      if (!outcome || !outcome->under_way) continue;
      // While facts are under way the erasure waits for them.
      const bool erased =
          town.world().store->Erase(town.Number(gone), town.world().Now()).has_value();
      if (erased) ++erased_meanwhile;
      EXPECT_EQ(cases::FollowEvents(town.world()), 0u);
      EXPECT_TRUE(town.world().store->NotFollowed().empty());
      if (!erased) {
        ASSERT_TRUE(town.world().store->Erase(town.Number(gone), town.world().Now()));
      }
      if (gone != "mother") {
        EXPECT_TRUE(town.desk().Suggest(town.Number("mother"), 10));
      }
      if (gone == "father") {
        ASSERT_TRUE(town.Submit(Citizenship(town)));
        EXPECT_EQ(town.StatusOf("mother", "snils_newborn"), "started");
      }
    }
  }
  EXPECT_GT(erased_meanwhile, 3) << "nobody was erased between an event and what follows";
}

}  // namespace
}  // namespace kstati::scenarios
