// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/partitions.h"

#include <gtest/gtest.h>

#include <utility>

#include "profile/ledger_verifier/checkpoint.h"
#include "tests/unit/ledger/test_key.h"

namespace kstati::profile::ledger {
namespace {

ledger_verifier::LogKey VerifierKey(const PublicKey& key) {
  return *ledger_verifier::ParseLogKey(key.ToString());
}

std::vector<Checkpoint> SomeHeads() {
  return {{5, Sha256("a")}, {0, EmptyRoot()}, {7, Sha256("b")}};
}

TEST(PartitionLedgers, OnlyOneBearsTheNameOfTheKey) {
  EXPECT_EQ(LedgerName("ledger.example/1", 0, 1), "ledger.example/1");
  EXPECT_EQ(LedgerName("ledger.example/1", 1, 4), "ledger.example/1/1-of-4");
  const SigningKey& key = TestKey();
  EXPECT_EQ(KeyOfPartition(key, 0, 1)->public_key(), key.public_key());
}

TEST(PartitionLedgers, CheckpointsOfTwoPartitionsAreOfTwoLogs) {
  const SigningKey& key = TestKey();
  const SigningKey second = std::move(*KeyOfPartition(key, 1, 2));
  EXPECT_EQ(second.public_key(), KeyOfPartition(key.public_key(), 1, 2));
  const std::string note = SignCheckpoint({5, Sha256("a")}, second);
  const ledger_verifier::LogKey of_store = VerifierKey(key.public_key());
  EXPECT_TRUE(
      ledger_verifier::OpenCheckpoint(note, ledger_verifier::KeyOfPartition(of_store, 1, 2)));
  EXPECT_FALSE(
      ledger_verifier::OpenCheckpoint(note, ledger_verifier::KeyOfPartition(of_store, 0, 2)));
  EXPECT_FALSE(ledger_verifier::OpenCheckpoint(note, of_store));
  EXPECT_TRUE(ledger_verifier::OpenCheckpoint(note, VerifierKey(second.public_key())));
}

TEST(PartitionLedgers, HeadsComeBackFromTheNote) {
  const SigningKey& key = TestKey();
  const auto opened =
      ledger_verifier::OpenHeads(SignHeads(SomeHeads(), key), VerifierKey(key.public_key()));
  ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
  ASSERT_EQ(opened->size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*opened)[i].size, SomeHeads()[i].size);
    EXPECT_EQ((*opened)[i].root, SomeHeads()[i].root.bytes);
  }
}

TEST(PartitionLedgers, EveryAlteredByteOfTheHeadsIsRefused) {
  const SigningKey& key = TestKey();
  const ledger_verifier::LogKey verifier_key = VerifierKey(key.public_key());
  const std::string note = SignHeads(SomeHeads(), key);
  for (size_t at = 0; at < note.size(); ++at) {
    for (const int flip : {1, 0x20, 0x80}) {
      std::string altered = note;
      altered[at] = static_cast<char>(altered[at] ^ flip);
      EXPECT_FALSE(ledger_verifier::OpenHeads(altered, verifier_key)) << at << " ^ " << flip;
    }
    EXPECT_FALSE(ledger_verifier::OpenHeads(note.substr(0, at), verifier_key)) << at;
  }
  EXPECT_FALSE(ledger_verifier::OpenHeads(
      note, VerifierKey(SigningKey::FromSeed(key.public_key().name(), {9})->public_key())));
}

}  // namespace
}  // namespace kstati::profile::ledger
