// SPDX-License-Identifier: Apache-2.0
// Copies from RocksDB to PostgreSQL and back.
#include "tests/unit/profile/change_fixtures.h"
#include "tests/unit/profile/copy_fixtures.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::profile {
namespace {

TEST(PostgresCopy, TravelsThereAndBack) {
  const TemporaryFolder folder;
  const auto from = std::move(*OpenRocksDb(SmallStoreAt(folder / "from")));
  Inhabit(*from, folder.path());
  const auto there = OpenedPostgres(MakePlainStore(SharedServer(), "there"));
  ASSERT_THAT(CopyStore(*from, *there, {}), IsOk());
  ASSERT_THAT(CompareStores(*from, *there, {}), IsOk());
  EXPECT_EQ(Verified(*there, folder.path()).problems_found, 0u);
  const auto back = std::move(*OpenRocksDb(SmallStoreAt(folder / "back")));
  ASSERT_THAT(CopyStore(*there, *back, {}), IsOk());
  ASSERT_THAT(CompareStores(*from, *back, {}), IsOk());
  EXPECT_EQ(*back->ReadCheckpoint(0), *from->ReadCheckpoint(0));
  // Both go on with the same numbers.
  for (Engine* const engine : {there.get(), back.get()}) {
    Change change = Doing({CitizenId(7)}, At(9'000));
    change.citizens.emplace_back().citizen = CitizenId(7);
    change.appends = {{"outbox", "later"}};
    ASSERT_THAT(engine->Commit(change), IsOk());
  }
  EXPECT_THAT(CompareStores(*there, *back, {}), IsOk());
}

TEST(PostgresCopy, GoesOnAfterItWasInterruptedAnywhere) {
  const TemporaryFolder folder;
  const auto from = std::move(*OpenRocksDb(SmallStoreAt(folder / "from")));
  Inhabit(*from, folder.path(), 250);
  const PostgresOptions options = MakePlainStore(SharedServer(), "interrupted");
  for (int round = 0; round < 20; ++round) {
    const auto to = OpenedPostgres(options);
    BorrowedEngine interrupted(*to);
    interrupted.InterruptAfter(1);
    if (CopyStore(*from, interrupted, {})) break;
  }
  EXPECT_THAT(CompareStores(*from, *OpenedPostgres(options), {}), IsOk());
}

TEST(PostgresCopy, PartitionsAreCopiedOneByOne) {
  const TemporaryFolder folder;
  const auto from = OpenedPostgres(MakePartitionedStore("parted"));
  Inhabit(*from, folder.path(), 40);
  const auto to = OpenedPostgres(MakePartitionedStore("parted_to"));
  ASSERT_THAT(CopyStore(*from, *to, {}), IsOk());
  EXPECT_THAT(CompareStores(*from, *to, {}), IsOk());
  EXPECT_EQ(Verified(*to, folder.path()).problems_found, 0u);
  const auto single = std::move(*OpenRocksDb(SmallStoreAt(folder / "single")));
  EXPECT_THAT(CopyStore(*from, *single, {}), FailsWith(ErrorCode::kUnsupported));
}

}  // namespace
}  // namespace kstati::profile
