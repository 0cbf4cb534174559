// SPDX-License-Identifier: Apache-2.0
#include <rocksdb/db.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "profile/engines/rocksdb_settings.h"
#include "tests/unit/profile/engine_conformance.h"
#include "tests/unit/profile/faulty_file_system.h"
#include "tests/unit/profile/ledger_conformance.h"

namespace kstati::profile {
namespace {

using Disk = FaultyFileSystem::Disk;

int Scale() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : std::max(1, std::atoi(scale));
}

std::unique_ptr<Engine> OpenAt(const std::string& folder) {
  Result<std::unique_ptr<Engine>> engine = OpenRocksDb(SmallStoreAt(folder));
  EXPECT_THAT(engine, IsOk());
  return engine ? std::move(*engine) : nullptr;
}

Result<std::unique_ptr<Engine>> OpenWithWitness(const std::string& folder,
                                                const std::string& witness) {
  RocksDbOptions options = SmallStoreAt(folder);
  options.witness_file = witness;
  return OpenRocksDb(options);
}

const auto kRocksDb = testing::Values(EngineUnderTest{"RocksDb", OpenWithWitness});
std::string NameOf(const testing::TestParamInfo<EngineUnderTest>& each) { return each.param.name; }
INSTANTIATE_TEST_SUITE_P(RocksDb, EngineConformance, kRocksDb, NameOf);
INSTANTIATE_TEST_SUITE_P(RocksDb, LedgerConformance, kRocksDb, NameOf);

Result<void> Put(Engine& engine, const std::string& key, const std::string& value) {
  return engine.Commit(Changing(kAnna).Puts(key, value).Logs("outbox", key));
}

bool Has(const Engine& engine, const std::string& key) {
  return engine.Get(kAnna, key)->has_value();
}

// Writes one key past the engine, as another program would.
void PutBehindTheEngine(const std::string& folder, const std::string& key,
                        const std::string& value) {
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(RocksDbSettings(SmallStoreAt(folder)), folder, &db).ok());
  ASSERT_TRUE(db->Put(DurableWrite(), key, value).ok());
  delete db;
}

TEST(RocksDbEngine, SecondOpenOfTheSameFolderIsRefusedWithARemedy) {
  TemporaryFolder folder;
  const std::unique_ptr<Engine> first = OpenAt(folder.path());
  const auto second = OpenRocksDb(SmallStoreAt(folder.path()));
  ASSERT_THAT(second, FailsWith(ErrorCode::kUnavailable));
  EXPECT_EQ(second.error().message, "another process has the store open");
  EXPECT_THAT(second.error().remedy, testing::HasSubstr("stop that process"));
  EXPECT_THAT(second.error().place, testing::HasSubstr(folder.path()));
}

TEST(RocksDbEngine, NewerSchemaIsUnsupported) {
  TemporaryFolder folder;
  OpenAt(folder.path()).reset();
  PutBehindTheEngine(folder.path(), std::string("\0mschema", 8), "kstati profile 99");
  const auto engine = OpenRocksDb(SmallStoreAt(folder.path()));
  ASSERT_THAT(engine, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine.error().remedy, testing::HasSubstr("newer version"));
}

TEST(RocksDbEngine, OlderSchemaIsUnsupportedWithARemedy) {
  TemporaryFolder folder;
  OpenAt(folder.path()).reset();
  PutBehindTheEngine(folder.path(), std::string("\0mschema", 8), "kstati profile 1");
  const auto engine = OpenRocksDb(SmallStoreAt(folder.path()));
  ASSERT_THAT(engine, FailsWith(ErrorCode::kUnsupported));
  EXPECT_THAT(engine.error().remedy, testing::HasSubstr("into a new store"));
}

TEST(RocksDbEngine, StoreOfAnotherProgramIsRefused) {
  TemporaryFolder folder;
  PutBehindTheEngine(folder.path(), "key", "value");
  EXPECT_THAT(OpenRocksDb(SmallStoreAt(folder.path())), FailsWith(ErrorCode::kCorrupt));
}

TEST(RocksDbEngine, DamagedStoreIsCorrupt) {
  TemporaryFolder folder;
  OpenAt(folder.path()).reset();
  std::ofstream(folder / "CURRENT") << "MANIFEST-none\n";
  EXPECT_THAT(OpenRocksDb(SmallStoreAt(folder.path())),
              testing::AnyOf(FailsWith(ErrorCode::kCorrupt), FailsWith(ErrorCode::kUnavailable)));
}

TEST(RocksDbEngine, FolderThatCannotBeMadeIsUnavailable) {
  TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(OpenRocksDb(SmallStoreAt(folder / "file" + "/store")),
              FailsWith(ErrorCode::kUnavailable));
}

TEST(RocksDbEngine, TornTailOfTheLogLosesOnlyWhatWasNotAcknowledged) {
  TemporaryFolder folder;
  std::unique_ptr<Engine> engine = OpenAt(folder.path());
  ASSERT_THAT(Put(*engine, "a", "1"), IsOk());
  TemporaryFolder copy;  // as kill -9 leaves it
  std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove(copy / "LOCK");
  for (const auto& entry : std::filesystem::directory_iterator(copy.path())) {
    if (entry.path().extension() != ".log") continue;
    std::ofstream(entry.path(), std::ios::app | std::ios::binary) << "\x07torn record";
  }
  EXPECT_TRUE(Has(*OpenAt(copy.path()), "a"));
}

// An engine on a disk that fails on command.
class EngineOnFaultyDisk : public testing::Test {
 protected:
  EngineOnFaultyDisk()
      : files_(std::make_shared<FaultyFileSystem>()), env_(rocksdb::NewCompositeEnv(files_)) {
    Open();
  }
  ~EngineOnFaultyDisk() override {
    files_->Set(Disk::kGood);
    engine_.reset();
  }
  void Open() {
    auto engine = OpenRocksDbOn(SmallStoreAt(folder_.path()), env_.get());
    ASSERT_THAT(engine, IsOk());
    engine_ = std::move(*engine);
  }
  std::vector<std::string> Keys() {
    std::vector<std::string> keys;
    const auto note = [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return true;
    };
    EXPECT_THAT(engine_->Scan(kAnna, "", note), IsOk());
    return keys;
  }

  TemporaryFolder folder_;
  std::shared_ptr<FaultyFileSystem> files_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineOnFaultyDisk, FullDiskRefusesCommitsWithARemedyAndServesReads) {
  ASSERT_THAT(Put(*engine_, "before", "1"), IsOk());
  files_->Set(Disk::kFull);
  const Result<void> outcome = Put(*engine_, "during", "1");
  ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
  EXPECT_EQ(outcome.error().message, "the disk is full");
  EXPECT_THAT(Put(*engine_, "again", "1"), FailsWith(ErrorCode::kUnavailable));
  EXPECT_TRUE(Has(*engine_, "before"));
  EXPECT_FALSE(Has(*engine_, "during"));
}

TEST_F(EngineOnFaultyDisk, SaysThatItRefusesWritesUntilTheDiskIsGood) {
  EXPECT_THAT(engine_->AcceptsWrites(0), IsOk());
  for (const Disk disk : {Disk::kFull, Disk::kBroken, Disk::kSyncBroken}) {
    files_->Set(disk);
    EXPECT_THAT(Put(*engine_, "during", "1"), FailsWith(ErrorCode::kUnavailable));
    const Result<void> outcome = engine_->AcceptsWrites(0);
    ASSERT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
    EXPECT_FALSE(outcome.error().remedy.empty());
    files_->Set(Disk::kGood);
    EXPECT_THAT(engine_->AcceptsWrites(0), IsOk()) << "though nobody commits";
  }
  EXPECT_THAT(Put(*engine_, "after", "1"), IsOk());
}

TEST_F(EngineOnFaultyDisk, CommitsGoOnOnceTheDiskIsGoodAndNothingIsHalf) {
  for (const Disk disk : {Disk::kFull, Disk::kSyncFull, Disk::kBroken, Disk::kSyncBroken}) {
    const std::string name = std::to_string(static_cast<int>(disk));
    ASSERT_THAT(Put(*engine_, name + "-before", "1"), IsOk());
    files_->Set(disk);
    for (int i = 0; i < 3; ++i) {
      EXPECT_THAT(Put(*engine_, name + "-during", "1"), FailsWith(ErrorCode::kUnavailable));
      EXPECT_FALSE(Has(*engine_, name + "-during"));
      EXPECT_TRUE(Has(*engine_, name + "-before")) << "reads go on";
    }
    files_->Set(Disk::kGood);
    ASSERT_THAT(Put(*engine_, name + "-after", "1"), IsOk());
    ASSERT_THAT(Put(*engine_, name + "-later", "1"), IsOk());
  }
  const std::vector<std::string> keys = Keys();
  EXPECT_THAT(keys,
              testing::IsSupersetOf({"1-before", "1-after", "2-later", "3-after", "4-later"}));
  // Every change wrote a key and a log entry: the same ones are there, numbered without gaps.
  const auto entries = engine_->ReadLog(0, "outbox", 0, 100);
  std::vector<std::string> logged;
  for (size_t i = 0; i < entries->size(); ++i) {
    EXPECT_EQ((*entries)[i].sequence, i + 1);
    logged.push_back((*entries)[i].value);
  }
  EXPECT_THAT(logged, testing::UnorderedElementsAreArray(keys));
}

TEST_F(EngineOnFaultyDisk, RecordCutByAFullDiskNeverAppears) {
  files_->Set(Disk::kFull);
  EXPECT_THAT(Put(*engine_, "during", "1"), FailsWith(ErrorCode::kUnavailable));
  files_->Set(Disk::kGood);
  ASSERT_THAT(Put(*engine_, "after", "1"), IsOk());
  engine_.reset();
  Open();
  EXPECT_THAT(Keys(), testing::ElementsAre("after"));
}

TEST_F(EngineOnFaultyDisk, ReaderThatStaysDelaysTheRecoveryAndIsNotHurt) {
  ASSERT_THAT(Put(*engine_, "before", "1"), IsOk());
  int visited = 0;
  const auto while_reading = [&](std::string_view key, std::string_view value) {
    files_->Set(Disk::kFull);
    EXPECT_THAT(Put(*engine_, "during", "1"), FailsWith(ErrorCode::kUnavailable));
    files_->Set(Disk::kGood);
    EXPECT_THAT(Put(*engine_, "after", "1"), FailsWith(ErrorCode::kUnavailable));
    EXPECT_EQ(std::string(key) + "=" + std::string(value), "before=1");
    ++visited;
    return true;
  };
  EXPECT_THAT(engine_->Scan(kAnna, "before", while_reading), IsOk());
  EXPECT_EQ(visited, 1);
  EXPECT_THAT(Put(*engine_, "after", "1"), IsOk());
}

TEST_F(EngineOnFaultyDisk, OpeningOnAFullDiskIsUnavailable) {
  engine_.reset();
  files_->Set(Disk::kFull);
  EXPECT_THAT(OpenRocksDbOn(SmallStoreAt(folder_.path()), env_.get()),
              FailsWith(ErrorCode::kUnavailable));
}

TEST_F(EngineOnFaultyDisk, AcknowledgedCommitsSurviveAPowerCut) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(Put(*engine_, "key" + std::to_string(i), std::string(10'000, 'x')), IsOk());
    TemporaryFolder copy;
    files_->CopyAfterPowerCut(folder_.path(), copy.path());
    const std::unique_ptr<Engine> engine = OpenAt(copy.path());
    for (int k = 0; k <= i; ++k) EXPECT_TRUE(Has(*engine, "key" + std::to_string(k)));
    EXPECT_EQ(engine->ReadLog(0, "outbox", 0, 100)->size(), static_cast<size_t>(i + 1));
  }
}

// The power goes while others write, flush and compact: whatever part of what was not synced is
// there, all that was acknowledged before is, and of each change all or nothing.
TEST_F(EngineOnFaultyDisk, PowerCutAmongWritesLosesNothingAcknowledged) {
  std::atomic<bool> stop = false;
  std::atomic<uint64_t> next = 1;
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] {
      while (!stop) {
        const std::string key = std::to_string(next.fetch_add(1));
        if (!Put(*engine_, key, std::string(1'500, 'x'))) continue;
        const std::lock_guard lock(mutex);
        acknowledged.insert(key);
      }
    });
  }
  std::mt19937_64 chance(5);
  for (int cut = 0; cut < 10 * Scale() && !HasFailure(); ++cut) {
    std::this_thread::sleep_for(std::chrono::microseconds(1'000 + chance() % 20'000));
    std::set<std::string> before;
    {
      const std::lock_guard lock(mutex);
      before = acknowledged;
    }
    TemporaryFolder copy;
    files_->CopyAfterPowerCut(folder_.path(), copy.path(), cut % 2 == 0 ? &chance : nullptr);
    const std::unique_ptr<Engine> engine = OpenAt(copy.path());
    std::set<std::string> kept;
    EXPECT_THAT(engine->Scan(kAnna, "",
                             [&](std::string_view key, std::string_view) {
                               return kept.emplace(key).second;
                             }),
                IsOk());
    EXPECT_THAT(kept, testing::IsSupersetOf(before));
    const auto entries = engine->ReadLog(0, "outbox", 0, SIZE_MAX);
    ASSERT_THAT(entries, IsOk());
    EXPECT_EQ(entries->size(), kept.size());
    EXPECT_EQ(entries->empty() ? 0 : entries->back().sequence, kept.size());
    EXPECT_EQ((*engine->ReadRow(kAnna))->stamp.version, kept.size());
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
}

// Bytes that no compression makes smaller: what is written is what the disk must hold.
std::string Noise(size_t size, std::mt19937_64& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// A real full disk, where the machine lets the test mount one.
TEST(RocksDbEngine, SmallDiskFillsUpAndWorksAgainWhenSpaceIsFreed) {
  TemporaryFolder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=320m") != 0) {
    GTEST_SKIP() << "this user may not mount a file system";
  }
  std::ofstream(folder / "ballast") << std::string(200 << 20, 'x');
  {
    const std::unique_ptr<Engine> engine = OpenAt(folder / "store");
    std::vector<std::string> acknowledged;
    std::mt19937_64 random(1);
    Result<void> outcome;
    for (int i = 0; i < 10'000 && outcome; ++i) {
      const std::string key = "key" + std::to_string(i);
      outcome = Put(*engine, key, Noise(100'000, random));
      if (outcome) acknowledged.push_back(key);
    }
    EXPECT_THAT(outcome, FailsWith(ErrorCode::kUnavailable));
    for (const std::string& key : acknowledged) EXPECT_TRUE(Has(*engine, key));
    std::filesystem::remove(folder / "ballast");
    EXPECT_THAT(Put(*engine, "after", "1"), IsOk());
    for (const std::string& key : acknowledged) EXPECT_TRUE(Has(*engine, key));
  }
  {
    const std::unique_ptr<Engine> engine = OpenAt(folder / "store");
    EXPECT_TRUE(Has(*engine, "after"));
  }
  umount(folder.path().c_str());
}

}  // namespace
}  // namespace kstati::profile
