// SPDX-License-Identifier: Apache-2.0
// A copy holds the same bytes under the same stamps, goes on after an interruption, and damage of
// any part is found by reading all of it.
#include "profile/store_copy.h"

#include <rocksdb/db.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "profile/backups.h"
#include "profile/engines/rocksdb_settings.h"
#include "tests/unit/profile/change_fixtures.h"
#include "tests/unit/profile/copy_fixtures.h"

namespace kstati::profile {
namespace {

using testing::HasSubstr;

class StoreCopyTest : public testing::Test {
 protected:
  StoreCopyTest() : from_(Open("from")) { Inhabit(*from_, folder_.path()); }
  std::unique_ptr<Engine> Open(const std::string& name) {
    Result<std::unique_ptr<Engine>> engine = OpenRocksDb(SmallStoreAt(folder_ / name));
    EXPECT_THAT(engine, IsOk());
    return std::move(*engine);
  }

  TemporaryFolder folder_;
  std::unique_ptr<Engine> from_;
};

TEST_F(StoreCopyTest, HoldsTheSame) {
  const auto to = Open("to");
  EXPECT_THAT(CompareStores(*from_, *to, {}), FailsWith(ErrorCode::kCorrupt));
  const auto counts = CopyStore(*from_, *to, {});
  ASSERT_THAT(counts, IsOk());
  EXPECT_EQ(counts->ledger_entries, 361u);
  EXPECT_EQ(counts->log_entries, 300u);
  const auto compared = CompareStores(*from_, *to, {});
  ASSERT_THAT(compared, IsOk());
  EXPECT_EQ(compared->citizens, counts->citizens);
  EXPECT_EQ(compared->written, 0u);
  EXPECT_EQ(*to->ReadCheckpoint(0), *from_->ReadCheckpoint(0));
  const StoreVerification found = Verified(*to, folder_.path());
  EXPECT_EQ(found.problems_found, 0u) << found.problems.front().ToString();
  EXPECT_EQ(found.citizens, 300u);
  EXPECT_EQ(found.erased, 1u);
  EXPECT_EQ(found.ledger_entries, 361u);
}

TEST_F(StoreCopyTest, GoesOnAfterItWasInterruptedAnywhere) {
  const auto to = Open("to");
  for (int round = 0;; ++round) {
    BorrowedEngine interrupted(*to);
    interrupted.InterruptAfter(1);
    const auto counts = CopyStore(*from_, interrupted, {});
    if (counts) break;
    ASSERT_EQ(counts.error().code, ErrorCode::kUnavailable) << counts.error().ToString();
    ASSERT_LT(round, 20);
  }
  EXPECT_THAT(CompareStores(*from_, *to, {}), IsOk());
  EXPECT_EQ(CopyStore(*from_, *to, {})->written, 0u);
}

TEST_F(StoreCopyTest, CopyIsAStoreThatGoesOn) {
  const auto to = Open("to");
  ASSERT_THAT(CopyStore(*from_, *to, {}), IsOk());
  Store store(std::make_unique<BorrowedEngine>(*to), KeysIn(folder_.path()));
  Transaction transaction(At(9'000));
  transaction.Enter(CitizenId(7), ledger::EntryKind::kAccess, {});
  transaction.AppendLog(CitizenId(7), "outbox", "entry");
  ASSERT_THAT(store.Commit(transaction), IsOk());
  EXPECT_EQ(store.Deeds(CitizenId(7), 0, 10)->size(), 2u);
  EXPECT_EQ(Verified(*to, folder_.path()).problems_found, 0u);
  EXPECT_THAT(CopyStore(*from_, *to, {}), FailsWith(ErrorCode::kConflict));
}

TEST_F(StoreCopyTest, TargetWithOthersIsRefused) {
  const auto to = Open("to");
  ASSERT_THAT(to->Commit(Changing(CitizenId(5'000)).Puts("a", "1")), IsOk());
  const auto counts = CopyStore(*from_, *to, {});
  ASSERT_THAT(counts, FailsWith(ErrorCode::kConflict));
  EXPECT_THAT(counts.error().place, HasSubstr("5000"));
}

// One byte of one value, behind the engine's back.
class DamagedStore : public StoreCopyTest {
 protected:
  StoreVerification VerifiedWithFlip(const std::string& prefix, size_t skip, size_t at) {
    from_.reset();
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(
        rocksdb::DB::Open(RocksDbSettings(SmallStoreAt(folder_ / "from")), folder_ / "from", &db)
            .ok());
    std::unique_ptr<rocksdb::DB> owned(db);
    rocksdb::ReadOptions read;
    read.total_order_seek = true;
    {
      const std::unique_ptr<rocksdb::Iterator> each(db->NewIterator(read));
      each->Seek(prefix);
      for (size_t i = 0; i < skip; ++i) each->Next();
      EXPECT_TRUE(each->Valid() && each->key().starts_with(prefix));
      std::string value = each->value().ToString();
      EXPECT_LT(at, value.size());
      value[at] = static_cast<char>(value[at] ^ 1);
      EXPECT_TRUE(db->Put(DurableWrite(), each->key(), value).ok());
    }
    owned.reset();
    from_ = Open("from");
    return Verified(*from_, folder_.path());
  }
};

TEST_F(DamagedStore, AlteredProfileIsFound) {
  // c: the row of nobody, then of each: stamp, one byte, sealed key, profile.
  const StoreVerification found = VerifiedWithFlip("c", 1 + 10, 190);
  ASSERT_EQ(found.problems_found, 1u);
  EXPECT_THAT(found.problems[0].place, HasSubstr("citizen"));
}

TEST_F(DamagedStore, AlteredKeyIsFound) {
  EXPECT_EQ(VerifiedWithFlip("c", 1 + 10, 60).problems_found, 3u)
      << "and its log entry, and the record of its event";
}

TEST_F(DamagedStore, AlteredRecordIsFound) {
  EXPECT_GE(VerifiedWithFlip("d", 400, 30).problems_found, 1u);
}

TEST_F(DamagedStore, AlteredLogEntryIsFound) {
  const StoreVerification found = VerifiedWithFlip(std::string("\0l", 2), 17, 20);
  ASSERT_EQ(found.problems_found, 1u);
  EXPECT_THAT(found.problems[0].place, HasSubstr("log exposure, entry"));
}

TEST_F(DamagedStore, AlteredLedgerEntryIsFound) {
  const StoreVerification found = VerifiedWithFlip(std::string("\0e", 2), 100, 60);
  EXPECT_EQ(found.problems_found, 2u) << "the deed does not open it, and the tree is another";
}

TEST_F(DamagedStore, AlteredNodeIsFound) {
  EXPECT_EQ(VerifiedWithFlip(std::string("\0n", 2), 50, 5).problems_found, 1u);
}

TEST_F(DamagedStore, AlteredDeedIsFound) {
  EXPECT_EQ(VerifiedWithFlip("l", 100, 30).problems_found, 1u);
}

class BackupTest : public StoreCopyTest {
 protected:
  RocksDbOptions options() { return SmallStoreAt(folder_ / "from"); }
};

TEST_F(BackupTest, ComesBackAndCopiesOnlyWhatIsNew) {
  from_.reset();
  const auto first = BackUpRocksDb(options(), folder_ / "backups");
  ASSERT_THAT(first, IsOk());
  from_ = Open("from");
  ASSERT_THAT(from_->Commit(Changing(CitizenId(7)).Puts("later", "1")), IsOk());
  from_.reset();
  const auto second = BackUpRocksDb(options(), folder_ / "backups");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->number, 2u);
  uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_ / "backups")) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  EXPECT_LT(bytes, first->bytes + second->bytes) << "files of both are there once";
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 1, folder_ / "old"), IsOk());
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 0, folder_ / "new"), IsOk());
  EXPECT_FALSE(Open("old")->Get(CitizenId(7), "later")->has_value());
  EXPECT_TRUE(Open("new")->Get(CitizenId(7), "later")->has_value());
  EXPECT_THAT(CompareStores(*Open("from"), *Open("new"), {}), IsOk());
}

TEST_F(BackupTest, EachPieceThatIsCopiedIsToldOf) {
  from_.reset();
  std::atomic<uint64_t> copied = 0;
  const BytesCopied listener = [&copied](uint64_t bytes) { copied += bytes; };
  const auto made = BackUpRocksDb(options(), folder_ / "backups", listener);
  ASSERT_THAT(made, IsOk());
  EXPECT_GE(copied, made->bytes);
  copied = 0;
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 0, folder_ / "to", listener), IsOk());
  EXPECT_GE(copied, made->bytes);
}

TEST_F(BackupTest, WhatIsMissingOrInTheWayIsNamed) {
  EXPECT_THAT(RestoreRocksDb(folder_ / "nothing", 0, folder_ / "to"),
              FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(BackUpRocksDb(options(), folder_ / "backups"), FailsWith(ErrorCode::kUnavailable))
      << "the store is open";
  from_.reset();
  ASSERT_THAT(BackUpRocksDb(options(), folder_ / "backups"), IsOk());
  EXPECT_THAT(RestoreRocksDb(folder_ / "backups", 9, folder_ / "to"),
              FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(RestoreRocksDb(folder_ / "backups", 1, folder_ / "from"),
              FailsWith(ErrorCode::kConflict));
}

TEST_F(BackupTest, DamagedBackupIsNotRestored) {
  from_.reset();
  ASSERT_THAT(BackUpRocksDb(options(), folder_ / "backups"), IsOk());
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_ / "backups")) {
    if (file.path().extension() != ".sst") continue;
    std::filesystem::resize_file(file.path(), file.file_size() - 1);
    break;
  }
  EXPECT_THAT(RestoreRocksDb(folder_ / "backups", 1, folder_ / "to"),
              FailsWith(ErrorCode::kCorrupt));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "to"));
}

TEST_F(BackupTest, ErasedPersonDoesNotComeBack) {
  from_.reset();
  ASSERT_THAT(BackUpRocksDb(options(), folder_ / "backups"), IsOk());
  const auto honouring = [&](std::unique_ptr<Engine> engine) {
    auto store = std::make_unique<Store>(std::move(engine), KeysIn(folder_.path()));
    const auto honoured =
        store->HonourErasures(std::make_unique<ErasureList>(folder_ / "erased"), At(8'000));
    EXPECT_THAT(honoured, IsOk());
    return std::pair(std::move(store), honoured.value_or(0));
  };
  {
    const auto [store, honoured] = honouring(Open("from"));
    EXPECT_EQ(honoured, 0u);
    ASSERT_THAT(store->Erase(CitizenId(9), At(8'000)), IsOk());
  }
  EXPECT_EQ(honouring(Open("from")).second, 0u);
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 0, folder_ / "to"), IsOk());
  {
    const Store unaware(Open("to"), KeysIn(folder_.path()));
    EXPECT_THAT(unaware.Load(CitizenId(9)), IsOk()) << "the backup itself still knows the person";
  }
  const auto [store, honoured] = honouring(Open("to"));
  EXPECT_EQ(honoured, 1u);
  EXPECT_THAT(store->Load(CitizenId(9)), FailsWith(ErrorCode::kNotFound));
  EXPECT_THAT(store->Load(CitizenId(10)), IsOk());
  EXPECT_EQ(Verified(store->engine(), folder_.path()).problems_found, 0u);
}

TEST_F(BackupTest, AListThatWasLostIsMadeAgainOfWhomTheStoreKnowsToBeErased) {
  from_.reset();
  ASSERT_THAT(BackUpRocksDb(options(), folder_ / "backups"), IsOk());
  const auto honouring = [&](const std::string& store_folder) {
    Store store(Open(store_folder), KeysIn(folder_.path()));
    const auto honoured =
        store.HonourErasures(std::make_unique<ErasureList>(folder_ / "erased"), At(8'000));
    EXPECT_THAT(honoured, IsOk());
    return honoured.value_or(0);
  };
  {
    Store store(Open("from"), KeysIn(folder_.path()));
    ASSERT_THAT(store.HonourErasures(std::make_unique<ErasureList>(folder_ / "erased"), At(8'000)),
                IsOk());
    ASSERT_THAT(store.Erase(CitizenId(9), At(8'000)), IsOk());
  }
  EXPECT_EQ(honouring("from"), 0u);
  ASSERT_TRUE(std::filesystem::remove(folder_ / "erased"));
  EXPECT_EQ(honouring("from"), 0u);
  EXPECT_THAT(*ErasureList(folder_ / "erased").Read(), testing::Contains(CitizenId(9)));
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 0, folder_ / "to"), IsOk());
  EXPECT_EQ(honouring("to"), 1u);
}

TEST(ErasureListTest, IsOfOneStore) {
  const TemporaryFolder folder;
  ASSERT_THAT(ErasureList(folder / "erased").Add(kAnna), IsOk());
  Store store(std::move(*OpenRocksDb(SmallStoreAt(folder / "new"))), KeysIn(folder.path()));
  EXPECT_THAT(store.HonourErasures(std::make_unique<ErasureList>(folder / "erased"), At(1)),
              FailsWith(ErrorCode::kConflict));
}

TEST(ErasureListTest, LineCutByACrashDoesNotCount) {
  const TemporaryFolder folder;
  ErasureList list(folder / "erased");
  EXPECT_THAT(*list.Read(), testing::IsEmpty());
  ASSERT_THAT(list.Add(kAnna), IsOk());
  std::ofstream(folder / "erased", std::ios::app) << "0000";
  EXPECT_THAT(*list.Read(), testing::ElementsAre(kAnna));
  ASSERT_THAT(list.Add(kBoris), IsOk());
  EXPECT_THAT(*list.Read(), testing::ElementsAre(kAnna, kBoris));
  std::ofstream(folder / "erased", std::ios::app) << "Anna\n";
  EXPECT_THAT(list.Read(), FailsWith(ErrorCode::kCorrupt));
}

}  // namespace
}  // namespace kstati::profile
