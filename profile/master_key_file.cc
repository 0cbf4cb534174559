// SPDX-License-Identifier: Apache-2.0
#include "profile/master_key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace kstati::profile {
namespace {

constexpr std::string_view kSealedMark = "sealed:";

struct MasterKey {
  std::string name;
  DataKey key;
};

// A sealed key: the name of the master key as text, then the bytes that it sealed.
class MasterKeys final : public KeySealer {
 public:
  explicit MasterKeys(std::vector<MasterKey> keys) : keys_(std::move(keys)) {}

  Result<std::string> SealKey(CitizenId citizen, const DataKey& key) const override {
    const MasterKey& current = keys_.back();
    return ByteWriter().Text(current.name).Take() +
           Seal(current.key, PlaceOf(citizen), key.bytes());
  }

  Result<DataKey> UnsealKey(CitizenId citizen, std::string_view sealed) const override {
    for (const MasterKey& each : keys_) {
      const std::string name = ByteWriter().Text(each.name).Take();
      if (!sealed.starts_with(name)) continue;
      KSTATI_TRY(std::string bytes, Unseal(each.key, PlaceOf(citizen), sealed.substr(name.size())));
      if (bytes.size() != DataKey::kBytes) break;
      DataKey key(bytes);
      sodium_memzero(bytes.data(), bytes.size());
      return key;
    }
    return Fail(ErrorCode::kDenied, "the master key that sealed a citizen's key is not at hand", {},
                "put its line back into the file of master keys");
  }

  bool IsOutdated(std::string_view sealed) const override {
    return !sealed.starts_with(ByteWriter().Text(keys_.back().name).Take());
  }

 private:
  static std::string PlaceOf(CitizenId citizen) {
    return ByteWriter().Text("key").Number(citizen.number()).Take();
  }

  std::vector<MasterKey> keys_;
};

tl::unexpected<Error> CannotUse(const std::string& path, std::string problem, std::string remedy) {
  return Fail(ErrorCode::kUnavailable, std::move(problem), path, std::move(remedy));
}

// As the service seals the digits; kDenied when that does not open again, since it would close the
// store for ever.
Result<std::string> SealedDigits(const KeyService& service, const std::string& digits) {
  KSTATI_TRY(std::string sealed, service.Seal(digits));
  KSTATI_TRY(std::string opened, service.Open(sealed));
  const bool same = opened == digits;
  sodium_memzero(opened.data(), opened.size());
  if (same) return std::string(kSealedMark) + sealed;
  return Fail(ErrorCode::kDenied, "what the key service sealed opens as something else",
              "store.open_command", "make the two commands use one key");
}

Result<std::string> FreshLine(const KeyService& service, std::string_view name) {
  const DataKey key = DataKey::Random();
  std::string hex(2 * DataKey::kBytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(key.bytes().data()),
                 DataKey::kBytes);
  hex.pop_back();  // the zero at the end
  Result<std::string> kept =
      service.seal_command.empty() ? Result<std::string>(hex) : SealedDigits(service, hex);
  sodium_memzero(hex.data(), hex.size());
  if (!kept) return Fail(kept.error());
  std::string line = std::string(name) + " " + *kept + "\n";
  sodium_memzero(kept->data(), kept->size());
  return line;
}

// A new file is there after a power cut only when its folder was synced too.
bool SyncFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int opened =
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool synced = fsync(opened) == 0;
  close(opened);
  return synced;
}

// Writes the text at the end of the file and waits for the disk.
Result<void> WriteDurably(const std::string& path, int flags, std::string_view text) {
  const int file = open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return CannotUse(path, std::string("the file cannot be written: ") + std::strerror(errno),
                     "check the path and its permissions");
  }
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = fsync(file) == 0;
  close(file);
  if (written && synced && SyncFolderOf(path)) return {};
  return CannotUse(path, "the disk refused the file of master keys", "free space, then repeat");
}

Result<MasterKey> ParseLine(const std::string& line, const KeyService& service,
                            const std::string& place) {
  std::istringstream words(line);
  std::string name;
  std::string hex;
  std::string more;
  words >> name >> hex;
  if (hex.starts_with(kSealedMark)) {
    Result<std::string> opened = service.Open(std::string_view(hex).substr(kSealedMark.size()));
    if (!opened) return Fail(opened.error());
    hex = std::move(*opened);
  }
  std::string bytes(DataKey::kBytes, '\0');
  size_t size = 0;
  const bool good = hex.size() == 2 * DataKey::kBytes && !(words >> more) &&
                    sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                   hex.data(), hex.size(), nullptr, &size, nullptr) == 0;
  if (!good) {
    return Fail(ErrorCode::kInvalidArgument, "the line is not a name and a key", place,
                "write a name, a blank and 64 hexadecimal digits");
  }
  return MasterKey{std::move(name), DataKey(bytes)};
}

Result<std::vector<MasterKey>> ReadKeys(const MasterKeyPlace& of) {
  const std::string& path = of.file;
  struct stat about{};
  std::ifstream file(path);
  if (!file || stat(path.c_str(), &about) != 0) {
    return CannotUse(path, "the file of master keys cannot be read",
                     "check the path and its permissions");
  }
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Fail(ErrorCode::kDenied, "others may read the file of master keys", path,
                "run chmod 600 on it, and add a new key if somebody may have read it");
  }
  std::vector<MasterKey> keys;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') continue;
    const std::string place = path + ":" + std::to_string(number);
    KSTATI_TRY(MasterKey key, ParseLine(line, of.service, place));
    const auto same = [&key](const MasterKey& each) { return each.name == key.name; };
    if (std::any_of(keys.begin(), keys.end(), same)) {
      return Fail(ErrorCode::kInvalidArgument, "two master keys have one name", place,
                  "give each line a name of its own");
    }
    keys.push_back(std::move(key));
  }
  if (!keys.empty()) return keys;
  return Fail(ErrorCode::kInvalidArgument, "the file holds no master key", path,
              "restore the file; without its keys nothing in the store can be read");
}

// A line that was added by hand may lack its end.
bool EndsItsLastLine(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || file.tellg() == 0) return true;
  file.seekg(-1, std::ios::end);
  return file.get() == '\n';
}

}  // namespace

Result<std::unique_ptr<KeySealer>> OpenMasterKeyFile(const MasterKeyPlace& place) {
  KSTATI_TRY(std::vector<MasterKey> keys, ReadKeys(place));
  return std::make_unique<MasterKeys>(std::move(keys));
}

Result<std::unique_ptr<KeySealer>> OpenOrMakeMasterKeyFile(const MasterKeyPlace& place) {
  if (access(place.file.c_str(), F_OK) != 0) {
    KSTATI_TRY(const std::string line, FreshLine(place.service, "key-1"));
    KSTATI_TRY_VOID(WriteDurably(place.file, O_CREAT | O_EXCL, line));
  }
  return OpenMasterKeyFile(place);
}

Result<std::string> CurrentMasterKey(const MasterKeyPlace& place) {
  KSTATI_TRY(const std::vector<MasterKey> keys, ReadKeys(place));
  return keys.back().name;
}

Result<void> AddMasterKey(const MasterKeyPlace& place, std::string_view name) {
  if (name.empty() || name.front() == '#' || name.find_first_of(" \t\r\n") != name.npos) {
    return Fail(ErrorCode::kInvalidArgument, "the name of a master key is one word", place.file,
                "as in key-2");
  }
  KSTATI_TRY(const std::vector<MasterKey> keys, ReadKeys(place));
  const auto same = [name](const MasterKey& each) { return each.name == name; };
  if (std::any_of(keys.begin(), keys.end(), same)) {
    return Fail(ErrorCode::kInvalidArgument, "the file has a master key of this name", place.file,
                "choose another name");
  }
  KSTATI_TRY(const std::string line, FreshLine(place.service, name));
  return WriteDurably(place.file, O_APPEND, (EndsItsLastLine(place.file) ? "" : "\n") + line);
}

}  // namespace kstati::profile
