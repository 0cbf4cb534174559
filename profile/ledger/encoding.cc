// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/encoding.h"

#include <sodium.h>

namespace kstati::profile::ledger {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string ToHex(std::string_view bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), Bytes(bytes), bytes.size());
  text.pop_back();
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  std::string bytes(text.size() / 2, '\0');
  size_t length = 0;
  if (sodium_hex2bin(Bytes(bytes), bytes.size(), text.data(), text.size(), nullptr, &length,
                     nullptr) != 0) {
    return std::nullopt;
  }
  bytes.resize(length);
  return ToHex(bytes) == text ? std::optional(bytes) : std::nullopt;
}

std::string ToBase64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(), kVariant);
  text.pop_back();
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  size_t length = 0;
  if (sodium_base642bin(Bytes(bytes), bytes.size(), text.data(), text.size(), nullptr, &length,
                        nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  bytes.resize(length);
  return ToBase64(bytes) == text ? std::optional(bytes) : std::nullopt;
}

}  // namespace kstati::profile::ledger
