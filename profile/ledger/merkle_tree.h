// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "profile/ledger/compact_range.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {

// Where the nodes that CompactRange::Append made are kept. A node asked for is complete in the tree
// that the caller names, so its absence is kCorrupt. A reader may compute level 0 from the entries
// and the lowest levels from their children.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual Result<Hash> Read(NodeAddress address) const = 0;
};

// Everything below is about the tree of the first `size` entries, for any size that `nodes` covers,
// and reads O(log size) nodes. Errors are those of the reader, or kInvalidArgument where no proof
// can exist.

Result<Hash> RootAt(uint64_t size, const NodeReader& nodes);

// RFC 9162, 2.1.3.1: that entry `index` (from 0) is in the tree of `size`. kInvalidArgument when
// index >= size.
Result<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& nodes);

// RFC 9162, 2.1.4.1: that the tree of `second` begins with the tree of `first`. Empty when they are
// the same tree or the first is empty; kInvalidArgument when first > second.
Result<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second,
                                           const NodeReader& nodes);

}  // namespace kstati::profile::ledger
