// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/ledger/hash.h"

namespace kstati::profile::ledger {

// A complete subtree: the entries [index * 2^level, (index + 1) * 2^level). Level 0 is an entry.
// Once complete it never changes.
struct NodeAddress {
  int level = 0;
  uint64_t index = 0;
  auto operator<=>(const NodeAddress&) const = default;
};

struct Node {
  NodeAddress address;
  Hash hash;
  bool operator==(const Node&) const = default;
};

// All that growing a tree needs: the roots of its largest complete subtrees, from the left. At most
// 63 hashes, so a copy is cheap.
//
// Invariant: one hash for each one-bit of the size, the largest subtree first.
class CompactRange {
 public:
  static constexpr uint64_t kSizeMax = INT64_MAX;

  uint64_t size() const { return size_; }

  // Adds one entry by its leaf hash and appends to `made` the nodes that are complete since then:
  // the leaf, then upwards.
  void Append(const Hash& leaf, std::vector<Node>& made);

  // The root of RFC 9162; of no entries, the hash of nothing.
  Hash Root() const;

  // Size as eight bytes, the highest first, then the hashes. The same tree always gives the same
  // bytes, and Decode refuses all others (kCorrupt).
  std::string Encode() const;
  static Result<CompactRange> Decode(std::string_view bytes);

  bool operator==(const CompactRange&) const = default;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

}  // namespace kstati::profile::ledger
