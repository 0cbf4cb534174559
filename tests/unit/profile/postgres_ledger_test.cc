// SPDX-License-Identifier: Apache-2.0
// What crashes, failovers and several programs leave of a ledger on PostgreSQL.
#include "profile/engines/postgres_ledger.h"

#include <thread>

#include "profile/ledger/checkpoint.h"
#include "tests/unit/profile/change_fixtures.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::profile {
namespace {

class PostgresLedgerTest : public testing::Test {
 protected:
  PostgresLedgerTest() {
    static int made = 0;
    name_ = "ledger" + std::to_string(++made);
    options_ = MakePlainStore(SharedServer(), name_);
    options_.witness_file = folder_ / "witness";
  }
  void Run(const std::string& command) { SharedServer().Run(name_, command); }
  static ledger::Checkpoint Head(const Engine& engine) {
    return *ledger::ReadCheckpoint(*engine.ReadCheckpoint(0), TestSigner().public_key());
  }
  static ledger::Hash RootOfEntries(const Engine& engine) {
    return RootOf(*engine.ReadLedger(0, 0, SIZE_MAX));
  }

  TemporaryFolder folder_;
  std::string name_;
  PostgresOptions options_;
};

// As a crash leaves it between the commit and the checkpoint, or one that lost the checkpoint,
// which is not waited for.
TEST_F(PostgresLedgerTest, EntriesWithoutACheckpointGetOneAtTheStart) {
  {
    const auto engine = OpenedPostgres(options_);
    for (int i = 0; i < 11; ++i) ASSERT_THAT(engine->Commit(Doing({kAnna})), IsOk());
  }
  const auto first = OpenedPostgres(options_);
  const std::string whole = *first->ReadCheckpoint(0);
  Run("DELETE FROM kstati.ledger_head");
  Run("DELETE FROM kstati.ledger_node");
  const auto engine = OpenedPostgres(options_);
  EXPECT_EQ(*engine->ReadCheckpoint(0), whole);
  EXPECT_EQ(Head(*engine).size, 11u);
  EXPECT_EQ(Head(*engine).root, RootOfEntries(*engine));
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 11u);
}

TEST_F(PostgresLedgerTest, EntryThatNoCheckpointCoversIsNotShown) {
  const auto engine = OpenedPostgres(options_);
  ASSERT_THAT(engine->Commit(Doing({kAnna})), IsOk());
  Run("SELECT kstati.enter(0, 0, '{17}', '{4}', ARRAY[sha256('a')], ARRAY[sha256('b')], '{c}')");
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 1u) << "it waits for its place";
  Run("SELECT kstati.order_entries(0)");
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 1u);
  EXPECT_EQ(engine->ReadLedger(0, 0, 100)->size(), 1u);
  ASSERT_THAT(engine->Commit(Doing({kBoris})), IsOk());
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 2u);
  EXPECT_EQ(Head(*engine).size, 3u);
  EXPECT_EQ(Head(*engine).root, RootOfEntries(*engine));
}

// As a crash leaves it between the commit and the places of its entries.
TEST_F(PostgresLedgerTest, EntriesWithoutAPlaceGetOneAtTheStart) {
  ASSERT_THAT(OpenedPostgres(options_)->Commit(Doing({kAnna})), IsOk());
  Run("SELECT kstati.enter(0, 0, '{17,18}', '{4,4}', ARRAY[sha256('a'), sha256('b')],"
      " ARRAY[sha256('c'), sha256('c')], '{d,d}')");
  const auto engine = OpenedPostgres(options_);
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 2u);
  EXPECT_EQ(engine->ReadDeeds(kBoris, 0, 100)->size(), 1u);
  EXPECT_EQ(Head(*engine).size, 3u);
  EXPECT_EQ(Head(*engine).root, RootOfEntries(*engine));
}

// A standby that was promoted too early lacks the last entries.
TEST_F(PostgresLedgerTest, ServerThatLostEntriesIsRefusedInTheMiddleOfWork) {
  const auto engine = OpenedPostgres(options_);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(engine->Commit(Doing({kAnna})), IsOk());
  Run("DELETE FROM kstati.ledger_entry WHERE index >= 3");
  Run("DELETE FROM kstati.deed WHERE index >= 3");
  Run("UPDATE kstati.deed_end SET number = 3");
  Run("UPDATE kstati.ledger_end SET size = 3");
  Change change = Doing({kAnna});
  change.citizens.emplace_back().citizen = kAnna;
  const Result<void> refused = engine->Commit(change);
  ASSERT_THAT(refused, FailsWith(ErrorCode::kCorrupt));
  EXPECT_FALSE(refused.error().remedy.empty());
  EXPECT_FALSE(engine->ReadRow(kAnna)->has_value());
  EXPECT_EQ(engine->ReadLedger(0, 0, 100)->size(), 3u);
}

TEST_F(PostgresLedgerTest, AlteredEntriesAreRefusedAtTheStart) {
  {
    const auto engine = OpenedPostgres(options_);
    for (int i = 0; i < 5; ++i) ASSERT_THAT(engine->Commit(Doing({kAnna})), IsOk());
  }
  Run("UPDATE kstati.ledger_head SET state = set_byte(state, 20, get_byte(state, 20) # 1)");
  const auto engine = OpenPostgres(options_);
  ASSERT_THAT(engine, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(engine.error().message, testing::HasSubstr("not in the state that was signed"));
}

TEST_F(PostgresLedgerTest, AnotherKeyIsRefused) {
  ASSERT_THAT(OpenedPostgres(options_)->Commit(Doing({kAnna})), IsOk());
  const auto other = ledger::SigningKey::FromSeed("test/ledger", {9});
  options_.signer = &*other;
  const auto engine = OpenPostgres(options_);
  ASSERT_THAT(engine, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(engine.error().message, testing::HasSubstr("signed with another key"));
}

TEST_F(PostgresLedgerTest, StoreWithoutAKeyRefusesDeedsAndServesTheRest) {
  ASSERT_THAT(OpenedPostgres(options_)->Commit(Doing({kAnna})), IsOk());
  options_.signer = nullptr;
  const auto engine = OpenedPostgres(options_);
  EXPECT_THAT(engine->Commit(Doing({kAnna})), FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine->Commit(Changing(kAnna).Puts("a", "1")), IsOk());
  EXPECT_EQ(engine->ReadDeeds(kAnna, 0, 100)->size(), 1u);
}

// Two programs, each with a state and a witness of its own.
TEST_F(PostgresLedgerTest, SeveralProgramsLetOneLedgerGrow) {
  constexpr int kRounds = 40;
  PostgresOptions second_options = options_;
  second_options.witness_file = folder_ / "second";
  const auto first = OpenedPostgres(options_);
  const auto second = OpenedPostgres(second_options);
  std::vector<std::thread> threads;
  for (Engine* const engine : {first.get(), second.get(), first.get(), second.get()}) {
    threads.emplace_back([engine] {
      for (int i = 0; i < kRounds; ++i) ASSERT_THAT(engine->Commit(Doing({kAnna})), IsOk());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Head(*first).size, 4u * kRounds);
  EXPECT_EQ(Head(*first).root, RootOfEntries(*second));
  OpenedPostgres(options_);
  OpenedPostgres(second_options);
}

}  // namespace
}  // namespace kstati::profile
