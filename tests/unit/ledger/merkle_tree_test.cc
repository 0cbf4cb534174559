// SPDX-License-Identifier: Apache-2.0
// The tree against roots and proofs that a few lines of Python computed from the definitions of RFC
// 9162 (merkle_vectors.py), and against the same definitions here on random sizes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <bit>
#include <fstream>
#include <iterator>
#include <span>
#include <sstream>

#include "tests/unit/ledger/small_tree.h"

namespace kstati::profile::ledger {
namespace {

using ledger_verifier::ProvesConsistency;
using ledger_verifier::ProvesInclusion;

std::string Hex(std::string_view bytes) {
  std::string text(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  text.pop_back();
  return text;
}

std::string Hex(const Hash& hash) { return Hex(BytesOf(hash)); }

std::vector<std::string> Hex(const std::vector<Hash>& hashes) {
  std::vector<std::string> texts;
  for (const Hash& hash : hashes) texts.push_back(Hex(hash));
  return texts;
}

// MTH of RFC 9162, 2.1.1, by its definition.
Hash NaiveRoot(std::span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves.front();
  const size_t left = std::bit_floor(leaves.size() - 1);
  return NodeHash(NaiveRoot(leaves.first(left)), NaiveRoot(leaves.subspan(left)));
}

TEST(MerkleTree, HasTheRootThatOtherLogsPublish) {
  using std::string_view_literals::operator""sv;
  SmallTree tree;
  // The eight leaves with which implementations of Certificate Transparency test themselves.
  for (const std::string_view leaf :
       {""sv, "\x00"sv, "\x10"sv, "\x20\x21"sv, "\x30\x31"sv, "\x40\x41\x42\x43"sv,
        "\x50\x51\x52\x53\x54\x55\x56\x57"sv,
        "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"sv}) {
    tree.Add(leaf);
  }
  EXPECT_EQ(Hex(tree.range().Root()),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(MerkleTree, GivesTheRootsAndProofsOfTheDefinitions) {
  const SmallTree tree(17);
  std::ifstream file(KSTATI_LEDGER_TESTS "/merkle_vectors.txt");
  size_t checked = 0;
  for (std::string line; std::getline(file, line); ++checked) {
    std::istringstream words(line);
    std::string what;
    uint64_t first = 0;
    uint64_t size = 0;
    words >> what;
    if (what != "root") words >> first;
    words >> size;
    const std::vector<std::string> expected{std::istream_iterator<std::string>(words), {}};
    if (what == "root") {
      EXPECT_EQ(Hex(*RootAt(size, tree)), expected.front()) << line;
    } else {
      const auto proof = what == "inclusion" ? InclusionProof(first, size, tree)
                                             : ConsistencyProof(first, size, tree);
      EXPECT_EQ(Hex(*proof), expected) << line;
    }
  }
  EXPECT_EQ(checked, 324u);
}

RC_GTEST_PROP(MerkleTree, AgreesWithTheDefinitionForAnySize, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(0, 300);
  const SmallTree tree(size);
  RC_ASSERT(tree.range().size() == size);
  RC_ASSERT(tree.range().Root() == NaiveRoot(tree.leaves()));
  const auto earlier = *rc::gen::inRange<uint64_t>(0, size + 1);
  RC_ASSERT(*RootAt(earlier, tree) == NaiveRoot(std::span(tree.leaves()).first(earlier)));
  // Every complete subtree is kept once.
  RC_ASSERT(tree.node_count() == 2 * size - static_cast<size_t>(std::popcount(size)));
  ledger_verifier::RootBuilder builder;
  for (const Hash& leaf : tree.leaves()) builder.Add(leaf.bytes);
  RC_ASSERT(builder.Root() == tree.range().Root().bytes);
}

RC_GTEST_PROP(MerkleTree, ProvesEveryEntryAndNothingElse, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(1, 200);
  const SmallTree tree(size);
  const auto index = *rc::gen::inRange<uint64_t>(0, size);
  const auto until = *rc::gen::inRange<uint64_t>(index + 1, size + 1);
  const auto path = Digests(*InclusionProof(index, until, tree));
  const auto leaf = tree.leaves()[index].bytes;
  const auto root = RootAt(until, tree)->bytes;
  RC_ASSERT(ProvesInclusion(index, until, leaf, path, root));
  RC_ASSERT(!ProvesInclusion(until, until, leaf, path, root));
  for (uint64_t other = 0; other < until; ++other) {
    if (other != index) RC_ASSERT(!ProvesInclusion(other, until, leaf, path, root));
  }
  auto longer = path;
  longer.push_back(root);
  RC_ASSERT(!ProvesInclusion(index, until, leaf, longer, root));
  if (!path.empty()) {
    RC_ASSERT(!ProvesInclusion(index, until, leaf, std::span(path).first(path.size() - 1), root));
    RC_ASSERT(!ProvesInclusion(index, until, leaf, std::span(path).subspan(1), root));
  }
}

RC_GTEST_PROP(MerkleTree, ProvesThatATreeBeginsWithAnEarlierOne, ()) {
  const auto second = *rc::gen::inRange<uint64_t>(0, 200);
  const SmallTree tree(second);
  const auto first = *rc::gen::inRange<uint64_t>(0, second + 1);
  const auto path = Digests(*ConsistencyProof(first, second, tree));
  const auto old_root = RootAt(first, tree)->bytes;
  const auto root = RootAt(second, tree)->bytes;
  RC_ASSERT(ProvesConsistency(first, old_root, second, root, path));
  auto longer = path;
  longer.push_back(root);
  RC_ASSERT(!ProvesConsistency(first, old_root, second, root, longer));
  auto wrong = root;
  wrong[0] ^= 1;
  RC_ASSERT(!ProvesConsistency(first, old_root, second, wrong, path) || first == 0);
  RC_ASSERT(!ProvesConsistency(first, wrong, second, root, path));
  if (!path.empty()) {
    RC_ASSERT(
        !ProvesConsistency(first, old_root, second, root, std::span(path).first(path.size() - 1)));
    RC_ASSERT(!ProvesConsistency(second, root, first, old_root, path));
  }
}

TEST(MerkleTree, EveryBitOfEveryProofCounts) {
  const SmallTree tree(13);
  const auto root = tree.range().Root().bytes;
  for (uint64_t index = 0; index < 13; ++index) {
    auto path = Digests(*InclusionProof(index, 13, tree));
    for (size_t bit = 0; bit < path.size() * 256; ++bit) {
      path[bit / 256][bit / 8 % 32] ^= static_cast<unsigned char>(1 << bit % 8);
      EXPECT_FALSE(ProvesInclusion(index, 13, tree.leaves()[index].bytes, path, root));
      path[bit / 256][bit / 8 % 32] ^= static_cast<unsigned char>(1 << bit % 8);
    }
  }
  for (uint64_t first = 1; first < 13; ++first) {
    auto path = Digests(*ConsistencyProof(first, 13, tree));
    const auto old_root = RootAt(first, tree)->bytes;
    for (size_t bit = 0; bit < path.size() * 256; ++bit) {
      path[bit / 256][bit / 8 % 32] ^= static_cast<unsigned char>(1 << bit % 8);
      EXPECT_FALSE(ProvesConsistency(first, old_root, 13, root, path)) << first << " " << bit;
      path[bit / 256][bit / 8 % 32] ^= static_cast<unsigned char>(1 << bit % 8);
    }
  }
}

TEST(MerkleTree, RefusesProofsThatCannotExist) {
  const SmallTree tree(5);
  EXPECT_EQ(InclusionProof(5, 5, tree).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(InclusionProof(0, 0, tree).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ConsistencyProof(5, 4, tree).error().code, ErrorCode::kInvalidArgument);
}

TEST(MerkleTree, PassesOnThatANodeIsMissing) {
  SmallTree tree(8);
  tree.Lose({1, 1});
  EXPECT_EQ(InclusionProof(0, 8, tree).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ConsistencyProof(2, 4, tree).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(RootAt(7, tree).has_value(), true);
  EXPECT_EQ(RootAt(3, tree).has_value(), true);
}

RC_GTEST_PROP(CompactRange, GoesOnFromItsBytes, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(0, 100);
  const SmallTree tree(size);
  const Result<CompactRange> again = CompactRange::Decode(tree.range().Encode());
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == tree.range());
}

TEST(CompactRange, RefusesBytesItDidNotWrite) {
  const std::string bytes = SmallTree(6).range().Encode();
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(CompactRange::Decode(bytes.substr(0, length))) << length;
  }
  EXPECT_FALSE(CompactRange::Decode(bytes + "x"));
  std::string larger = bytes;
  larger[0] = '\x80';  // a size above the limit, with as many hashes as it asks for
  EXPECT_FALSE(CompactRange::Decode(larger + std::string(Hash::kSize, 'x')));
}

}  // namespace
}  // namespace kstati::profile::ledger
