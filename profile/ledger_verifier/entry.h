// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "profile/ledger_verifier/merkle.h"

namespace kstati::ledger_verifier {

// What an entry says without its salts.
struct Entry {
  std::string_view kind;  // "consent_given"
  Instant at;
  Digest citizen{};     // commitment: the same in all entries of a citizen
  uint64_t number = 0;  // of this citizen's entries, from 1
  Digest content{};     // commitment
};

// kCorrupt with what is wrong with the bytes.
Result<Entry> ReadEntry(std::string_view bytes);

}  // namespace kstati::ledger_verifier
