// SPDX-License-Identifier: Apache-2.0
#include "profile/key_rotation.h"
#include "profile/master_key_file.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/unit/profile/partitioned_engine.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

class KeyRotationTest : public testing::Test {
 protected:
  static constexpr uint64_t kCitizens = 5;

  void SetUp() override {
    const auto store = OpenStoreAt(folder_.path());
    for (uint64_t number = 1; number <= kCitizens; ++number) {
      const CitizenId citizen(number);
      ASSERT_THAT(RecordIn(*store,
                           Event("e" + std::to_string(number))
                               .About(citizen)
                               .Fact(citizen, "person.income", Decimal(7)),
                           At(1)),
                  IsOk());
    }
    ASSERT_THAT(store->Erase(CitizenId(kCitizens), At(2)), IsOk());
    ASSERT_THAT(AddMasterKey(KeyFile(), "key-2"), IsOk());
  }

  std::string KeyFile() const { return folder_ / "master.keys"; }
  // A file with one of the lines of the real one.
  std::string FileWith(const std::string& name) const {
    std::ifstream file(KeyFile());
    const std::string path = folder_ / name;
    std::ofstream written(path);
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(name)) written << line << "\n";
    }
    written.close();
    chmod(path.c_str(), 0600);
    return path;
  }
  // The engine, whose commits after so many fail.
  std::unique_ptr<PartitionedEngine> Engine(int commits_until_failure) const {
    std::vector<std::unique_ptr<profile::Engine>> parts;
    parts.push_back(std::move(*EngineOfTests()(folder_.path())));
    auto engine = std::make_unique<PartitionedEngine>(std::move(parts));
    engine->before_commit = [=](int commit, size_t) -> Result<void> {
      if (commit < commits_until_failure) return {};
      return Fail(ErrorCode::kUnavailable, "the disk is full");
    };
    return engine;
  }
  Result<RotatedKeys> Rotate(int commits_until_failure = 1'000) const {
    const CitizenKeys keys(KeysIn(folder_.path()));
    return RotateKeys(*Engine(commits_until_failure), keys, At(3), {});
  }
  std::string ProfileBytes(CitizenId citizen) const {
    return (*Engine(0)->ReadRow(citizen))->profile;
  }
  // How many of the citizens can be read with the keys of a file.
  size_t Readable(const std::string& key_file) const {
    const Store store(Engine(0), std::move(*OpenMasterKeyFile(key_file)));
    size_t readable = 0;
    for (uint64_t number = 1; number < kCitizens; ++number) {
      const auto history = store.Load(CitizenId(number));
      if (history) {
        readable += history->facts.size();
      } else {
        EXPECT_THAT(history, FailsWith(ErrorCode::kDenied));
      }
    }
    return readable;
  }

  TemporaryFolder folder_;
};

TEST_F(KeyRotationTest, AfterwardsTheNewKeyOpensEverythingAndTheOldOneNothing) {
  const std::string before = ProfileBytes(CitizenId(1));
  const auto rotated = Rotate();
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->sealed, kCitizens - 1);
  EXPECT_EQ(rotated->citizens, kCitizens - 1);
  EXPECT_EQ(Readable(FileWith("key-2")), kCitizens - 1);
  EXPECT_EQ(Readable(FileWith("key-1")), 0u);
  EXPECT_EQ(ProfileBytes(CitizenId(1)), before) << "what is sealed stays as it is";
}

TEST_F(KeyRotationTest, AnInterruptedOneGoesOnWithThoseWhoAreLeft) {
  EXPECT_THAT(Rotate(2), FailsWith(ErrorCode::kUnavailable));
  EXPECT_EQ(Readable(KeyFile()), kCitizens - 1) << "both keys open all that is between";
  EXPECT_EQ(Readable(FileWith("key-2")), 2u);
  const auto rotated = Rotate();
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->sealed, kCitizens - 3);
  EXPECT_EQ(Readable(FileWith("key-1")), 0u);
  EXPECT_EQ(Rotate(0)->sealed, 0u) << "nothing is left to do";
}

}  // namespace
}  // namespace kstati::profile
