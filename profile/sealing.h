// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace kstati::profile {

// What is kept of a citizen is sealed with a key of that citizen's (XChaCha20-Poly1305 of
// libsodium), and the key itself with a master key that lies elsewhere. Destroying the citizen's
// key makes everything sealed with it unreadable. A backup made before holds the sealed key too:
// who comes back by one is erased again (Store::HonourErasures).

// A secret of 32 bytes that is wiped when it is forgotten.
class DataKey {
 public:
  static constexpr size_t kBytes = 32;

  static DataKey Random();
  // Requires exactly kBytes bytes.
  explicit DataKey(std::string_view bytes);
  DataKey(const DataKey&) = default;
  DataKey& operator=(const DataKey&) = default;
  ~DataKey();

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  DataKey() = default;
  std::array<unsigned char, kBytes> bytes_{};
};

// What sealing adds to the bytes.
inline constexpr size_t kSealBytes = 40;

// `place` says what the bytes are: bytes moved to another place do not open there.
std::string Seal(const DataKey& key, std::string_view place, std::string_view bytes);
// kCorrupt when the bytes were not sealed with this key for this place, or were changed since.
Result<std::string> Unseal(const DataKey& key, std::string_view place, std::string_view sealed);

// Seals the keys of citizens. The port behind which a master key lies: a file, or a service that
// keeps keys. Safe to use from any thread.
class KeySealer {
 public:
  virtual ~KeySealer() = default;
  virtual Result<std::string> SealKey(CitizenId citizen, const DataKey& key) const = 0;
  // kDenied when the master key that sealed it is not at hand; kCorrupt when the bytes were changed
  // or belong to another citizen.
  virtual Result<DataKey> UnsealKey(CitizenId citizen, std::string_view sealed) const = 0;
  // Whether SealKey would use another master key than the one that sealed these bytes.
  virtual bool IsOutdated(std::string_view sealed) const = 0;
};

}  // namespace kstati::profile
