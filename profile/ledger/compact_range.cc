// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/compact_range.h"

#include <algorithm>
#include <bit>

#include "base/big_endian.h"
#include "base/check.h"

namespace kstati::profile::ledger {
namespace {

constexpr size_t kSizeBytes = 8;

}  // namespace

void CompactRange::Append(const Hash& leaf, std::vector<Node>& made) {
  KSTATI_CHECK(size_ < kSizeMax);
  Node node{{0, size_}, leaf};
  made.push_back(node);
  // Each trailing one-bit of the size is a subtree as large as the one that just became complete.
  for (uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    node = {{node.address.level + 1, node.address.index >> 1}, NodeHash(roots_.back(), node.hash)};
    roots_.pop_back();
    made.push_back(node);
  }
  roots_.push_back(node.hash);
  ++size_;
}

Hash CompactRange::Root() const {
  if (roots_.empty()) return EmptyRoot();
  Hash root = roots_.back();
  for (size_t i = roots_.size() - 1; i-- > 0;) root = NodeHash(roots_[i], root);
  return root;
}

std::string CompactRange::Encode() const {
  std::string bytes;
  bytes.reserve(kSizeBytes + roots_.size() * Hash::kSize);
  AppendBigEndian(size_, bytes);
  for (const Hash& root : roots_) bytes.append(BytesOf(root));
  return bytes;
}

Result<CompactRange> CompactRange::Decode(std::string_view bytes) {
  CompactRange range;
  if (bytes.size() >= kSizeBytes) {
    range.size_ = BigEndianIn<uint64_t>(bytes.substr(0, kSizeBytes));
    bytes.remove_prefix(kSizeBytes);
    const auto count = static_cast<size_t>(std::popcount(range.size_));
    if (range.size_ <= kSizeMax && bytes.size() == count * Hash::kSize) {
      range.roots_.resize(count);
      for (Hash& root : range.roots_) {
        std::copy_n(bytes.begin(), Hash::kSize, root.bytes.begin());
        bytes.remove_prefix(Hash::kSize);
      }
      return range;
    }
  }
  return Fail(ErrorCode::kCorrupt, "the stored state of the ledger cannot be read", {},
              "run kstati doctor and restore the store from a backup");
}

}  // namespace kstati::profile::ledger
