// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/merkle.h"

#include <sodium.h>

namespace kstati::ledger_verifier {
namespace {

class Hasher {
 public:
  Hasher() { crypto_hash_sha256_init(&state_); }
  Hasher& Add(const unsigned char* bytes, size_t count) {
    crypto_hash_sha256_update(&state_, bytes, count);
    return *this;
  }
  Hasher& Add(std::string_view bytes) {
    return Add(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  Hasher& Add(const Digest& digest) { return Add(digest.data(), digest.size()); }
  Digest Finish() {
    Digest digest;
    crypto_hash_sha256_final(&state_, digest.data());
    return digest;
  }

 private:
  crypto_hash_sha256_state state_;
};

Digest Parent(const Digest& left, const Digest& right) {
  constexpr unsigned char kInnerNode = 1;
  return Hasher().Add(&kInnerNode, 1).Add(left).Add(right).Finish();
}

bool IsOdd(uint64_t number) { return number % 2 == 1; }

}  // namespace

Digest Sha256(std::string_view bytes) { return Hasher().Add(bytes).Finish(); }

Digest LeafDigest(std::string_view entry) {
  constexpr unsigned char kLeaf = 0;
  return Hasher().Add(&kLeaf, 1).Add(entry).Finish();
}

// The names fn, sn, r, fr and sr are the RFC's.
bool ProvesInclusion(uint64_t index, uint64_t size, const Digest& leaf,
                     std::span<const Digest> path, const Digest& root) {
  if (index >= size) return false;
  uint64_t fn = index;
  uint64_t sn = size - 1;
  Digest r = leaf;
  for (const Digest& p : path) {
    if (sn == 0) return false;
    if (IsOdd(fn) || fn == sn) {
      r = Parent(p, r);
      while (!IsOdd(fn) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = Parent(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && r == root;
}

bool ProvesConsistency(uint64_t first_size, const Digest& first_root, uint64_t second_size,
                       const Digest& second_root, std::span<const Digest> path) {
  if (first_size > second_size) return false;
  if (first_size == second_size) return path.empty() && first_root == second_root;
  if (first_size == 0) return path.empty() && first_root == Sha256({});
  if (path.empty()) return false;
  const bool is_power_of_two = (first_size & (first_size - 1)) == 0;
  const Digest start = is_power_of_two ? first_root : path.front();
  if (!is_power_of_two) path = path.subspan(1);
  uint64_t fn = first_size - 1;
  uint64_t sn = second_size - 1;
  while (IsOdd(fn)) {
    fn >>= 1;
    sn >>= 1;
  }
  Digest fr = start;
  Digest sr = start;
  for (const Digest& c : path) {
    if (sn == 0) return false;
    if (IsOdd(fn) || fn == sn) {
      fr = Parent(c, fr);
      sr = Parent(c, sr);
      while (!IsOdd(fn) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = Parent(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && fr == first_root && sr == second_root;
}

void RootBuilder::Add(const Digest& leaf) {
  Part part{1, leaf};
  while (!parts_.empty() && parts_.back().leaves == part.leaves) {
    part = {2 * part.leaves, Parent(parts_.back().root, part.root)};
    parts_.pop_back();
  }
  parts_.push_back(part);
  ++size_;
}

Digest RootBuilder::Root() const {
  if (parts_.empty()) return Sha256({});
  Digest root = parts_.back().root;
  for (auto part = parts_.rbegin() + 1; part != parts_.rend(); ++part) {
    root = Parent(part->root, root);
  }
  return root;
}

}  // namespace kstati::ledger_verifier
