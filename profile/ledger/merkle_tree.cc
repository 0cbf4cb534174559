// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/merkle_tree.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

namespace kstati::profile::ledger {
namespace {

// The entries [begin, begin + count) of a tree that is being taken apart as the RFC does it: at the
// largest power of two below `count`. So `begin` is always a multiple of the next power of two.
struct Range {
  uint64_t begin = 0;
  uint64_t count = 0;

  Range Left() const { return {begin, std::bit_floor(count - 1)}; }
  Range Right() const { return {begin + Left().count, count - Left().count}; }
  uint64_t end() const { return begin + count; }
};

// The complete subtrees of the range are joined from the right, the smallest first.
Result<Hash> RootOf(Range range, const NodeReader& nodes) {
  std::optional<Hash> root;
  for (uint64_t end = range.end(); end > range.begin;) {
    const int level = std::countr_zero(end - range.begin);
    end -= uint64_t{1} << level;
    KSTATI_TRY(const Hash node, nodes.Read({level, end >> level}));
    root = root ? NodeHash(node, *root) : node;
  }
  return root ? *root : EmptyRoot();
}

}  // namespace

Result<Hash> RootAt(uint64_t size, const NodeReader& nodes) { return RootOf({0, size}, nodes); }

Result<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size, const NodeReader& nodes) {
  if (index >= size) {
    return Fail(ErrorCode::kInvalidArgument,
                "entry " + std::to_string(index) + " is not in a ledger of " +
                    std::to_string(size) + " entries",
                {}, "entries count from 0");
  }
  std::vector<Hash> path;
  for (Range range{0, size}; range.count > 1;) {
    const bool to_left = index < range.Right().begin;
    KSTATI_TRY(const Hash sibling, RootOf(to_left ? range.Right() : range.Left(), nodes));
    path.push_back(sibling);
    range = to_left ? range.Left() : range.Right();
  }
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<Hash>> ConsistencyProof(uint64_t first, uint64_t second,
                                           const NodeReader& nodes) {
  if (first > second) {
    return Fail(ErrorCode::kInvalidArgument,
                "a ledger of " + std::to_string(second) + " entries cannot begin with " +
                    std::to_string(first),
                {}, "name the smaller ledger first");
  }
  std::vector<Hash> path;
  if (first == 0) return path;
  Range range{0, second};
  bool known = true;  // whether the range is all of the first tree, whose root the verifier has
  while (range.end() != first) {
    const bool to_left = first <= range.Right().begin;
    KSTATI_TRY(const Hash sibling, RootOf(to_left ? range.Right() : range.Left(), nodes));
    path.push_back(sibling);
    range = to_left ? range.Left() : range.Right();
    known = known && to_left;
  }
  if (!known) {
    KSTATI_TRY(const Hash shared, RootOf(range, nodes));
    path.push_back(shared);
  }
  std::ranges::reverse(path);
  return path;
}

}  // namespace kstati::profile::ledger
