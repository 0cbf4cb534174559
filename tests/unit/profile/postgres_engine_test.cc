// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "tests/unit/profile/engine_conformance.h"
#include "tests/unit/profile/ledger_conformance.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::profile {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Result<std::unique_ptr<Engine>> OpenPartitioned(const std::string& folder,
                                                const std::string& witness) {
  static std::map<std::string, PostgresOptions> made;
  if (!made.contains(folder)) {
    made[folder] = MakePartitionedStore("proxy" + std::to_string(made.size()));
  }
  made[folder].witness_file = witness;
  return OpenPostgres(made[folder]);
}

const auto kPostgres = testing::Values(EngineUnderTest{"Plain", OpenDatabaseOf},
                                       EngineUnderTest{"BehindPlProxy", OpenPartitioned});
std::string NameOf(const testing::TestParamInfo<EngineUnderTest>& each) { return each.param.name; }
INSTANTIATE_TEST_SUITE_P(Postgres, EngineConformance, kPostgres, NameOf);
INSTANTIATE_TEST_SUITE_P(Postgres, LedgerConformance, kPostgres, NameOf);

// A citizen of another partition than Anna.
CitizenId Stranger(const Engine& engine) {
  for (uint64_t number = 1;; ++number) {
    if (engine.PartitionOf(CitizenId(number)) != engine.PartitionOf(kAnna)) {
      return CitizenId(number);
    }
  }
}

TEST(PostgresEngine, ChangeOfSeveralPartitionsIsUnsupported) {
  const auto engine = OpenedPostgres(MakePartitionedStore("apart"));
  ASSERT_EQ(engine->Partitions(), 2u);
  const CitizenId stranger = Stranger(*engine);
  const Result<void> outcome = engine->Commit(Changing(kAnna).And(stranger));
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnsupported));
  EXPECT_FALSE(outcome.error().remedy.empty());
  EXPECT_THAT(engine->Commit(Changing(kAnna).While(stranger, 0)),
              FailsWith(ErrorCode::kUnsupported));
  EXPECT_FALSE(engine->ReadRow(kAnna)->has_value());
}

TEST(PostgresEngine, EachPartitionHasLogsAndASequenceOfItsOwn) {
  const auto engine = OpenedPostgres(MakePartitionedStore("logs"));
  const CitizenId stranger = Stranger(*engine);
  ASSERT_THAT(engine->Commit(Changing(kAnna).Logs("outbox", "a")), IsOk());
  ASSERT_THAT(engine->Commit(Changing(stranger).Logs("outbox", "s")), IsOk());
  for (const CitizenId citizen : {kAnna, stranger}) {
    const auto entries = engine->ReadLog(engine->PartitionOf(citizen), "outbox", 0, 10);
    ASSERT_THAT(entries, IsOk());
    ASSERT_EQ(entries->size(), 1u);
    EXPECT_EQ(entries->front().sequence, 1u);
    EXPECT_EQ(entries->front().value, citizen == kAnna ? "a" : "s");
  }
}

// The servers of a store, one of which is down when a program starts.
class PostgresEngineOverPartitions : public testing::Test {
 protected:
  // Of databases that no other test has.
  static std::string NewName() {
    static int stores = 0;
    return "one_down_" + std::to_string(++stores);
  }

  PostgresServer other_{{"shared_buffers=32MB"}};
  PostgresOptions options_ =
      MakePartitionedStore(SharedServer(), SharedServer(), other_, NewName());
};

TEST_F(PostgresEngineOverPartitions, OneThatIsDownAtTheStartStopsOnlyThoseWhoLiveInIt) {
  CitizenId there;
  {
    const auto engine = OpenedPostgres(options_);
    for (uint64_t number = 1; engine->PartitionOf(there) != 1; ++number) there = CitizenId(number);
    CitizenId here = kAnna;
    while (engine->PartitionOf(here) != 0) here = CitizenId(here.number() + 1);
    ASSERT_THAT(engine->Commit(Changing(here).Puts("a", "1")), IsOk());
    ASSERT_THAT(engine->Commit(Changing(there).Puts("a", "2")), IsOk());
  }
  other_.Stop();
  for (const bool alone : {false, true}) {
    SCOPED_TRACE(alone ? "alone" : "with others");
    options_.alone = alone;
    const auto engine = OpenedPostgres(options_);
    ASSERT_EQ(engine->Partitions(), 2u);
    CitizenId here = kAnna;
    while (engine->PartitionOf(here) != 0) here = CitizenId(here.number() + 1);
    EXPECT_THAT(engine->AcceptsWrites(0), IsOk());
    EXPECT_THAT(engine->AcceptsWrites(1), FailsWith(ErrorCode::kUnavailable));
    EXPECT_EQ(*engine->Get(here, "a"), "1");
    EXPECT_THAT(engine->Commit(Changing(here).Puts("b", "1")), IsOk());
    EXPECT_THAT(engine->Commit(Doing({here}, At(1))), IsOk());
    EXPECT_THAT(engine->Get(there, "a"), FailsWith(ErrorCode::kUnavailable));
    EXPECT_THAT(engine->Commit(Changing(there).Puts("b", "1")), FailsWith(ErrorCode::kUnavailable));
    const auto nothing = [](const RowView&) { return true; };
    EXPECT_THAT(engine->Sweep(0, CitizenId(), kLastCitizen, nothing), IsOk());
    EXPECT_THAT(engine->Sweep(1, CitizenId(), kLastCitizen, nothing),
                FailsWith(ErrorCode::kUnavailable));
    other_.Start();
    const auto until = std::chrono::steady_clock::now() + seconds(20);
    while (!engine->AcceptsWrites(1) && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(milliseconds(50));
    }
    EXPECT_THAT(engine->AcceptsWrites(1), IsOk());
    EXPECT_EQ(*engine->Get(there, "a"), "2");
    EXPECT_THAT(engine->Commit(Changing(there).Puts("c", "1")), IsOk());
    EXPECT_THAT(engine->Commit(Doing({there}, At(1))), IsOk());
    other_.Stop();
  }
}

TEST_F(PostgresEngineOverPartitions, NoneThatCanBeReachedIsAnError) {
  PostgresServer proxy{{"shared_buffers=32MB"}};
  const PostgresOptions options = MakePartitionedStore(proxy, other_, other_, "both_down");
  EXPECT_THAT(OpenPostgres(options), IsOk());
  other_.Stop();
  EXPECT_THAT(OpenPostgres(options), FailsWith(ErrorCode::kUnavailable));
}

// Entries are numbered when somebody reads; whoever goes on from a number misses none.
TEST(PostgresEngine, WhoeverFollowsALogMissesNothingAndSeesEachWritersOrder) {
  constexpr int kWriters = 4;
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  const int entries_of_one = 50 * (scale == nullptr ? 1 : std::atoi(scale));
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "followed"));
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < entries_of_one; ++i) {
        const std::string entry = std::to_string(writer) + ":" + std::to_string(i);
        EXPECT_THAT(engine->Commit(Changing(CitizenId(100 + writer)).Logs("outbox", entry)),
                    IsOk());
      }
    });
  }
  uint64_t after = 0;
  std::map<std::string, int> next;
  size_t seen = 0;
  const auto whole = static_cast<size_t>(kWriters * entries_of_one);
  for (int round = 0; round < 60'000 && seen < whole; ++round) {
    const auto entries = engine->ReadLog(0, "outbox", after, 7);
    ASSERT_THAT(entries, IsOk());
    for (const LogEntry& entry : *entries) {
      EXPECT_EQ(entry.sequence, after + 1) << "there is no gap";
      after = entry.sequence;
      const size_t colon = entry.value.find(':');
      EXPECT_EQ(std::stoi(entry.value.substr(colon + 1)), next[entry.value.substr(0, colon)]++);
      ++seen;
    }
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(seen, whole);
}

TEST(PostgresEngine, PartitionsInAnotherOrderAreRefused) {
  const PostgresOptions options = MakePartitionedStore("turned");
  OpenedPostgres(options);
  const std::string first = SharedServer().ConnectionTo("turned_0");
  const std::string second = SecondServer().ConnectionTo("turned_1");
  SharedServer().Run(
      "turned", "ALTER SERVER kstati OPTIONS (SET p0 '" + second + "', SET p1 '" + first + "')");
  const auto engine = OpenPostgres(options);
  ASSERT_THAT(engine, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine.error().message, testing::HasSubstr("partition 1 of 2"));
  EXPECT_THAT(engine.error().remedy, testing::HasSubstr("order"));
}

TEST(PostgresEngine, PartitionIsNoStoreByItself) {
  OpenedPostgres(MakePartitionedStore("whole"));
  EXPECT_THAT(OpenPostgres(PostgresAt(SecondServer(), "whole_1")),
              FailsWith(ErrorCode::kUnsupported));
}

TEST(PostgresEngine, PartitionThatDoesNotWaitForItsDiskIsRefused) {
  const PostgresOptions options = MakePartitionedStore("hasty");
  SecondServer().Run("postgres", "ALTER DATABASE hasty_1 SET synchronous_commit = off");
  const auto engine = OpenPostgres(options);
  ASSERT_THAT(engine, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine.error().message, testing::HasSubstr("synchronous_commit"));
}

TEST(PostgresEngine, NumberBeyondABigintIsRefused) {
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "large"));
  const CitizenId largest(INT64_MAX);
  const CitizenId beyond(uint64_t{INT64_MAX} + 1);
  EXPECT_THAT(engine->Commit(Changing(largest).Puts("a", "1")), IsOk());
  EXPECT_EQ(engine->Get(largest, "a")->value(), "1");
  EXPECT_THAT(engine->Commit(Changing(beyond).Puts("a", "1")),
              FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(engine->ReadRow(beyond), FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(engine->Get(beyond, "a"), FailsWith(ErrorCode::kInvalidArgument));
}

TEST(PostgresEngine, WhatIsMissingIsNamed) {
  EXPECT_THAT(OpenPostgres(PostgresAt(SharedServer(), "nowhere")), FailsWith(ErrorCode::kNotFound));
  MakeDatabase(SharedServer(), "bare");
  const auto bare = OpenPostgres(PostgresAt(SharedServer(), "bare"));
  ASSERT_THAT(bare, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(bare.error().remedy, testing::HasSubstr("migrate"));
  PostgresOptions nobody = PostgresAt(SharedServer(), "bare");
  nobody.conninfo = "host=/nowhere dbname=bare";
  EXPECT_THAT(OpenPostgres(nobody), FailsWith(ErrorCode::kUnavailable));
}

TEST(PostgresEngine, ReadOnlyServerRefusesChangesAndServesReads) {
  const PostgresOptions options = MakePlainStore(SharedServer(), "still");
  {
    const auto engine = OpenedPostgres(options);
    EXPECT_THAT(engine->AcceptsWrites(0), IsOk());
    ASSERT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  }
  SharedServer().Run("postgres", "ALTER DATABASE still SET default_transaction_read_only = on");
  const auto engine = OpenedPostgres(options);
  EXPECT_THAT(engine->AcceptsWrites(0), FailsWith(ErrorCode::kUnavailable));
  const Result<void> outcome = engine->Commit(Changing(kAnna).Puts("a", "2"));
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("read only"));
  EXPECT_EQ(engine->Get(kAnna, "a")->value(), "1");
}

TEST(PostgresEngine, VisitorMayAskTheEngineOverItsOnlyConnection) {
  PostgresOptions options = MakePlainStore(SharedServer(), "single");
  options.connections_max = 1;
  const auto engine = OpenedPostgres(options);
  ASSERT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1").Puts("b", "2")), IsOk());
  std::string seen;
  EXPECT_THAT(engine->Scan(kAnna, "",
                           [&](std::string_view key, std::string_view) {
                             seen += engine->Get(kAnna, key)->value();
                             return true;
                           }),
              IsOk());
  EXPECT_EQ(seen, "12");
}

TEST(PostgresEngine, SweepGoesOnPageByPage) {
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "pages"));
  SharedServer().Run(
      "pages", "INSERT INTO kstati.row SELECT n, 1, 0, '', '' FROM generate_series(1, 2500) n");
  uint64_t expected = 0;
  EXPECT_THAT(
      engine->SweepAll(CitizenId(), CitizenId(UINT64_MAX),
                       [&](const RowView& row) { return row.citizen.number() == ++expected; }),
      IsOk());
  EXPECT_EQ(expected, 2500u);
}

// Changes of several citizens in any order, with and without rows, at once.
TEST(PostgresEngine, ChangesThatShareCitizensNeverWaitInACircle) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 60;
  constexpr uint64_t kCitizens = 6;
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "circle"));
  std::array<std::atomic<uint64_t>, kCitizens> changes{};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<uint64_t>(t));
      std::array<uint64_t, kCitizens> order{0, 1, 2, 3, 4, 5};
      for (int i = 0; i < kRounds; ++i) {
        std::shuffle(order.begin(), order.end(), random);
        const size_t count = 1 + random() % 4;
        Changing change(CitizenId(1 + order[0]));
        for (size_t k = 1; k < count; ++k) change.And(CitizenId(1 + order[k]));
        change.Puts("k", "v");
        // A refusal in between: the rows that it made for its locks go again.
        const bool refused = random() % 4 == 0;
        if (refused) change.While(CitizenId(1 + order[count]), 1'000'000);
        const Result<void> outcome = engine->Commit(change);
        if (refused) {
          ASSERT_THAT(outcome, FailsWith(ErrorCode::kConflict));
          continue;
        }
        ASSERT_THAT(outcome, IsOk());
        for (size_t k = 0; k < count; ++k) ++changes[order[k]];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (uint64_t i = 0; i < kCitizens; ++i) {
    EXPECT_EQ(engine->ReadRow(CitizenId(1 + i))->value().stamp.version, changes[i]);
  }
}

TEST(PostgresEngine, RefusedChangesLeaveNoRowBehind) {
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "traceless"));
  EXPECT_THAT(engine->Commit(Changing(kAnna).While(kBoris, 1)), FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(engine->Commit(Changing(kAnna).While(kBoris, 0)), IsOk());
  EXPECT_FALSE(engine->ReadRow(kBoris)->has_value());
  int rows = 0;
  EXPECT_THAT(engine->SweepAll(CitizenId(), CitizenId(UINT64_MAX),
                               [&](const RowView&) { return ++rows > 0; }),
              IsOk());
  EXPECT_EQ(rows, 1);
}

// The quick way for one citizen and the way with locks write the same.
TEST(PostgresEngine, ChangeOfOneCitizenIsTheSameOnBothWays) {
  const auto engine = OpenedPostgres(MakePlainStore(SharedServer(), "ways"));
  const CitizenId quick(1);
  const CitizenId locked(2);
  const auto step = [&](int64_t second, const std::function<void(Changing&)>& describe) {
    Changing one(quick, At(second));
    describe(one);
    ASSERT_THAT(engine->Commit(one), IsOk());
    // Deleting something, be it not there, takes the way with locks.
    Changing other(locked, At(second));
    describe(other.Deletes("never there"));
    ASSERT_THAT(engine->Commit(other), IsOk());
  };
  step(5, [](Changing& c) { c.Adds("a").Where("k", std::nullopt).PutsStamped("k", "1"); });
  step(3, [](Changing& c) { c.AtVersion(1).Adds("b").SealedKey("s").Puts("k", "2"); });
  step(6, [](Changing& c) { c.Where("k", "2").Profile("p").Adds("c").PutsStamped("k", "3"); });
  step(7, [](Changing& c) { c.SealedKey("").Puts("k", "4").PutsStamped("l", "5"); });
  const auto first = engine->ReadRow(quick);
  const auto second = engine->ReadRow(locked);
  EXPECT_EQ((*first)->stamp, (Stamp{4, At(7)}));
  EXPECT_EQ((*second)->stamp, (*first)->stamp);
  EXPECT_EQ((*second)->sealed_key, (*first)->sealed_key);
  EXPECT_EQ((*second)->profile, (*first)->profile);
  for (const char* key : {"k", "l"}) {
    EXPECT_EQ(engine->Get(locked, key)->value(), engine->Get(quick, key)->value());
  }
}

// Servers that stop, on a server of their own.
class PostgresEngineOnStoppingServer : public testing::Test {
 protected:
  PostgresServer server_{{"shared_buffers=32MB"}};
  PostgresOptions options_ = MakePlainStore(server_, "store");
};

TEST_F(PostgresEngineOnStoppingServer, RestartIsSurvivedWithoutAnErrorOnceItIsUp) {
  const auto engine = OpenedPostgres(options_);
  ASSERT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  server_.Stop();
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("b", "1")), FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(engine->Get(kAnna, "a"), FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(engine->AcceptsWrites(0), FailsWith(ErrorCode::kUnavailable));
  server_.Start();
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("c", "1")), IsOk());
  server_.Stop();
  server_.Start();
  EXPECT_THAT(engine->AcceptsWrites(0), IsOk());
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("d", "1")), IsOk());
  EXPECT_EQ(engine->Get(kAnna, "a")->value(), "1");
}

TEST_F(PostgresEngineOnStoppingServer, SilentServerIsUnavailableAfterItsTime) {
  OpenedPostgres(options_);                 // the first opening writes, which may take longer
  options_.statement_timeout = seconds(2);  // a busy machine needs that much
  options_.connections_max = 1;
  const auto engine = OpenedPostgres(options_);
  ASSERT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  server_.Freeze();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("b", "1")), FailsWith(ErrorCode::kUnavailable));
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(20));
  server_.Unfreeze();
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("c", "1")), IsOk());
}

TEST_F(PostgresEngineOnStoppingServer, LockThatIsHeldTooLongIsUnavailable) {
  OpenedPostgres(options_);                 // the first opening writes, which may take longer
  options_.statement_timeout = seconds(2);  // a busy machine needs that much
  const auto engine = OpenedPostgres(options_);
  ASSERT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  std::thread holder([&] {
    server_.Run("store", "BEGIN; SELECT * FROM kstati.row FOR UPDATE; SELECT pg_sleep(5); COMMIT");
  });
  std::this_thread::sleep_for(milliseconds(500));
  const Result<void> outcome = engine->Commit(Changing(kAnna).Puts("b", "1"));
  holder.join();
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("in time"));
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("c", "1")), IsOk());
  EXPECT_FALSE(engine->Get(kAnna, "b")->has_value());
}

TEST_F(PostgresEngineOnStoppingServer, ChangeThatTheStandbyDidNotConfirmIsUnavailable) {
  const auto engine = OpenedPostgres(options_);
  server_.Run("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  server_.Run("postgres", "SELECT pg_reload_conf()");
  std::this_thread::sleep_for(milliseconds(300));
  std::atomic<bool> answered = false;
  Result<void> outcome;
  std::thread writer([&] {
    outcome = engine->Commit(Changing(kAnna).Puts("a", "1"));
    answered = true;
  });
  while (!answered) {
    server_.Run("postgres",
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    std::this_thread::sleep_for(milliseconds(50));
  }
  writer.join();
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("standby"));
}

}  // namespace
}  // namespace kstati::profile
