// SPDX-License-Identifier: Apache-2.0
// The log's own reader and the verifier's were written apart: what one accepts, the other must.
#include "profile/ledger/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/ledger/encoding.h"
#include "profile/ledger_verifier/checkpoint.h"
#include "profile/ledger_verifier/text.h"
#include "tests/unit/ledger/test_key.h"

namespace kstati::profile::ledger {
namespace {

using testing::HasSubstr;

Checkpoint SomeCheckpoint() { return {17, LeafHash("entry")}; }

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), by);
}

// Why both readers refuse it: the log's reason. Fails the test when one of them does not.
std::string WhyRefused(const std::string& note, const PublicKey& key = TestKey().public_key()) {
  const auto own = ReadCheckpoint(note, key);
  const auto verifiers =
      ledger_verifier::OpenCheckpoint(note, *ledger_verifier::ParseLogKey(key.ToString()));
  EXPECT_FALSE(own);
  EXPECT_FALSE(verifiers);
  return own ? "" : own.error().ToString();
}

TEST(SigningKey, HasTheTextOfSignedNotes) {
  // The example of the reference implementation's documentation, golang.org/x/mod/sumdb/note.
  const std::string secret =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  const std::string shown = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const Result<SigningKey> key = SigningKey::Parse(secret);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->public_key().ToString(), shown);
  EXPECT_EQ(key->Secret(), secret);
  EXPECT_EQ(*PublicKey::Parse(shown), key->public_key());
}

TEST(SigningKey, SignsAsTheReferenceImplementation) {
  const auto key = SigningKey::Parse(
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  const Signature signature = key->Sign(
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n");
  const std::string bytes =
      std::string(key->public_key().key_id()) + std::string(signature.begin(), signature.end());
  EXPECT_EQ(ToBase64(bytes),
            "x08go/ZJkuBS9UG/"
            "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
}

TEST(SigningKey, IsFreshEveryTime) {
  const auto one = SigningKey::Generate("ledger.example");
  const auto other = SigningKey::Generate("ledger.example");
  EXPECT_NE(one->Secret(), other->Secret());
  EXPECT_EQ(SigningKey::Parse(one->Secret())->public_key(), one->public_key());
}

TEST(SigningKey, RefusesNamesThatNotesCannotHave) {
  for (const char* name : {"", "two words", "a+b", "line\nbreak", "\xD0\xB6"}) {
    EXPECT_FALSE(SigningKey::Generate(name)) << name;
  }
  EXPECT_FALSE(SigningKey::Generate(std::string(301, 'x')));
}

TEST(SigningKey, EveryCharacterOfItsTextsCounts) {
  const std::string secret = TestKey().Secret();
  const std::string shown = TestKey().public_key().ToString();
  for (const std::string& text : {secret, shown}) {
    for (size_t bit = 0; bit < 8 * text.size(); ++bit) {
      std::string mutated = text;
      mutated[bit / 8] = static_cast<char>(mutated[bit / 8] ^ 1 << bit % 8);
      EXPECT_FALSE(SigningKey::Parse(mutated)) << mutated;
      EXPECT_FALSE(PublicKey::Parse(mutated)) << mutated;
      EXPECT_FALSE(ledger_verifier::ParseLogKey(mutated)) << mutated;
    }
  }
}

TEST(SigningKey, IsNotQuotedWhenItIsWrong) {
  const std::string secret = TestKey().Secret();
  const auto key = SigningKey::Parse(secret.substr(0, secret.size() - 4));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().ToString().find(secret.substr(secret.size() - 30, 20)), std::string::npos);
}

TEST(CheckpointNote, IsReadByBothReaders) {
  const std::string note = SignCheckpoint(SomeCheckpoint(), TestKey());
  EXPECT_EQ(*ReadCheckpoint(note, TestKey().public_key()), SomeCheckpoint());
  const auto opened = ledger_verifier::OpenCheckpoint(note, TestLogKey());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->size, 17u);
  EXPECT_EQ(opened->root, SomeCheckpoint().root.bytes);
}

TEST(CheckpointNote, LooksAsTheStandardSays) {
  EXPECT_THAT(SignCheckpoint(SomeCheckpoint(), TestKey()),
              testing::MatchesRegex("ledger.example/1\n17\n[^\n]{44}\n\n"
                                    "\u2014 ledger.example/1 [^\n]{92}\n"));
}

TEST(CheckpointNote, MayBearSignaturesOfWitnesses) {
  const auto witness = SigningKey::Generate("witness.example");
  const std::string note = SignCheckpoint(SomeCheckpoint(), TestKey());
  const std::string cosignature = SignCheckpoint(SomeCheckpoint(), *witness);
  const std::string line = cosignature.substr(cosignature.find("\n\n") + 2);
  for (const std::string& both : {note + line, Replaced(note, "\n\n", "\n\n" + line)}) {
    EXPECT_EQ(*ReadCheckpoint(both, TestKey().public_key()), SomeCheckpoint());
    EXPECT_TRUE(ledger_verifier::OpenCheckpoint(both, TestLogKey()));
  }
}

TEST(CheckpointNote, EveryBitCounts) {
  const std::string note = SignCheckpoint(SomeCheckpoint(), TestKey());
  for (size_t bit = 0; bit < 8 * note.size(); ++bit) {
    std::string mutated = note;
    mutated[bit / 8] = static_cast<char>(mutated[bit / 8] ^ 1 << bit % 8);
    WhyRefused(mutated);
  }
  for (size_t length = 0; length < note.size(); ++length) {
    WhyRefused(note.substr(0, length));
    WhyRefused(note.substr(0, length) + note.substr(length + 1));
  }
}

TEST(CheckpointNote, IsRefusedWithItsReason) {
  const std::string note = SignCheckpoint(SomeCheckpoint(), TestKey());
  EXPECT_THAT(WhyRefused(""), HasSubstr("not finished"));
  EXPECT_THAT(WhyRefused("x\n"), HasSubstr("too few lines"));
  EXPECT_THAT(WhyRefused("x" + note), HasSubstr("not of the log ledger.example/1"));
  EXPECT_THAT(WhyRefused(Replaced(note, "17", "017")), HasSubstr("not a number of entries"));
  EXPECT_THAT(WhyRefused(Replaced(note, "17", "9223372036854775808")), HasSubstr("line 2"));
  EXPECT_THAT(WhyRefused(Replaced(note, "17", "18")), HasSubstr("the signature is wrong"));
  EXPECT_THAT(WhyRefused(Replaced(note, "=", "")), HasSubstr("not a root hash"));
  EXPECT_THAT(WhyRefused(Replaced(note, "\n\n", "\nmore\n\n")), HasSubstr("may follow the root"));
  EXPECT_THAT(WhyRefused(note + "x\n"), HasSubstr("not a signature"));
  EXPECT_THAT(WhyRefused(note + "\u2014 " + std::string(301, 'x') + " AAAAAAA=\n"),
              HasSubstr("not a signature"));
  EXPECT_THAT(WhyRefused(note + std::string(kNoteBytesMax, 'x')), HasSubstr("too long"));
  std::string many = note;
  const std::string line = note.substr(note.find("\n\n") + 2);
  for (size_t i = 0; i < kNoteSignaturesMax; ++i) many += line;
  EXPECT_THAT(WhyRefused(many), HasSubstr("too many signatures"));
}

TEST(CheckpointNote, OfAnotherKeyIsRefused) {
  const auto other = SigningKey::Generate("ledger.example/1");
  const std::string note = SignCheckpoint(SomeCheckpoint(), *other);
  EXPECT_THAT(WhyRefused(note), HasSubstr("has not signed it"));
  EXPECT_THAT(WhyRefused(SignCheckpoint(SomeCheckpoint(), TestKey()), other->public_key()),
              HasSubstr("has not signed it"));
}

}  // namespace
}  // namespace kstati::profile::ledger
