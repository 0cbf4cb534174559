// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "profile/ledger/signing_key.h"
#include "profile/ledger_verifier/checkpoint.h"

namespace kstati::profile::ledger {

// The key of the log that tests write: always the same, so that golden files can be compared.
inline const SigningKey& TestKey() {
  static const SigningKey key = [] {
    std::array<uint8_t, 32> seed{};
    seed.fill(42);
    return std::move(*SigningKey::FromSeed("ledger.example/1", seed));
  }();
  return key;
}

inline const ledger_verifier::LogKey& TestLogKey() {
  static const auto key = ledger_verifier::ParseLogKey(TestKey().public_key().ToString());
  return *key;
}

}  // namespace kstati::profile::ledger
