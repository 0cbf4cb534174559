// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/merkle_tree.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile::ledger {

// The last checkpoint of a log, in a place that does not share the store's fate: another disk,
// another machine's share. A store whose tail was cut, or that is an old backup, looks sound by
// itself; beside its witness it does not.
class WitnessFile {
 public:
  explicit WitnessFile(std::string path) : path_(std::move(path)) {}

  // nullopt when nothing was kept yet. kCorrupt when the file is not a checkpoint of the key's log.
  Result<std::optional<Checkpoint>> Read(const PublicKey& key) const;

  // Keeps a signed note in place of the last one; on stable storage when this returns. kUnavailable
  // when the disk refuses, and then the last one is still there.
  Result<void> Keep(std::string_view note) const;

 private:
  std::string path_;
};

// That the signed note which a store keeps beside its ledger is the key's, of the state that the
// ledger is in. kCorrupt when another key signed it, or another state.
Result<void> CheckSigned(const Checkpoint& current, std::string_view note, const PublicKey& key);

// That the ledger of a store, whose state is `current` and whose nodes are `nodes`, goes on from
// what its witness has seen. kCorrupt naming both sizes when entries are missing or are others; a
// store that gets it must not be used.
Result<void> CheckAgainstWitness(const Checkpoint& current, const NodeReader& nodes,
                                 const Checkpoint& witness);

}  // namespace kstati::profile::ledger
