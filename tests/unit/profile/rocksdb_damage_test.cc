// SPDX-License-Identifier: Apache-2.0
// One bit of any file of a store that is not closed: either the store or the read is refused, or
// everything that was acknowledged is there as it was. A log that lost its end looks sound to every
// way of recovery; the witness tells, also of changes that the ledger has no entry of.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "tests/unit/profile/change_fixtures.h"

namespace kstati::profile {
namespace {

namespace fs = std::filesystem;

constexpr int kChanges = 60;
constexpr uintmax_t kFlipsOfAFile = 12;

enum class Changes { kWithDeeds, kWithoutDeeds };

class DamagedFiles : public testing::TestWithParam<Changes> {
 protected:
  RocksDbOptions At(const std::string& name) const {
    RocksDbOptions options = SmallStoreAt(folder_ / name);
    options.witness_file = folder_ / "witness";
    return options;
  }

  // Some changes in tables and some in the log only, as kill -9 leaves them.
  void MakeStore() {
    for (int half = 0; half < 2; ++half) {
      const auto engine =
          OpenRocksDb(At("store"));  // the second opening writes the log into tables
      ASSERT_THAT(engine, IsOk());
      for (int i = 0; i < kChanges / 2; ++i) {
        const std::string key = std::to_string(half) + "/" + std::to_string(i);
        Change change = Changing(kAnna).Puts(key, "value of " + key);
        if (GetParam() == Changes::kWithDeeds) change.deeds = Doing({kAnna}).deeds;
        ASSERT_THAT((*engine)->Commit(change), IsOk());
        expected_[key] = "value of " + key;
      }
      if (half == 1) {
        fs::copy(folder_ / "store", folder_ / "killed", fs::copy_options::recursive);
      }
    }
    fs::remove(fs::path(folder_ / "killed") / "LOCK");
  }

  // Whether damage was told of.
  bool IsRefused(const std::string& name) {
    const auto engine = OpenRocksDb(At(name));
    if (!engine) {
      EXPECT_FALSE(engine.error().message.empty());
      return true;
    }
    bool refused = false;
    std::map<std::string, std::string> found;
    const auto scanned = (*engine)->Scan(kAnna, "", [&](std::string_view key, std::string_view v) {
      found.emplace(key, v);
      return true;
    });
    refused |= !scanned;
    for (const auto& [key, value] : expected_) {
      const auto got = (*engine)->Get(kAnna, key);
      refused |= !got;
      if (got) {
        EXPECT_EQ(got->value_or("-"), value);
      }
    }
    const auto deeds = (*engine)->ReadDeeds(kAnna, 0, SIZE_MAX);
    refused |= !deeds;
    if (deeds) {
      EXPECT_EQ(deeds->size(), GetParam() == Changes::kWithDeeds ? expected_.size() : 0);
    }
    if (scanned) {
      EXPECT_EQ(found, expected_);
    }
    return refused;
  }

  static void Flip(const fs::path& file, uintmax_t at) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const int byte = stream.get();
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 0x10));
  }

  // Of a log of whole records, all in its first block.
  static uintmax_t StartOfLastRecord(const fs::path& log) {
    std::ifstream stream(log, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
    EXPECT_LT(bytes.size(), 32'768U);
    uintmax_t start = 0;
    for (uintmax_t at = 0; at + kHeadBytes <= bytes.size();) {
      const auto low = static_cast<unsigned char>(bytes[at + 4]);
      const auto high = static_cast<unsigned char>(bytes[at + 5]);
      if (low == 0 && high == 0) break;  // room that is not used yet
      start = at;
      at += kHeadBytes + low + 256U * high;
    }
    return start;
  }

  static constexpr uintmax_t kHeadBytes = 7;
  TemporaryFolder folder_;
  std::map<std::string, std::string> expected_;
};

INSTANTIATE_TEST_SUITE_P(Changes, DamagedFiles,
                         testing::Values(Changes::kWithDeeds, Changes::kWithoutDeeds),
                         [](const auto& each) {
                           return each.param == Changes::kWithDeeds ? "WithDeeds" : "WithoutDeeds";
                         });

TEST_P(DamagedFiles, NeverGiveAnotherAnswerSilently) {
  MakeStore();
  fs::copy(folder_ / "killed", folder_ / "whole", fs::copy_options::recursive);
  ASSERT_FALSE(IsRefused("whole"));
  std::map<std::string, int> told;
  std::set<std::string> kinds;
  for (const auto& entry : fs::directory_iterator(folder_ / "killed")) {
    const std::string name = entry.path().filename();
    const uintmax_t size = entry.file_size();
    if (size == 0 || name.starts_with("LOG") || name == "LOCK" || name == "IDENTITY") continue;
    const std::string kind =
        name.find('.') == name.npos ? name.substr(0, 7) : entry.path().extension().string();
    kinds.insert(kind);
    for (uintmax_t i = 0; i < std::min(kFlipsOfAFile, size); ++i) {
      fs::remove_all(folder_ / "flipped");
      fs::copy(folder_ / "killed", folder_ / "flipped", fs::copy_options::recursive);
      Flip(fs::path(folder_ / "flipped") / name, i * size / std::min(kFlipsOfAFile, size));
      SCOPED_TRACE(name + ", flip " + std::to_string(i));
      told[kind] += IsRefused("flipped") ? 1 : 0;
    }
  }
  EXPECT_THAT(kinds, testing::IsSupersetOf({".log", ".sst", "MANIFES", "CURRENT"}));
  EXPECT_GT(told[".log"], 0);
  EXPECT_GT(told[".sst"], 0);
}

// A record of the log begins with checksum (4 bytes), length (2) and kind (1).
TEST_P(DamagedFiles, NoBitOfTheHeadOfTheLastRecordTakesItAwayUnseen) {
  MakeStore();
  fs::path log;
  for (const auto& entry : fs::directory_iterator(folder_ / "killed")) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) log = entry.path();
  }
  const uintmax_t last = StartOfLastRecord(log);
  for (uintmax_t byte = 0; byte < kHeadBytes; ++byte) {
    fs::remove_all(folder_ / "flipped");
    fs::copy(folder_ / "killed", folder_ / "flipped", fs::copy_options::recursive);
    Flip(fs::path(folder_ / "flipped") / log.filename(), last + byte);
    EXPECT_TRUE(IsRefused("flipped")) << "byte " << byte;
  }
}

TEST_P(DamagedFiles, LogWithoutItsEndIsRefused) {
  MakeStore();
  for (const auto& entry : fs::directory_iterator(folder_ / "killed")) {
    if (entry.path().extension() != ".log" || entry.file_size() == 0) continue;
    fs::resize_file(entry.path(), entry.file_size() / 2);
  }
  const auto engine = OpenRocksDb(At("killed"));
  ASSERT_THAT(engine, FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(engine.error().message, testing::HasSubstr("witness"));
}

}  // namespace
}  // namespace kstati::profile
