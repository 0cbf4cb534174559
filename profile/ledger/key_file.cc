// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/key_file.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "profile/ledger/durable_file.h"

namespace kstati::profile::ledger {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kReadByAll = 0644;
constexpr mode_t kRightsOfOthers = 0077;

Result<void> CheckRights(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0 || (status.st_mode & kRightsOfOthers) == 0) return {};
  return Fail(ErrorCode::kDenied, "others than its owner may read the ledger's private key", path,
              "chmod 600 it, and make a new key if somebody may have read it");
}

}  // namespace

Result<void> WriteKeyFiles(const SigningKey& key, const std::string& path) {
  const std::string shown = path + ".pub";
  KSTATI_TRY_VOID(WriteNewFile(shown, key.public_key().ToString() + "\n", kReadByAll));
  std::string secret = key.Secret() + "\n";
  Result<void> written = WriteNewFile(path, secret, kOwnerOnly);
  sodium_memzero(secret.data(), secret.size());
  if (!written) unlink(shown.c_str());
  return written;
}

Result<SigningKey> ReadKeyFile(const std::string& path) {
  KSTATI_TRY_VOID(CheckRights(path));
  KSTATI_TRY(auto content, ReadSmallFile(path, kKeyFileBytesMax));
  if (!content) {
    return Fail(ErrorCode::kNotFound, "there is no private key of the ledger", path,
                "kstati ledger key generate makes one");
  }
  std::string_view secret = *content;
  if (secret.ends_with('\n')) secret.remove_suffix(1);
  auto key = SigningKey::Parse(secret);
  sodium_memzero(content->data(), content->size());
  if (!key) return Fail(AtPlace(std::move(key).error(), path));
  return key;
}

}  // namespace kstati::profile::ledger
