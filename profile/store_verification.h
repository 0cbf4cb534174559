// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/citizen_keys.h"
#include "profile/engines/engine.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile {

// What reading everything of a store has shown. Problems name numbers and keys, no values.
struct StoreVerification {
  uint64_t citizens = 0;
  uint64_t erased = 0;
  uint64_t records = 0;
  uint64_t log_entries = 0;
  uint64_t ledger_entries = 0;
  uint64_t problems_found = 0;
  std::vector<Error> problems;  // the first ones
};

// Reads all of a store: that every row, record and log entry unseals and decodes, that deeds open
// their entries and are numbered without gaps, that log entries are too, and that the ledger is the
// one that its checkpoint signs, by code that shares nothing with what wrote it. An error when
// reading fails for another reason than damage. Only while nobody writes.
Result<StoreVerification> VerifyStore(const Engine& engine, CitizenKeys& keys,
                                      const ledger::PublicKey& ledger_key,
                                      const std::function<void()>& progress);

}  // namespace kstati::profile
