// SPDX-License-Identifier: Apache-2.0
#include "profile/sealing.h"
#include "profile/master_key_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

using testing::HasSubstr;

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  chmod(path.c_str(), S_IRUSR | S_IWUSR);
}

TEST(Sealing, SealedBytesOpenOnlyWithTheirKeyAtTheirPlaceAndUnchanged) {
  const DataKey key = DataKey::Random();
  const std::string sealed = Seal(key, "place", "the bytes");
  EXPECT_EQ(sealed.size(), kSealBytes + 9);
  EXPECT_EQ(*Unseal(key, "place", sealed), "the bytes");
  EXPECT_EQ(*Unseal(key, "", Seal(key, "", "")), "");
  EXPECT_NE(Seal(key, "place", "the bytes"), sealed) << "each sealing has a nonce of its own";
  EXPECT_THAT(Unseal(DataKey::Random(), "place", sealed), FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(Unseal(key, "other", sealed), FailsWith(ErrorCode::kCorrupt));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(Unseal(key, "place", changed), FailsWith(ErrorCode::kCorrupt)) << i;
    EXPECT_THAT(Unseal(key, "place", sealed.substr(0, i)), FailsWith(ErrorCode::kCorrupt)) << i;
  }
}

// Long bytes are opened by another library than the one that seals.
TEST(Sealing, BytesOfEveryLengthOpen) {
  const DataKey key = DataKey::Random();
  std::string bytes;
  for (size_t length = 0; length < 2'100; ++length) {
    bytes += static_cast<char>(length * 7 + length / 256);
    const Result<std::string> opened = Unseal(key, "place of it", Seal(key, "place of it", bytes));
    ASSERT_THAT(opened, IsOk()) << length;
    ASSERT_EQ(*opened, bytes);
  }
}

TEST(Sealing, LongBytesOpenOnlyWithTheirKeyAtTheirPlaceAndUnchanged) {
  const DataKey key = DataKey::Random();
  const std::string bytes(1'300, 'x');
  const std::string sealed = Seal(key, "place", bytes);
  EXPECT_THAT(Unseal(DataKey::Random(), "place", sealed), FailsWith(ErrorCode::kCorrupt));
  EXPECT_THAT(Unseal(key, "other", sealed), FailsWith(ErrorCode::kCorrupt));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_THAT(Unseal(key, "place", changed), FailsWith(ErrorCode::kCorrupt)) << i;
    ASSERT_THAT(Unseal(key, "place", sealed.substr(0, i)), FailsWith(ErrorCode::kCorrupt)) << i;
    ASSERT_EQ(*Unseal(key, "place", sealed), bytes) << "a failure leaves no trace";
  }
}

TEST(MasterKeyFile, IsMadeOnceForItsOwnerOnly) {
  const TemporaryFolder folder;
  const std::string path = folder / "keys";
  EXPECT_THAT(OpenMasterKeyFile(path), FailsWith(ErrorCode::kUnavailable));
  const auto first = OpenOrMakeMasterKeyFile(path);
  ASSERT_THAT(first, IsOk());
  struct stat about{};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
  const DataKey key = DataKey::Random();
  const std::string sealed = *(*first)->SealKey(kAnna, key);
  const auto again = OpenOrMakeMasterKeyFile(path);
  EXPECT_EQ((*again)->UnsealKey(kAnna, sealed)->bytes(), key.bytes());
  EXPECT_THAT((*again)->UnsealKey(kBoris, sealed), FailsWith(ErrorCode::kCorrupt))
      << "a key does not fit another citizen";
}

TEST(MasterKeyFile, RotationSealsWithTheNewKeyAndStillOpensWithTheOld) {
  const TemporaryFolder folder;
  const std::string path = folder / "keys";
  const std::string old = *(*OpenOrMakeMasterKeyFile(path))->SealKey(kAnna, DataKey::Random());
  ASSERT_THAT(AddMasterKey(path, "key-2"), IsOk());
  const auto keys = OpenMasterKeyFile(path);
  ASSERT_THAT(keys, IsOk());
  EXPECT_THAT((*keys)->UnsealKey(kAnna, old), IsOk());
  EXPECT_TRUE((*keys)->IsOutdated(old));
  EXPECT_FALSE((*keys)->IsOutdated(*(*keys)->SealKey(kAnna, DataKey::Random())));
  EXPECT_THAT(AddMasterKey(path, "key-2"), FailsWith(ErrorCode::kInvalidArgument));
  EXPECT_THAT(AddMasterKey(path, "two words"), FailsWith(ErrorCode::kInvalidArgument));
}

// Of a key that a service sealed the file tells nothing.
TEST(MasterKeyFile, ServiceSealsTheKeysThatTheFileKeeps) {
  const TemporaryFolder folder;
  const std::string path = folder / "keys";
  const KeyService service{"tr 0-9a-f g-v", "tr g-v 0-9a-f"};
  ASSERT_THAT(OpenOrMakeMasterKeyFile(path), IsOk());
  const DataKey key = DataKey::Random();
  const std::string old = *(*OpenMasterKeyFile(path))->SealKey(kAnna, key);
  ASSERT_THAT(AddMasterKey({path, service}, "key-2"), IsOk());
  EXPECT_THAT(ReadFile(path), testing::MatchesRegex("key-1 [0-9a-f]+\nkey-2 sealed:[g-v]+\n"));
  const auto keys = OpenMasterKeyFile({path, service});
  ASSERT_THAT(keys, IsOk());
  EXPECT_EQ((*keys)->UnsealKey(kAnna, old)->bytes(), key.bytes());
  const std::string sealed = *(*keys)->SealKey(kAnna, key);
  EXPECT_EQ((*OpenMasterKeyFile({path, service}))->UnsealKey(kAnna, sealed)->bytes(), key.bytes());
  const auto none = OpenMasterKeyFile(path);
  ASSERT_THAT(none, FailsWith(ErrorCode::kDenied));
  EXPECT_EQ(none.error().place, "store.open_command");
}

TEST(MasterKeyFile, ServiceThatDoesNotAnswerMakesNoKeyAndOpensNone) {
  const TemporaryFolder folder;
  for (const char* command : {"exit 3", "true", "cat; exit 1", "echo two words", "no-such-command",
                              "cat; kill -9 $$", "cat; echo more"}) {
    const std::string path = folder / "keys";
    EXPECT_THAT(OpenOrMakeMasterKeyFile({path, {command, "cat"}}), FailsWith(ErrorCode::kDenied))
        << command;
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  ASSERT_THAT(OpenOrMakeMasterKeyFile(folder / "plain"), IsOk());
  const std::string before = ReadFile(folder / "plain");
  for (const char* open : {"", "false", "tr g-v 1-9a-f0", "head -c 63"}) {
    EXPECT_THAT(AddMasterKey({folder / "plain", {"tr 0-9a-f g-v", open}}, "key-2"),
                FailsWith(ErrorCode::kDenied))
        << open;
    EXPECT_EQ(ReadFile(folder / "plain"), before) << "what would not open again is not kept";
  }
  WriteFile(folder / "other", "key-1 sealed:xyz\n");
  std::filesystem::permissions(folder / "other", std::filesystem::perms(0600));
  EXPECT_THAT(OpenMasterKeyFile({folder / "other", {"", "cat"}}),
              FailsWith(ErrorCode::kInvalidArgument))
      << "what the service gives is no key";
}

TEST(MasterKeyFile, AKeyIsAddedBehindALineThatLacksItsEnd) {
  const TemporaryFolder folder;
  const std::string path = folder / "keys";
  ASSERT_THAT(OpenOrMakeMasterKeyFile(path), IsOk());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  ASSERT_THAT(AddMasterKey(path, "key-2"), IsOk());
  EXPECT_THAT(OpenMasterKeyFile(path), IsOk());
}

TEST(MasterKeyFile, WithoutTheKeyThatSealedNothingOpens) {
  const TemporaryFolder folder;
  const std::string sealed =
      *(*OpenOrMakeMasterKeyFile(folder / "a"))->SealKey(kAnna, DataKey::Random());
  ASSERT_THAT(OpenOrMakeMasterKeyFile(folder / "b"), IsOk());
  WriteFile(folder / "renamed", "other" + ReadFile(folder / "a").substr(5));
  EXPECT_THAT((*OpenMasterKeyFile(folder / "b"))->UnsealKey(kAnna, sealed),
              FailsWith(ErrorCode::kCorrupt));
  const auto renamed = (*OpenMasterKeyFile(folder / "renamed"))->UnsealKey(kAnna, sealed);
  ASSERT_THAT(renamed, FailsWith(ErrorCode::kDenied));
  EXPECT_THAT(renamed.error().remedy, HasSubstr("file of master keys"));
}

TEST(MasterKeyFile, FaultsNameTheLineAndTheRemedy) {
  const TemporaryFolder folder;
  const std::string path = folder / "keys";
  const std::string key(64, 'a');
  const std::vector<std::pair<std::string, std::string>> faults{
      {"", "the file holds no master key"},
      {"# only a comment\n\n", "the file holds no master key"},
      {"one\n", "the line is not a name and a key"},
      {"one abc\n", "the line is not a name and a key"},
      {"one " + std::string(64, 'x') + "\n", "the line is not a name and a key"},
      {"one " + key + " more\n", "the line is not a name and a key"},
      {"one " + key + "\none " + key + "\n", "two master keys have one name"},
  };
  for (const auto& [text, problem] : faults) {
    WriteFile(path, text);
    const auto keys = OpenMasterKeyFile(path);
    ASSERT_FALSE(keys.has_value()) << text;
    EXPECT_EQ(keys.error().message, problem);
    EXPECT_FALSE(keys.error().remedy.empty());
  }
  EXPECT_THAT(OpenMasterKeyFile(path).error().place, HasSubstr("keys:2"));
  WriteFile(path, "one " + key + "\n");
  EXPECT_THAT(OpenMasterKeyFile(path), IsOk());
  chmod(path.c_str(), 0640);
  EXPECT_THAT(OpenMasterKeyFile(path), FailsWith(ErrorCode::kDenied));
}

// What lies in the files of a store is never readable without the key.
TEST(Sealing, StoreFilesHoldNoTextOfAPersonAndNoneIsLeftAfterErasure) {
  const TemporaryFolder folder;
  const std::string secret = "Secret-Surname-Of-Anna";
  std::string sealed_key;
  {
    const std::unique_ptr<Store> store = OpenStoreAt(folder.path());
    const Event event = Event("e1").Fact(kAnna, "person.name", secret);
    ASSERT_THAT(RecordIn(*store, event, At(1)), IsOk());
    Transaction transaction(At(2));
    transaction.PutRecord(kAnna, "case", "C-1", secret);
    transaction.AppendLog(kAnna, "outbox", secret);
    ASSERT_THAT(store->Commit(transaction), IsOk());
    sealed_key = store->engine().ReadRow(kAnna)->value().sealed_key;
  }
  const auto found = [&](const std::string& bytes) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (ReadFile(entry.path()).find(bytes) != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_FALSE(found(secret));
  EXPECT_TRUE(found(sealed_key)) << "the search finds what is there";
  {
    const std::unique_ptr<Store> store = OpenStoreAt(folder.path());
    ASSERT_THAT(store->Erase(kAnna, At(3)), IsOk());
  }
  OpenStoreAt(folder.path()).reset();
  EXPECT_FALSE(found(sealed_key));
}

}  // namespace
}  // namespace kstati::profile
