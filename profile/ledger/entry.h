// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {

// What was done about a citizen. The numbers are stored: none is ever reused.
enum class EntryKind : uint8_t {
  kConsentGiven = 1,
  kConsentChanged = 2,
  kConsentRevoked = 3,
  kAccess = 4,
  kEvaluation = 5,
  kDisclosure = 6,
  kDecision = 7,
  kMessageSuppressed = 8,
  kErasure = 9,
};

std::string_view NameOf(EntryKind kind);  // "consent_given"

// Random bytes that keep a commitment from being guessed open. They are kept where they can be
// destroyed, and with them the way from the commitment to what it commits to.
using Salt = std::array<uint8_t, 32>;
Salt FreshSalt();

// SHA-256(salt || twelve digits of the citizen). One salt for all entries of a citizen, so that
// they can be counted without knowing whose they are.
Hash CitizenCommitment(CitizenId citizen, const Salt& salt);
// SHA-256(salt || content). A fresh salt for every entry. The content is UTF-8 in a form that is
// always the same for the same things.
Hash ContentCommitment(std::string_view content, const Salt& salt);

// What the ledger holds of one act: neither who nor what, only commitments to both.
struct Entry {
  EntryKind kind = EntryKind::kAccess;
  Instant at;           // not before 1970; of one citizen's entries never going back
  Hash citizen;         // CitizenCommitment
  uint64_t number = 1;  // of this citizen's entries, counted from 1 without a gap
  Hash content;         // ContentCommitment
  bool operator==(const Entry&) const = default;
};

inline constexpr size_t kEntryBytes = 82;

// kEntryBytes bytes, whose hash is a leaf of the tree (docs/internals/formats.md). The same entry
// always has the same bytes.
std::string Encode(const Entry& entry);
// kCorrupt for bytes that Encode does not give.
Result<Entry> DecodeEntry(std::string_view bytes);

}  // namespace kstati::profile::ledger
