// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/ledger/encoding.h"
#include "profile/ledger_verifier/entry.h"
#include "tests/unit/ledger/small_log.h"

namespace kstati::profile::ledger {
namespace {

// The bytes that docs/internals/formats.md shows.
TEST(LedgerEntry, HasTheDocumentedBytes) {
  Salt salt;
  salt.fill(1);
  const Entry entry{EntryKind::kDisclosure, *Instant::Parse("2026-03-15T09:00:00Z"),
                    CitizenCommitment(CitizenId(17), salt), 3,
                    ContentCommitment("{\"to\":\"bank\"}", salt)};
  EXPECT_EQ(ToHex(Encode(entry)),
            "01"
            "06"
            "00064d0c53bb6400"
            "3caaefeb5a9de3bb384b844073ff778b79a384ac6b0a60d420d3defddb3473d5"
            "0000000000000003"
            "f97ef3f8123a118d9af589553de13d6d011c39998b7cc710f39e6f377c6e1d81");
}

TEST(LedgerEntry, ComesBackFromItsBytesInBothReaders) {
  const SmallLog log(9);
  for (uint64_t i = 0; i < log.size(); ++i) {
    const Entry& entry = log.entry(i);
    const std::string bytes = Encode(entry);
    EXPECT_EQ(*DecodeEntry(bytes), entry);
    const auto read = ledger_verifier::ReadEntry(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, NameOf(entry.kind));
    EXPECT_EQ(read->at, entry.at);
    EXPECT_EQ(read->citizen, entry.citizen.bytes);
    EXPECT_EQ(read->number, entry.number);
    EXPECT_EQ(read->content, entry.content.bytes);
  }
}

TEST(LedgerEntry, OfOtherBytesIsRefusedByBothReaders) {
  const std::string bytes = Encode(SmallLog(1).entry(0));
  const auto with = [&](size_t at, char byte) {
    std::string changed = bytes;
    changed[at] = byte;
    return changed;
  };
  const std::string no_number = bytes.substr(0, 42) + std::string(8, '\0') + bytes.substr(50);
  for (const std::string& wrong :
       {bytes + "x", bytes.substr(1), std::string(), with(0, 2), with(1, 0), with(1, 10),
        with(2, '\x80'), with(42, '\x80'), no_number}) {
    EXPECT_EQ(DecodeEntry(wrong).error().code, ErrorCode::kCorrupt);
    EXPECT_FALSE(ledger_verifier::ReadEntry(wrong));
  }
}

TEST(LedgerEntry, HidesWhoAndWhatBehindSalts) {
  EXPECT_NE(FreshSalt(), FreshSalt());
  const Salt one = FreshSalt();
  const Salt other = FreshSalt();
  EXPECT_NE(CitizenCommitment(CitizenId(17), one), CitizenCommitment(CitizenId(17), other));
  EXPECT_NE(CitizenCommitment(CitizenId(17), one), CitizenCommitment(CitizenId(18), one));
  EXPECT_NE(ContentCommitment("a", one), ContentCommitment("a", other));
  EXPECT_NE(ContentCommitment("a", one), ContentCommitment("b", one));
}

TEST(LedgerAppender, GrowsFromItsStateLikeOneThatNeverStopped) {
  const SmallTree tree(23);
  Appender straight;
  Appender stopped;
  std::map<NodeAddress, Hash> nodes;
  for (size_t from = 0; from < 23;) {
    const size_t count = std::min<size_t>(1 + from % 4, 23 - from);
    const auto leaves = std::span(tree.leaves()).subspan(from, count);
    straight.Append(leaves);
    const std::vector<Node> made = stopped.Append(leaves);
    for (const Node& node : made) EXPECT_TRUE(nodes.emplace(node.address, node.hash).second);
    stopped = *Appender::Resume(stopped.State());
    from += count;
    EXPECT_EQ(stopped.Current(), straight.Current());
    EXPECT_EQ(stopped.Current(), (Checkpoint{from, *RootAt(from, tree)}));
  }
  EXPECT_EQ(nodes.size(), tree.node_count());
  for (const auto& [address, hash] : nodes) EXPECT_EQ(*tree.Read(address), hash);
}

TEST(LedgerAppender, SignsWhatItHolds) {
  const SmallTree tree(5);
  Appender appender;
  appender.Append(tree.leaves());
  EXPECT_EQ(*ReadCheckpoint(appender.SignedBy(TestKey()), TestKey().public_key()),
            appender.Current());
  EXPECT_EQ(Appender().Current(), (Checkpoint{0, EmptyRoot()}));
}

TEST(LedgerAppender, LeftAloneByARefusedWriteKeepsItsState) {
  const SmallTree tree(5);
  Appender appender;
  appender.Append(std::span(tree.leaves()).first(3));
  Appender next = appender;
  next.Append(std::span(tree.leaves()).subspan(3));
  EXPECT_EQ(appender.Current().root, *RootAt(3, tree));
  EXPECT_EQ(next.Current().root, *RootAt(5, tree));
}

TEST(LedgerAppender, RefusesAStateItDidNotWrite) {
  EXPECT_EQ(Appender::Resume("").error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace kstati::profile::ledger
