// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace kstati::ledger_verifier {

using Digest = std::array<unsigned char, 32>;

Digest Sha256(std::string_view bytes);

// The hash of an entry as a leaf of the tree (RFC 9162, 2.1.1).
Digest LeafDigest(std::string_view entry);

// RFC 9162, 2.1.3.2: whether the path proves that the leaf is number `index` of the tree.
bool ProvesInclusion(uint64_t index, uint64_t size, const Digest& leaf,
                     std::span<const Digest> path, const Digest& root);

// RFC 9162, 2.1.4.2: whether the path proves that the second tree begins with the first. Beyond the
// RFC: two trees of one size are proved by an empty path when their roots agree, and every tree
// begins with the empty one.
bool ProvesConsistency(uint64_t first_size, const Digest& first_root, uint64_t second_size,
                       const Digest& second_root, std::span<const Digest> path);

// The root of a tree that is read leaf by leaf.
class RootBuilder {
 public:
  void Add(const Digest& leaf);
  uint64_t size() const { return size_; }
  Digest Root() const;

 private:
  struct Part {
    uint64_t leaves;
    Digest root;
  };

  uint64_t size_ = 0;
  std::vector<Part> parts_;  // complete subtrees from the left, each larger than the next
};

}  // namespace kstati::ledger_verifier
