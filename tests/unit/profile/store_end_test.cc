// SPDX-License-Identifier: Apache-2.0
// Where a store ended when somebody was last told of a change: what is refused beside it, and that
// a store is used which was copied anew.
#include "profile/engines/store_end.h"

#include <filesystem>
#include <fstream>

#include "profile/store_copy.h"
#include "tests/unit/profile/change_fixtures.h"

namespace kstati::profile {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StoreEndTest : public testing::Test {
 protected:
  void Write(const std::string& content) { std::ofstream(file_, std::ios::trunc) << content; }
  std::string Content() const {
    std::ifstream stream(file_);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  TemporaryFolder folder_;
  const std::string file_ = folder_ / "witness.end";
  StoreEnd end_{folder_ / "witness"};
};

TEST_F(StoreEndTest, IsReadAsItWasKeptLast) {
  EXPECT_EQ(*end_.Read(), std::nullopt);
  for (const SeenEnd& end : {SeenEnd{1, 2, 3}, SeenEnd{UINT64_MAX, 0, 4}}) {
    ASSERT_THAT(end_.Keep(end), IsOk());
    EXPECT_EQ(*end_.Read(), end);
  }
}

TEST_F(StoreEndTest, NoAlteredByteGoesUnseen) {
  ASSERT_THAT(end_.Keep({12, 34, 56}), IsOk());
  const std::string whole = Content();
  for (size_t byte = 0; byte < whole.size(); ++byte) {
    std::string altered = whole;
    altered[byte] = static_cast<char>(altered[byte] ^ 1);
    Write(altered);
    EXPECT_THAT(end_.Read(), FailsWith(ErrorCode::kCorrupt)) << "byte " << byte;
  }
}

TEST_F(StoreEndTest, AnythingElseIsNoEnd) {
  ASSERT_THAT(end_.Keep({12, 34, 56}), IsOk());
  const std::string whole = Content();
  const std::string earlier = "kstati store end 1\n00000000000000000007\n18446744073709551608\n";
  for (const std::string& other : {std::string(), whole + "\n", whole.substr(1), earlier,
                                   std::string("a checkpoint\n"), std::string(5'000, 'x')}) {
    Write(other);
    const auto read = end_.Read();
    ASSERT_THAT(read, FailsWith(ErrorCode::kCorrupt)) << other.size() << " bytes";
    EXPECT_EQ(read.error().place, file_);
    EXPECT_THAT(read.error().remedy, HasSubstr("move this file away"));
  }
}

// Stores in folders of their own beside one witness.
class StoreBesideItsEnd : public testing::Test {
 protected:
  Result<std::unique_ptr<Engine>> Open(const std::string& name,
                                       const std::string& witness = "witness") const {
    RocksDbOptions options = SmallStoreAt(folder_ / name);
    if (!witness.empty()) options.witness_file = folder_ / witness;
    return OpenRocksDb(options);
  }
  static void Change(Engine& engine, int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_THAT(engine.Commit(Changing(kAnna).Puts("a", std::to_string(i))), IsOk());
    }
  }
  void Change(const std::string& name, int times, const std::string& witness = "witness") const {
    const auto engine = Open(name, witness);
    ASSERT_THAT(engine, IsOk());
    Change(**engine, times);
  }
  void Copy(const std::string& from, const std::string& to) const {
    const auto source = Open(from, {});
    const auto target = Open(to, {});
    ASSERT_THAT(CopyStore(**source, **target, {}), IsOk());
  }
  // The folder as it is now under another name.
  void Duplicate(const std::string& from, const std::string& to) const {
    fs::remove_all(folder_ / to);
    fs::copy(folder_ / from, folder_ / to, fs::copy_options::recursive);
  }
  void ExpectRefused(const std::string& name, const std::string& message) const {
    const auto engine = Open(name);
    ASSERT_THAT(engine, FailsWith(ErrorCode::kCorrupt));
    EXPECT_THAT(engine.error().message, HasSubstr(message));
    EXPECT_THAT(engine.error().remedy, HasSubstr("witness"));
  }

  TemporaryFolder folder_;
};

// A copy writes each key once, a store that was lived in many times.
TEST_F(StoreBesideItsEnd, StoreThatWasCopiedThereAndBackIsUsedAndWitnessed) {
  Change("store", 50);
  Copy("store", "elsewhere");
  Change("elsewhere", 1, {});
  fs::remove_all(folder_ / "store");
  Copy("elsewhere", "store");
  Duplicate("store", "unused");
  for (int start = 0; start < 3; ++start) {
    Duplicate("store", "before");
    Change("store", 5);
    ExpectRefused("before", "has lost its last changes");
  }
  ExpectRefused("unused", "has lost its last changes");
  fs::remove_all(folder_ / "store");
  ExpectRefused("store", "has lost its last changes");
}

TEST_F(StoreBesideItsEnd, CopyThatGoesOnInTheOldFolderIsUsed) {
  Change("store", 50);
  Copy("store", "elsewhere");
  Change("elsewhere", 1, {});
  Copy("elsewhere", "store");
  EXPECT_THAT(Open("store"), IsOk());
}

TEST_F(StoreBesideItsEnd, CopyIsStillComparedWithTheLedgersWitness) {
  {
    const auto engine = Open("store");
    Change(**engine, 50);
    ASSERT_THAT((*engine)->Commit(Doing({kAnna})), IsOk());
  }
  Copy("store", "old");
  {
    const auto engine = Open("store");
    ASSERT_THAT((*engine)->Commit(Doing({kAnna})), IsOk());
  }
  ExpectRefused("old", "has 1 entry, but its witness has seen 2 entries");
}

TEST_F(StoreBesideItsEnd, StoreOfAnotherIsRefusedHoweverMuchWasWrittenToIt) {
  Change("store", 5);
  Change("foreign", 50, {});
  ExpectRefused("foreign", "another one than its witness has seen");
}

// The places of what was lost were taken since, by a start that did not look at the witness.
TEST_F(StoreBesideItsEnd, StoreThatWentOnWithoutItsLastChangesIsRefused) {
  Change("store", 5);
  Duplicate("store", "cut");
  Change("store", 5);
  Change("cut", 50, "mistyped");
  ExpectRefused("cut", "has lost its last changes");
  Duplicate("store", "whole");
  Change("whole", 5, {});
  EXPECT_THAT(Open("whole"), IsOk());
}

TEST_F(StoreBesideItsEnd, RunThatWentOnWithoutItsLastChangesIsRefused) {
  const auto engine = Open("store");
  Change(**engine, 5);
  Duplicate("store", "cut");
  fs::remove(fs::path(folder_ / "cut") / "LOCK");
  Change(**engine, 5);
  Change("cut", 50, {});
  ExpectRefused("cut", "it went on from");
}

TEST_F(StoreBesideItsEnd, OpeningsThatWriteNothingLeaveTheStoreAsItIs) {
  Change("store", 5);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Open("store"), IsOk());
  const auto before = *StoreEnd(folder_ / "witness").Read();
  Change("store", 1);
  const auto after = *StoreEnd(folder_ / "witness").Read();
  EXPECT_EQ(after->store, before->store);
  EXPECT_NE(after->run, before->run);
}

TEST_F(StoreBesideItsEnd, BackupIsUsedWhenNothingCameAfterIt) {
  Change("store", 5);
  ASSERT_THAT(BackUpRocksDb(SmallStoreAt(folder_ / "store"), folder_ / "backups"), IsOk());
  ASSERT_THAT(RestoreRocksDb(folder_ / "backups", 0, folder_ / "restored"), IsOk());
  EXPECT_THAT(Open("restored"), IsOk());
  Change("store", 1);
  ExpectRefused("restored", "has lost its last changes");
}

}  // namespace
}  // namespace kstati::profile
