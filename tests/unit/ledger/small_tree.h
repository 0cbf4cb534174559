// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "profile/ledger/compact_range.h"
#include "profile/ledger/merkle_tree.h"
#include "profile/ledger_verifier/merkle.h"

namespace kstati::profile::ledger {

// A tree whose nodes are kept in memory, as a store would keep them.
class SmallTree final : public NodeReader {
 public:
  SmallTree() = default;
  // Of the entries "entry 0", "entry 1", ...
  explicit SmallTree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) Add("entry " + std::to_string(i));
  }

  void Add(std::string_view entry) {
    leaves_.push_back(LeafHash(entry));
    std::vector<Node> made;
    range_.Append(leaves_.back(), made);
    for (const Node& node : made) nodes_[node.address] = node.hash;
  }

  Result<Hash> Read(NodeAddress address) const override {
    const auto node = nodes_.find(address);
    if (node != nodes_.end()) return node->second;
    return Fail(ErrorCode::kCorrupt, "no such node");
  }

  void Lose(NodeAddress address) { nodes_.erase(address); }
  const CompactRange& range() const { return range_; }
  const std::vector<Hash>& leaves() const { return leaves_; }
  size_t node_count() const { return nodes_.size(); }

 private:
  CompactRange range_;
  std::map<NodeAddress, Hash> nodes_;
  std::vector<Hash> leaves_;
};

// As the verifier takes them.
inline std::vector<ledger_verifier::Digest> Digests(const std::vector<Hash>& hashes) {
  std::vector<ledger_verifier::Digest> digests;
  for (const Hash& hash : hashes) digests.push_back(hash.bytes);
  return digests;
}

}  // namespace kstati::profile::ledger
