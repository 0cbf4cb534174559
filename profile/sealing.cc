// SPDX-License-Identifier: Apache-2.0
#include "profile/sealing.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>

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

// From this size on OpenSSL is quicker, by a quarter for a profile of a kilobyte and more for
// longer ones: it uses wider registers, and takes longer to begin.
constexpr size_t kLongBytes = 512;
constexpr size_t kLongestBytes = 1u << 30;  // it counts in int

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// The context of this thread, told the cipher already; null when OpenSSL has none.
EVP_CIPHER_CTX* ContextOfThread() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context = [] {
    std::unique_ptr<EVP_CIPHER_CTX, FreeContext> made(EVP_CIPHER_CTX_new());
    const bool ready = made && EVP_DecryptInit_ex(made.get(), EVP_chacha20_poly1305(), nullptr,
                                                  nullptr, nullptr) == 1;
    return ready ? std::move(made) : nullptr;
  }();
  return context.get();
}

// Opens what was sealed by ChaCha20-Poly1305 under the subkey that XChaCha20 derives from key and
// nonce, as draft-irtf-cfrg-xchacha defines it, so that the bytes are those of libsodium. False
// when it does not open, or OpenSSL does not work: libsodium has the last word then. The context
// keeps the last subkey, which opens nothing else.
bool OpenQuickly(const DataKey& key, std::string_view place, std::string_view nonce,
                 std::string_view content, std::string& bytes) {
  constexpr size_t kSubkeyNonceBytes = crypto_core_hchacha20_INPUTBYTES;
  constexpr size_t kZeroBytes = 4;
  EVP_CIPHER_CTX* const context = ContextOfThread();
  if (context == nullptr) return false;
  std::array<unsigned char, crypto_core_hchacha20_OUTPUTBYTES> subkey{};
  std::array<unsigned char, kZeroBytes + kNonceBytes - kSubkeyNonceBytes> rest{};
  crypto_core_hchacha20(subkey.data(), BytesOf(nonce), BytesOf(key.bytes()), nullptr);
  std::copy(nonce.begin() + kSubkeyNonceBytes, nonce.end(), rest.begin() + kZeroBytes);
  std::array<unsigned char, kTagBytes> tag{};
  const std::string_view sealed = content.substr(0, content.size() - kTagBytes);
  std::copy(content.end() - kTagBytes, content.end(), tag.begin());
  int count = 0;
  const bool opened =
      EVP_DecryptInit_ex(context, nullptr, nullptr, subkey.data(), rest.data()) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &count, BytesOf(place), static_cast<int>(place.size())) ==
          1 &&
      EVP_DecryptUpdate(context, BytesOf(bytes), &count, BytesOf(sealed),
                        static_cast<int>(sealed.size())) == 1 &&
      EVP_DecryptFinal_ex(context, BytesOf(bytes) + count, &count) == 1;
  sodium_memzero(subkey.data(), subkey.size());
  return opened;
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
    const bool is_long = bytes.size() >= kLongBytes && bytes.size() <= kLongestBytes;
    if (is_long && OpenQuickly(key, place, sealed.substr(0, kNonceBytes), content, bytes)) {
      return bytes;
    }
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
        BytesOf(bytes), nullptr, nullptr, BytesOf(content), content.size(), BytesOf(place),
        place.size(), BytesOf(sealed), BytesOf(key.bytes()));
    if (failed == 0) return bytes;
  }
  return Fail(ErrorCode::kCorrupt, "sealed bytes of the store were changed", {},
              "restore the store from a backup");
}

}  // namespace kstati::profile
