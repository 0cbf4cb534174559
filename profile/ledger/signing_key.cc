// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/signing_key.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "profile/ledger/encoding.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {
namespace {

constexpr size_t kNameBytesMax = 300;
constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyIdBytes = 4;
constexpr char kEd25519 = '\1';  // the algorithm's byte in signed notes
constexpr std::string_view kSecretPrefix = "PRIVATE+KEY+";

std::string_view TextOf(const std::array<uint8_t, kKeyBytes>& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::string KeyId(const std::string& name, const std::array<uint8_t, kKeyBytes>& key) {
  const Hash hash = Sha256(name + "\n" + kEd25519, TextOf(key));
  return std::string(BytesOf(hash).substr(0, kKeyIdBytes));
}

// NAME+KEYID+BASE64, where the last part is the algorithm and 32 bytes.
struct KeyText {
  std::string name;
  std::string key_id;
  std::array<uint8_t, kKeyBytes> key;
};

std::optional<KeyText> ParseKeyText(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return std::nullopt;
  KeyText parts{std::string(text.substr(0, first)), {}, {}};
  const auto key_id = FromHex(text.substr(first + 1, second - first - 1));
  const auto bytes = FromBase64(text.substr(second + 1));
  if (!IsKeyName(parts.name) || !key_id || key_id->size() != kKeyIdBytes || !bytes ||
      bytes->size() != 1 + kKeyBytes || bytes->front() != kEd25519) {
    return std::nullopt;
  }
  parts.key_id = *key_id;
  std::copy_n(bytes->begin() + 1, kKeyBytes, parts.key.begin());
  return parts;
}

std::string ToText(const PublicKey& key, std::string_view bytes) {
  return key.name() + "+" + ToHex(key.key_id()) + "+" + ToBase64(kEd25519 + std::string(bytes));
}

tl::unexpected<Error> NotAKey(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), {},
              "kstati ledger key generate makes keys");
}

}  // namespace

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != '+'; });
}

PublicKey::PublicKey(std::string name, const std::array<uint8_t, 32>& key)
    : name_(std::move(name)), key_(key), key_id_(KeyId(name_, key_)) {}

Result<PublicKey> PublicKey::Parse(std::string_view text) {
  const auto parts = ParseKeyText(text);
  if (!parts) return NotAKey("this is not a public key of the form NAME+KEYID+BASE64");
  PublicKey key(parts->name, parts->key);
  if (key.key_id() != parts->key_id) {
    return NotAKey("the key id of the public key does not belong to its name and key");
  }
  return key;
}

std::string PublicKey::ToString() const { return ToText(*this, TextOf(key_)); }

bool PublicKey::Verifies(std::string_view text, const Signature& signature) const {
  return crypto_sign_verify_detached(signature.data(),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size(), key_.data()) == 0;
}

SigningKey::Expanded::~Expanded() { sodium_memzero(bytes.data(), bytes.size()); }

Result<SigningKey> SigningKey::Generate(std::string name) {
  KSTATI_CHECK(sodium_init() >= 0);
  std::array<uint8_t, kKeyBytes> seed{};
  randombytes_buf(seed.data(), seed.size());
  auto key = FromSeed(std::move(name), seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

Result<SigningKey> SigningKey::FromSeed(std::string name, const std::array<uint8_t, 32>& seed) {
  if (!IsKeyName(name)) {
    return Fail(ErrorCode::kInvalidArgument, "this is not a name for a ledger", {},
                "use printable ASCII characters without space and plus sign, such as "
                "ledger.example/1");
  }
  auto expanded = std::make_unique<Expanded>();
  std::array<uint8_t, kKeyBytes> key{};
  crypto_sign_seed_keypair(key.data(), expanded->bytes.data(), seed.data());
  return SigningKey(PublicKey(std::move(name), key), std::move(expanded));
}

Result<SigningKey> SigningKey::Parse(std::string_view secret) {
  auto parts = secret.starts_with(kSecretPrefix) ? ParseKeyText(secret.substr(kSecretPrefix.size()))
                                                 : std::nullopt;
  if (!parts) return NotAKey("this is not a private key of the form PRIVATE+KEY+NAME+KEYID+BASE64");
  auto key = FromSeed(parts->name, parts->key);
  sodium_memzero(parts->key.data(), parts->key.size());
  if (key && key->public_key().key_id() != parts->key_id) {
    return NotAKey("the key id of the private key does not belong to its name and key");
  }
  return key;
}

std::string SigningKey::Secret() const {
  std::array<uint8_t, kKeyBytes> seed{};
  crypto_sign_ed25519_sk_to_seed(seed.data(), expanded_->bytes.data());
  std::string text = std::string(kSecretPrefix) + ToText(public_key_, TextOf(seed));
  sodium_memzero(seed.data(), seed.size());
  return text;
}

Signature SigningKey::Sign(std::string_view text) const {
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       expanded_->bytes.data());
  return signature;
}

Result<SigningKey> SigningKey::Named(std::string name) const {
  std::array<uint8_t, kKeyBytes> seed{};
  crypto_sign_ed25519_sk_to_seed(seed.data(), expanded_->bytes.data());
  auto key = FromSeed(std::move(name), seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

}  // namespace kstati::profile::ledger
