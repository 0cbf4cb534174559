// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "profile/ledger/documents.h"
#include "profile/ledger/entry.h"
#include "profile/ledger/signing_key.h"
#include "profile/ledger_verifier/documents.h"
#include "profile/ledger_verifier/log_verification.h"

namespace {

namespace ledger = kstati::profile::ledger;
namespace verifier = kstati::ledger_verifier;

// The key that signed the seeds.
const verifier::LogKey& Key() {
  static const auto key = [] {
    std::array<uint8_t, 32> seed{};
    seed.fill(42);
    const auto signing = ledger::SigningKey::FromSeed("ledger.example/1", seed);
    return *verifier::ParseLogKey(signing->public_key().ToString());
  }();
  return key;
}

void VerifyLog(std::string_view lines) {
  verifier::LogVerification log(Key());
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    if (!log.Add(line)) return;
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
  }
  (void)log.Finish();
}

// Both readers agree on what an entry is.
void ReadEntries(std::string_view bytes) {
  const auto own = ledger::DecodeEntry(bytes);
  const auto read = verifier::ReadEntry(bytes);
  KSTATI_CHECK(own.has_value() == read.has_value());
  KSTATI_CHECK(!own || ledger::Encode(*own) == bytes);
}

}  // namespace

// Any bytes are verified or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)verifier::VerifyReceipt(bytes, Key());
  (void)verifier::VerifyConsistency(bytes, Key());
  VerifyLog(bytes);
  ReadEntries(bytes);
  return 0;
}
