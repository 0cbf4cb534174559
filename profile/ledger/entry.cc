// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/entry.h"

#include <sodium.h>

#include <algorithm>

#include "base/big_endian.h"
#include "base/check.h"

namespace kstati::profile::ledger {
namespace {

constexpr uint8_t kForm = 1;

std::string_view TextOf(const Salt& salt) {
  return {reinterpret_cast<const char*>(salt.data()), salt.size()};
}

// The numbers of an entry are below 2^63, so that every language can hold them.
uint64_t TakeNumber(std::string_view& bytes) {
  const auto number = BigEndianIn<uint64_t>(bytes.substr(0, 8));
  bytes.remove_prefix(8);
  return number;
}

Hash TakeHash(std::string_view& bytes) {
  Hash hash;
  std::copy_n(bytes.begin(), Hash::kSize, hash.bytes.begin());
  bytes.remove_prefix(Hash::kSize);
  return hash;
}

bool IsSound(const Entry& entry) {
  return !NameOf(entry.kind).empty() && entry.at.micros >= 0 && entry.number >= 1 &&
         entry.number <= INT64_MAX;
}

}  // namespace

std::string_view NameOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kConsentGiven: return "consent_given";
    case EntryKind::kConsentChanged: return "consent_changed";
    case EntryKind::kConsentRevoked: return "consent_revoked";
    case EntryKind::kAccess: return "access";
    case EntryKind::kEvaluation: return "evaluation";
    case EntryKind::kDisclosure: return "disclosure";
    case EntryKind::kDecision: return "decision";
    case EntryKind::kMessageSuppressed: return "message_suppressed";
    case EntryKind::kErasure: return "erasure";
  }
  return {};
}

Salt FreshSalt() {
  KSTATI_CHECK(sodium_init() >= 0);
  Salt salt;
  randombytes_buf(salt.data(), salt.size());
  return salt;
}

Hash CitizenCommitment(CitizenId citizen, const Salt& salt) {
  return Sha256(TextOf(salt), citizen.ToString());
}

Hash ContentCommitment(std::string_view content, const Salt& salt) {
  return Sha256(TextOf(salt), content);
}

std::string Encode(const Entry& entry) {
  KSTATI_CHECK(IsSound(entry));
  std::string bytes;
  bytes.reserve(kEntryBytes);
  bytes.push_back(static_cast<char>(kForm));
  bytes.push_back(static_cast<char>(entry.kind));
  AppendBigEndian(static_cast<uint64_t>(entry.at.micros), bytes);
  bytes.append(BytesOf(entry.citizen));
  AppendBigEndian(entry.number, bytes);
  bytes.append(BytesOf(entry.content));
  return bytes;
}

Result<Entry> DecodeEntry(std::string_view bytes) {
  if (bytes.size() == kEntryBytes && static_cast<uint8_t>(bytes[0]) == kForm) {
    Entry entry;
    entry.kind = static_cast<EntryKind>(bytes[1]);
    bytes.remove_prefix(2);
    entry.at.micros = static_cast<int64_t>(TakeNumber(bytes));
    entry.citizen = TakeHash(bytes);
    entry.number = TakeNumber(bytes);
    entry.content = TakeHash(bytes);
    if (IsSound(entry)) return entry;
  }
  return Fail(ErrorCode::kCorrupt, "an entry of the ledger cannot be read", {},
              "run kstati doctor and restore the store from a backup");
}

}  // namespace kstati::profile::ledger
