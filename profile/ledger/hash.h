// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kstati::profile::ledger {

// A SHA-256 digest.
struct Hash {
  static constexpr size_t kSize = 32;

  std::array<uint8_t, kSize> bytes{};
  auto operator<=>(const Hash&) const = default;
};

// The 32 bytes of `hash`; valid as long as it is.
std::string_view BytesOf(const Hash& hash);

Hash Sha256(std::string_view first, std::string_view second = {});

// RFC 9162, 2.1.1: the two kinds of hashes differ in their first byte, so that no entry can pass
// for an inner node.
Hash LeafHash(std::string_view entry);               // SHA-256(0x00 || entry)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash EmptyRoot();                                    // SHA-256 of nothing

}  // namespace kstati::profile::ledger
