// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile::ledger {

// A store of several partitions has a ledger in each, since no order of entries spans them. They
// share the key and differ in the name, so that no two checkpoints of one name contradict each
// other.

// The name of a partition's ledger: of the only one the name of the key, else for example
// "ledger.example/1/0-of-2".
std::string LedgerName(std::string_view name, size_t partition, size_t partitions);
PublicKey KeyOfPartition(const PublicKey& key, size_t partition, size_t partitions);
// kInvalidArgument when the key's name leaves no room for the partition's.
Result<SigningKey> KeyOfPartition(const SigningKey& key, size_t partition, size_t partitions);

// What the owner vouches for of all ledgers of a store: a C2SP signed note (c2sp.org/signed-note)
// of "NAME/partitions", their number, and a line with size and root for each. Whoever holds it can
// tell that no partition was left out. The heads need not be of one moment: each grows for itself.
std::string SignHeads(const std::vector<Checkpoint>& heads, const SigningKey& key);

}  // namespace kstati::profile::ledger
