// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "profile/ledger/hash.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile::ledger {

// The state of a log that its owner vouches for.
struct Checkpoint {
  uint64_t size = 0;
  Hash root;
  bool operator==(const Checkpoint&) const = default;
};

// The checkpoint as a C2SP signed note (c2sp.org/tlog-checkpoint): origin, size, root, an empty
// line, the signature. The origin is the name of the key. The same checkpoint and key always give
// the same note.
std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);

// A signed note of a text, which ends with a line end: the text, an empty line, the signature.
std::string SignedNote(const std::string& text, const SigningKey& key);

// Limits of a note that is read; ours has one signature and under a thousand bytes.
inline constexpr size_t kNoteBytesMax = 16 << 10;
inline constexpr size_t kNoteSignaturesMax = 16;

// kCorrupt with what is wrong and where, unless the note is a checkpoint of the key's log that the
// key has signed. Signatures of others (witnesses) may stand beside it and are not checked. Lines
// after the root, which the standard discourages and SignCheckpoint does not write, are refused.
Result<Checkpoint> ReadCheckpoint(std::string_view note, const PublicKey& key);

}  // namespace kstati::profile::ledger
