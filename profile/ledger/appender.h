// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/compact_range.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {

// What one thread that commits keeps of the ledger, to let it grow together with the store:
//
//   Appender next = appender;                     // cheap; the old one stays until the write holds
//   std::vector<Node> nodes = next.Append(leaves);
//   ... put entries, nodes, next.State() and next.SignedBy(key) into the batch, write and sync it
//   appender = next;                              // not after a refused write
//   ... give next.SignedBy(key) to the witness, acknowledge
//
// Not safe for use from several threads at once.
class Appender {
 public:
  // Of an empty ledger.
  Appender() = default;
  // From the State() that the last batch stored; kCorrupt when it is not one.
  static Result<Appender> Resume(std::string_view state);

  // Adds entries by their leaf hashes, in order; they get the indexes from size() on. Gives the
  // nodes that NodeReader must find from now on.
  std::vector<Node> Append(std::span<const Hash> leaves);

  uint64_t size() const { return range_.size(); }
  Checkpoint Current() const { return {range_.size(), range_.Root()}; }
  std::string SignedBy(const SigningKey& key) const { return SignCheckpoint(Current(), key); }
  std::string State() const { return range_.Encode(); }

 private:
  CompactRange range_;
};

}  // namespace kstati::profile::ledger
