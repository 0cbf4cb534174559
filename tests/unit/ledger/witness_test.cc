// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "profile/ledger/appender.h"
#include "profile/ledger/key_file.h"
#include "tests/unit/ledger/small_log.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile::ledger {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Witness : public testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/witness"; }

  // What a witness of `seen` says of a store that holds `size` entries of the log.
  Result<void> Check(const SmallTree& store, const Checkpoint& seen) const {
    return CheckAgainstWitness({store.range().size(), store.range().Root()}, store, seen);
  }
  static Checkpoint Of(const SmallTree& tree) { return {tree.range().size(), tree.range().Root()}; }

  TemporaryFolder folder_;
};

TEST_F(Witness, KeepsTheLastCheckpoint) {
  const WitnessFile witness(path());
  const PublicKey& key = TestKey().public_key();
  EXPECT_EQ(*witness.Read(key), std::nullopt);
  const SmallLog log(7);
  for (uint64_t size = 1; size <= 7; ++size) {
    ASSERT_THAT(witness.Keep(log.Checkpoint(size)), IsOk());
    EXPECT_EQ((**witness.Read(key)).size, size);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(Witness, KeepsTheLastOneWhenTheDiskRefusesTheNext) {
  const WitnessFile witness(path());
  const SmallLog log(3);
  ASSERT_THAT(witness.Keep(log.Checkpoint(2)), IsOk());
  fs::create_directory(path() + ".new");  // in the way
  EXPECT_EQ(witness.Keep(log.Checkpoint(3)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ((**witness.Read(TestKey().public_key())).size, 2u);
  EXPECT_EQ(WitnessFile(folder_.path() + "/none/witness").Keep("x").error().code,
            ErrorCode::kUnavailable);
}

TEST_F(Witness, ThatIsDamagedOrOfAnotherLogIsNotTakenForNone) {
  const WitnessFile witness(path());
  const auto other = SigningKey::Generate("ledger.example/2");
  for (const std::string& note :
       {std::string(), std::string("rubbish"), SignCheckpoint({1, EmptyRoot()}, *other)}) {
    ASSERT_THAT(witness.Keep(note), IsOk());
    const auto read = witness.Read(TestKey().public_key());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(read.error().ToString(), AllOf(HasSubstr("witness"), HasSubstr(path())));
  }
}

TEST_F(Witness, AgreesWithEveryLedgerThatGoesOn) {
  for (uint64_t size = 0; size <= 20; ++size) {
    for (uint64_t seen = 0; seen <= size; ++seen) {
      EXPECT_THAT(Check(SmallTree(size), Of(SmallTree(seen))), IsOk()) << seen << " " << size;
    }
  }
}

TEST_F(Witness, NamesBothSizesOfALedgerThatWasCut) {
  for (uint64_t seen = 1; seen <= 20; ++seen) {
    for (uint64_t size = 0; size < seen; ++size) {
      EXPECT_EQ(Check(SmallTree(size), Of(SmallTree(seen))).error().code, ErrorCode::kCorrupt);
    }
  }
  EXPECT_THAT(Check(SmallTree(5), Of(SmallTree(9))).error().ToString(),
              AllOf(HasSubstr("has 5 entries, but its witness has seen 9 entries"),
                    HasSubstr("restore the newest backup")));
}

TEST_F(Witness, NamesBothSizesOfALedgerWithOtherEntries) {
  for (uint64_t size = 1; size <= 20; ++size) {
    for (uint64_t changed = 0; changed < size; ++changed) {
      SmallTree store;
      for (uint64_t i = 0; i < size; ++i) {
        store.Add((i == changed ? "other " : "entry ") + std::to_string(i));
      }
      for (uint64_t seen = 1; seen <= size; ++seen) {
        EXPECT_EQ(Check(store, Of(SmallTree(seen))).has_value(), seen <= changed);
      }
    }
  }
  SmallTree other;
  other.Add("other");
  EXPECT_THAT(Check(SmallTree(2), Of(other)).error().ToString(),
              HasSubstr("has 2 entries that do not begin with the 1 entry its witness has seen"));
}

TEST_F(Witness, SeesAStateThatDoesNotBelongToTheNodes) {
  const SmallTree store(11);
  EXPECT_FALSE(CheckAgainstWitness({11, LeafHash("other")}, store, Of(SmallTree(4))));
}

class KeyFile : public Witness {};

TEST_F(KeyFile, GivesTheKeyBack) {
  ASSERT_THAT(WriteKeyFiles(TestKey(), path()), IsOk());
  EXPECT_EQ(ReadKeyFile(path())->public_key(), TestKey().public_key());
  std::ifstream shown(path() + ".pub");
  std::string line;
  std::getline(shown, line);
  EXPECT_EQ(*PublicKey::Parse(line), TestKey().public_key());
}

TEST_F(KeyFile, IsForItsOwnerAlone) {
  ASSERT_THAT(WriteKeyFiles(TestKey(), path()), IsOk());
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  fs::permissions(path(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(ReadKeyFile(path()).error().code, ErrorCode::kDenied);
}

TEST_F(KeyFile, IsNeverOverwritten) {
  const auto other = SigningKey::Generate("other");
  ASSERT_THAT(WriteKeyFiles(TestKey(), path()), IsOk());
  EXPECT_EQ(WriteKeyFiles(*other, path()).error().code, ErrorCode::kConflict);
  fs::remove(path() + ".pub");
  EXPECT_EQ(WriteKeyFiles(*other, path()).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(fs::exists(path() + ".pub"));
  EXPECT_EQ(ReadKeyFile(path())->public_key(), TestKey().public_key());
}

TEST_F(KeyFile, ThatIsMissingOrWrongIsNamed) {
  EXPECT_EQ(ReadKeyFile(path()).error().code, ErrorCode::kNotFound);
  std::ofstream(path()) << "rubbish\n";
  fs::permissions(path(), fs::perms::owner_read);
  const auto key = ReadKeyFile(path());
  EXPECT_EQ(key.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(key.error().ToString(), HasSubstr(path()));
}

}  // namespace
}  // namespace kstati::profile::ledger
