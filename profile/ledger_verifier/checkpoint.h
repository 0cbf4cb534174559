// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/ledger_verifier/merkle.h"

namespace kstati::ledger_verifier {

// The public key of a log, which also names the log.
struct LogKey {
  std::string name;
  std::string id;  // four bytes
  std::array<unsigned char, 32> bytes{};
};

// From NAME+KEYID+BASE64, the vkey of C2SP signed notes. kInvalidArgument with what is wrong.
Result<LogKey> ParseLogKey(std::string_view text);

struct Checkpoint {
  uint64_t size = 0;
  Digest root{};
};

// The checkpoint in a C2SP signed note of the log. kCorrupt with what is wrong, unless it has the
// log's valid signature; signatures of others are not checked. A checkpoint with lines after the
// root is refused.
Result<Checkpoint> OpenCheckpoint(std::string_view note, const LogKey& key);

// The key of one ledger of a store of several partitions: the same under the partition's name.
LogKey KeyOfPartition(const LogKey& key, size_t partition, size_t partitions);

// The heads of all ledgers of a store, in the order of its partitions, from the note in which its
// owner vouches for them ("NAME/partitions"). kCorrupt with what is wrong.
Result<std::vector<Checkpoint>> OpenHeads(std::string_view note, const LogKey& key);

}  // namespace kstati::ledger_verifier
