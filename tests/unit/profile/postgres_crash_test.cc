// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "profile/ledger/partitions.h"
#include "tests/unit/profile/change_fixtures.h"
#include "tests/unit/profile/postgres_store.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using std::chrono::milliseconds;

constexpr int kThreads = 8;

// Each round a quarter of a second of changes; 100 times as many in the full run.
int Rounds() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return 4 * (scale == nullptr ? 1 : std::max(1, std::atoi(scale)));
}

// Changes while servers die: each one puts a record of its name to two citizens and to a log, and
// enters a deed.
class PostgresCrash : public testing::Test {
 protected:
  // Runs `die` in the middle of changes, and lets them go on for as long again.
  void Storm(Engine& engine, const std::function<void()>& die) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        while (!stop) ChangeOnce(engine);
      });
    }
    std::this_thread::sleep_for(milliseconds(250));
    die();
    std::this_thread::sleep_for(milliseconds(250));
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }

  void ChangeOnce(Engine& engine) {
    const std::string name = std::to_string(next_.fetch_add(1));
    Change change;
    change.now = At(0);
    for (const CitizenId citizen : {kAnna, Neighbour(engine)}) {
      CitizenChange& each = change.citizens.emplace_back();
      each.citizen = citizen;
      each.addition = "x";
      each.writes = {{name, "1"}};
    }
    change.appends = {{"outbox", name}};
    change.deeds = Doing({kAnna}).deeds;
    const Result<void> outcome = engine.Commit(change);
    if (outcome) {
      const std::lock_guard lock(mutex_);
      acknowledged_.insert(name);
      return;
    }
    ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
    std::this_thread::sleep_for(milliseconds(1));
  }

  static CitizenId Neighbour(const Engine& engine) {
    for (uint64_t number = kAnna.number() + 1;; ++number) {
      const CitizenId citizen(number);
      if (engine.PartitionOf(citizen) == engine.PartitionOf(kAnna)) return citizen;
    }
  }

  static std::set<std::string> Names(const Engine& engine, CitizenId citizen) {
    std::set<std::string> names;
    const auto note = [&](std::string_view key, std::string_view) {
      names.emplace(key);
      return true;
    };
    EXPECT_THAT(engine.Scan(citizen, "", note), IsOk());
    return names;
  }

  // What was acknowledged is there, and of each change all or nothing.
  void ExpectNothingLostAndNothingHalf(Engine& engine) {
    const std::set<std::string> names = Names(engine, kAnna);
    EXPECT_THAT(names, testing::IsSupersetOf(acknowledged_));
    EXPECT_EQ(Names(engine, Neighbour(engine)), names);
    const auto entries = engine.ReadLog(engine.PartitionOf(kAnna), "outbox", 0, SIZE_MAX);
    ASSERT_THAT(entries, IsOk());
    std::set<std::string> logged;
    for (size_t i = 0; i < entries->size(); ++i) {
      EXPECT_EQ((*entries)[i].sequence, i + 1);
      logged.insert((*entries)[i].value);
    }
    EXPECT_EQ(entries->size(), names.size());
    EXPECT_EQ(logged, names);
    const auto row = engine.ReadRow(Neighbour(engine));
    ASSERT_THAT(row, IsOk());
    ASSERT_TRUE(*row) << "no change was made";
    EXPECT_EQ((*row)->stamp.version, names.size());
    EXPECT_EQ((*row)->profile.size(), names.size() * (kStampBytes + 1));
    ExpectSoundLedger(engine, names.size());
  }

  // Of each change an entry, and a checkpoint that fits what it covers.
  static void ExpectSoundLedger(Engine& engine, size_t changes) {
    const size_t partition = engine.PartitionOf(kAnna);
    // What a crash left without a checkpoint gets one with the next deed.
    EXPECT_THAT(engine.Commit(Doing({Neighbour(engine)})), IsOk());
    const auto entries = engine.ReadLedger(partition, 0, SIZE_MAX);
    ASSERT_THAT(entries, IsOk());
    const auto key = ledger::KeyOfPartition(TestSigner(), partition, engine.Partitions());
    const auto head = ledger::ReadCheckpoint(*engine.ReadCheckpoint(partition), key->public_key());
    ASSERT_THAT(head, IsOk());
    EXPECT_EQ(head->size, entries->size());
    EXPECT_EQ(head->root, RootOf(*entries));
    EXPECT_EQ(engine.ReadDeeds(kAnna, 0, SIZE_MAX)->size(), changes);
  }

  // Storms in all rounds. A store is looked at as a whole after each, so that many rounds need
  // several stores; `make` gives a new one of a name, `die` interrupts a round.
  void StormOnNewStores(const std::function<PostgresOptions(const std::string& name)>& make,
                        const std::function<void(int round)>& die) {
    constexpr int kRoundsOfAStore = 10;
    PostgresOptions options;
    std::unique_ptr<Engine> engine;
    size_t acknowledged = 0;
    for (int round = 0; round < Rounds() && !HasFailure(); ++round) {
      if (round % kRoundsOfAStore == 0) {
        acknowledged += acknowledged_.size();
        acknowledged_.clear();
        engine.reset();
        const std::string name = "store" + std::to_string(round);
        options = make(name);
        options.witness_file = folder_ / name;
        engine = OpenedPostgres(options);
      }
      Storm(*engine, [&] { die(round); });
      while (!engine->AcceptsWrites(0)) std::this_thread::sleep_for(milliseconds(20));
      ExpectNothingLostAndNothingHalf(*engine);
      OpenedPostgres(options);  // its witness agrees
    }
    EXPECT_GT(acknowledged + acknowledged_.size(), static_cast<size_t>(Rounds()));
  }

  TemporaryFolder folder_;
  std::atomic<uint64_t> next_ = 1;
  std::mutex mutex_;
  std::set<std::string> acknowledged_;  // guarded by mutex_
};

TEST_F(PostgresCrash, KilledServerLosesNothingAcknowledged) {
  PostgresServer server({"shared_buffers=32MB"});
  StormOnNewStores([&](const std::string& name) { return MakePlainStore(server, name); },
                   [&](int) {
                     server.Kill();
                     server.Start();
                   });
}

// What a primary acknowledged its standby has on disk, and takes over with.
TEST_F(PostgresCrash, FailingOverToAStandbyLosesNothingAcknowledged) {
  auto primary = std::make_unique<PostgresServer>(std::vector<std::string>{"shared_buffers=32MB"});
  PostgresOptions options = MakePlainStore(*primary, "store");
  options.witness_file = folder_ / "witness";
  for (int round = 0; round < std::max(2, Rounds() / 4) && !HasFailure(); ++round) {
    auto standby = PostgresServer::StandbyOf(*primary);
    options.conninfo = "host=" + primary->folder() + "," + standby->folder() +
                       " user=kstati dbname=store target_session_attrs=read-write";
    const std::unique_ptr<Engine> engine = OpenedPostgres(options);
    const size_t before = acknowledged_.size();
    Storm(*engine, [&] {
      primary->Kill();
      standby->Promote();
    });
    while (!engine->AcceptsWrites(0)) std::this_thread::sleep_for(milliseconds(20));
    ChangeOnce(*engine);
    ExpectNothingLostAndNothingHalf(*engine);
    EXPECT_GT(acknowledged_.size(), before + 1);
    primary = std::move(standby);
  }
}

TEST_F(PostgresCrash, KilledProcessOfAConnectionLosesNothingAcknowledged) {
  PostgresServer server({"shared_buffers=32MB"});
  StormOnNewStores([&](const std::string& name) { return MakePlainStore(server, name); },
                   [&](int) { server.KillOne(); });
}

TEST_F(PostgresCrash, KilledProxyOrPartitionLosesNothingAcknowledged) {
  PostgresServer proxy({"shared_buffers=32MB"});
  PostgresServer partitions({"shared_buffers=32MB"});
  StormOnNewStores(
      [&](const std::string& name) {
        return MakePartitionedStore(proxy, partitions, partitions, name);
      },
      [&](int round) {
        PostgresServer& victim = round % 2 == 0 ? partitions : proxy;
        victim.Kill();
        victim.Start();
      });
}

}  // namespace
}  // namespace kstati::profile
