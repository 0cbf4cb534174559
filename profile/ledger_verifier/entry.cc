// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/entry.h"

#include <algorithm>
#include <array>

namespace kstati::ledger_verifier {
namespace {

constexpr std::array<std::string_view, 9> kKinds{
    "consent_given", "consent_changed", "consent_revoked",    "access", "evaluation",
    "disclosure",    "decision",        "message_suppressed", "erasure"};

// Where the parts of an entry stand.
constexpr size_t kFormAt = 0;
constexpr size_t kKindAt = 1;
constexpr size_t kMomentAt = 2;
constexpr size_t kCitizenAt = 10;
constexpr size_t kNumberAt = 42;
constexpr size_t kContentAt = 50;
constexpr size_t kEntryBytes = 82;

uint64_t NumberAt(std::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = at; i < at + 8; ++i) number = 256 * number + static_cast<unsigned char>(bytes[i]);
  return number;
}

Digest DigestAt(std::string_view bytes, size_t at) {
  Digest digest;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), digest.size(), digest.begin());
  return digest;
}

tl::unexpected<Error> Refused(const char* problem) { return Fail(ErrorCode::kCorrupt, problem); }

}  // namespace

Result<Entry> ReadEntry(std::string_view bytes) {
  if (bytes.size() != kEntryBytes) return Refused("the entry does not have 82 bytes");
  if (bytes[kFormAt] != 1) return Refused("the entry has a form that this program does not know");
  const auto kind = static_cast<unsigned char>(bytes[kKindAt]);
  if (kind == 0 || kind > kKinds.size()) return Refused("the entry has no known kind");
  const uint64_t micros = NumberAt(bytes, kMomentAt);
  const uint64_t number = NumberAt(bytes, kNumberAt);
  if (micros > INT64_MAX) return Refused("the entry has no moment");
  if (number == 0 || number > INT64_MAX) return Refused("the entry has no number of its citizen");
  return Entry{kKinds[kind - 1u], Instant{static_cast<int64_t>(micros)},
               DigestAt(bytes, kCitizenAt), number, DigestAt(bytes, kContentAt)};
}

}  // namespace kstati::ledger_verifier
