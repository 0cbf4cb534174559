// SPDX-License-Identifier: Apache-2.0
#include "profile/sealing.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"

namespace kstati::profile {
namespace {

constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kNonceBytes + kTagBytes == kSealBytes);
static_assert(DataKey::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* BytesOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Picks the fastest code of the machine, once.
void RequireSodium() {
  static const bool kReady = sodium_init() >= 0;
  KSTATI_CHECK(kReady);
}

}  // namespace

DataKey DataKey::Random() {
  RequireSodium();
  DataKey key;
  randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

DataKey::DataKey(std::string_view bytes) {
  KSTATI_CHECK(bytes.size() == kBytes);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

DataKey::~DataKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string Seal(const DataKey& key, std::string_view place, std::string_view bytes) {
  RequireSodium();
  std::string sealed(kSealBytes + bytes.size(), '\0');
  unsigned char* const nonce = BytesOf(sealed);
  randombytes_buf(nonce, kNonceBytes);
  const int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + kNonceBytes, nullptr, BytesOf(bytes), bytes.size(), BytesOf(place), place.size(),
      nullptr, nonce, BytesOf(key.bytes()));
  KSTATI_CHECK(failed == 0);
  return sealed;
}

Result<std::string> Unseal(const DataKey& key, std::string_view place, std::string_view sealed) {
  RequireSodium();
  if (sealed.size() >= kSealBytes) {
    std::string bytes(sealed.size() - kSealBytes, '\0');
    const std::string_view content = sealed.substr(kNonceBytes);
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        BytesOf(bytes), nullptr, nullptr, BytesOf(content), content.size(), BytesOf(place),
        place.size(), BytesOf(sealed), BytesOf(key.bytes()));
    if (failed == 0) return bytes;
  }
  return Fail(ErrorCode::kCorrupt, "sealed bytes of the store were changed", {},
              "restore the store from a backup");
}

}  // namespace kstati::profile
