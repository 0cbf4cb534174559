// SPDX-License-Identifier: Apache-2.0
// What outsiders check: receipts, proofs of consistency and exported logs, each with every bit
// flipped and with the changes a forger would make.
#include "profile/ledger/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <utility>

#include "profile/ledger_verifier/documents.h"
#include "profile/ledger_verifier/log_verification.h"
#include "tests/unit/ledger/small_log.h"

namespace kstati::profile::ledger {
namespace {

using ledger_verifier::LogVerification;
using ledger_verifier::VerifyConsistency;
using ledger_verifier::VerifyReceipt;
using testing::HasSubstr;

std::string WithBitFlipped(std::string text, size_t bit) {
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ 1 << bit % 8);
  return text;
}

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), by);
}

std::string ReasonOf(const std::string& receipt) {
  const auto verified = VerifyReceipt(receipt, TestLogKey());
  EXPECT_FALSE(verified);
  return verified ? "" : verified.error().ToString();
}

TEST(LedgerReceipt, IsVerifiedForEveryEntryOfEveryTree) {
  const SmallLog log(12);
  for (uint64_t size = 1; size <= log.size(); ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const auto verified = VerifyReceipt(*ToJson(log.ReceiptOf(index, size)), TestLogKey());
      ASSERT_TRUE(verified) << verified.error().ToString();
      EXPECT_EQ(verified->index, index);
      EXPECT_EQ(verified->checkpoint.size, size);
      EXPECT_EQ(verified->citizen, SmallLog::CitizenOf(index));
      EXPECT_EQ(verified->content, SmallLog::ContentOf(index));
      EXPECT_EQ(verified->entry.kind, NameOf(log.entry(index).kind));
    }
  }
}

TEST(LedgerReceipt, EveryBitCounts) {
  const std::string receipt = *ToJson(SmallLog(11).ReceiptOf(6, 11));
  ASSERT_TRUE(VerifyReceipt(receipt, TestLogKey()));
  for (size_t bit = 0; bit < 8 * receipt.size(); ++bit) {
    EXPECT_FALSE(VerifyReceipt(WithBitFlipped(receipt, bit), TestLogKey())) << bit / 8;
  }
  for (size_t at = 0; at < receipt.size(); ++at) {
    EXPECT_FALSE(VerifyReceipt(receipt.substr(0, at), TestLogKey())) << at;
    EXPECT_FALSE(VerifyReceipt(receipt.substr(0, at) + receipt.substr(at + 1), TestLogKey())) << at;
    EXPECT_FALSE(VerifyReceipt(receipt.substr(0, at) + " " + receipt.substr(at), TestLogKey()))
        << at;
  }
}

TEST(LedgerReceipt, IsRefusedInAnyOtherSpelling) {
  const std::string receipt = *ToJson(SmallLog(3).ReceiptOf(1, 3));
  for (const std::string& other :
       {Replaced(receipt, "\\t", "\\u0009"), Replaced(receipt, "\\u001f", "\\u001F"),
        Replaced(receipt, "ф", "\\u0444"), Replaced(receipt, "ф", "\xC0\xAF"),
        Replaced(receipt, "ф", "\xED\xA0\x80"), Replaced(receipt, "\\\"", "\\u0022"),
        Replaced(receipt, "\"index\":\"1\"", "\"index\":1"),
        Replaced(receipt, "\"index\":\"1\"", "\"index\":\"01\""),
        Replaced(receipt, "\"index\":\"1\"", "\"index\":\"1\",\"index\":\"1\""),
        Replaced(receipt, "}", ",\"more\":\"\"}"), receipt + "\n"}) {
    EXPECT_FALSE(VerifyReceipt(other, TestLogKey())) << other;
  }
}

TEST(LedgerReceipt, SaysWhatDoesNotHold) {
  const SmallLog log(7);
  const Receipt good = log.ReceiptOf(2, 7);
  Receipt receipt = good;
  receipt.citizen = CitizenId(99);
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("not about the citizen"));
  receipt = good;
  receipt.content = "{}";
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("not about the content"));
  receipt = good;
  receipt.index = 3;
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("not in the ledger"));
  receipt = good;
  receipt.path.pop_back();
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("not in the ledger"));
  receipt = good;
  receipt.checkpoint = log.Checkpoint(6);
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("not in the ledger"));
  receipt = good;
  receipt.path.resize(65);
  EXPECT_THAT(ReasonOf(*ToJson(receipt)), HasSubstr("at `,\"path\":`"));
  EXPECT_THAT(ReasonOf("{}"), HasSubstr("canonical form at `{\"checkpoint\":`"));
  EXPECT_THAT(ReasonOf(*ToJson(good) + "x"), HasSubstr("behind its end"));
  EXPECT_THAT(ReasonOf(std::string(2 << 20, ' ')), HasSubstr("too long"));
}

TEST(LedgerReceipt, CommitsToTextOnly) {
  Receipt receipt = SmallLog(1).ReceiptOf(0, 1);
  receipt.content = "\xFF";
  EXPECT_EQ(ToJson(receipt).error().code, ErrorCode::kInvalidArgument);
}

TEST(LedgerConsistency, IsVerifiedForEveryPairAndForNoOther) {
  const SmallLog log(9);
  for (uint64_t second = 0; second <= 9; ++second) {
    for (uint64_t first = 0; first <= second; ++first) {
      const auto verified = VerifyConsistency(log.Consistency(first, second), TestLogKey());
      ASSERT_TRUE(verified) << first << " " << second;
      EXPECT_EQ(verified->first.size, first);
      EXPECT_EQ(verified->second.size, second);
    }
  }
  const std::string backwards =
      ConsistencyJson(log.Checkpoint(9), log.Checkpoint(4), *ConsistencyProof(4, 9, log.tree()));
  EXPECT_FALSE(VerifyConsistency(backwards, TestLogKey()));
}

TEST(LedgerConsistency, EveryBitCounts) {
  const std::string proof = SmallLog(11).Consistency(6, 11);
  for (size_t bit = 0; bit < 8 * proof.size(); ++bit) {
    EXPECT_FALSE(VerifyConsistency(WithBitFlipped(proof, bit), TestLogKey())) << bit / 8;
  }
}

TEST(LedgerConsistency, IsRefusedForALogThatWasWrittenAnew) {
  const SmallLog log(9);
  SmallTree forged;
  forged.Add("another first entry");
  for (uint64_t i = 1; i < 9; ++i) forged.Add(Encode(log.entry(i)));
  const std::string second = SignCheckpoint({9, forged.range().Root()}, TestKey());
  for (const SmallTree* tree : {&std::as_const(forged), &log.tree()}) {
    const std::string proof =
        ConsistencyJson(log.Checkpoint(4), second, *ConsistencyProof(4, 9, *tree));
    EXPECT_FALSE(VerifyConsistency(proof, TestLogKey()));
  }
}

// --- exported logs ---

// Why the verifier refuses the lines; empty when it does not.
std::string WhyRefused(const std::vector<std::string>& lines,
                       const std::string& kept_checkpoint = {}) {
  LogVerification verification(TestLogKey());
  if (!kept_checkpoint.empty()) {
    verification.Expect(*ledger_verifier::OpenCheckpoint(kept_checkpoint, TestLogKey()));
  }
  for (const std::string& line : lines) {
    const auto added = verification.Add(std::string_view(line).substr(0, line.size() - 1));
    if (!added) return added.error().message;
  }
  const auto summary = verification.Finish();
  return summary ? "" : summary.error().message;
}

// Line number of an entry in SmallLog::Lines().
size_t LineOf(uint64_t index) { return index + index / 3; }

TEST(ExportedLog, IsVerifiedAsItWasWritten) {
  for (const uint64_t size : {1, 2, 3, 10, 12}) EXPECT_EQ(WhyRefused(SmallLog(size).Lines()), "");
  LogVerification verification(TestLogKey());
  for (const std::string& line : SmallLog(10).Lines()) {
    ASSERT_TRUE(verification.Add(std::string_view(line).substr(0, line.size() - 1)));
  }
  const auto summary = verification.Finish();
  EXPECT_EQ(summary->last.size, 10u);
  EXPECT_EQ(summary->checkpoints, 4u);
  EXPECT_EQ(summary->citizens, 3u);
  EXPECT_EQ(WhyRefused({CheckpointLine(SmallLog(0).Checkpoint(0))}), "");
}

TEST(ExportedLog, EveryBitCounts) {
  const std::vector<std::string> lines = SmallLog(5).Lines();
  for (size_t number = 0; number < lines.size(); ++number) {
    for (size_t bit = 0; bit < 8 * (lines[number].size() - 1); ++bit) {
      auto mutated = lines;
      mutated[number] = WithBitFlipped(lines[number], bit);
      EXPECT_NE(WhyRefused(mutated), "") << number << " " << bit / 8;
    }
  }
}

TEST(ExportedLog, NamesTheAlteredEntry) {
  const SmallLog log(10);
  for (uint64_t i = 0; i < 10; ++i) {
    auto lines = log.Lines();
    Entry entry = log.entry(i);
    entry.at.micros += 1;
    lines[LineOf(i)].replace(10, 2 * kEntryBytes, EntryLine(i, Encode(entry)), 10, 2 * kEntryBytes);
    EXPECT_THAT(WhyRefused(lines), HasSubstr("entry " + std::to_string(i) + " was altered"));
  }
}

TEST(ExportedLog, NamesTheDroppedEntry) {
  for (uint64_t i = 0; i < 10; ++i) {
    auto lines = SmallLog(10).Lines();
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(LineOf(i)));
    EXPECT_THAT(WhyRefused(lines), HasSubstr("entry " + std::to_string(i) + " is missing"));
  }
}

TEST(ExportedLog, NamesTheFirstOfReorderedEntries) {
  for (uint64_t i = 0; i + 1 < 10; ++i) {
    auto lines = SmallLog(10).Lines();
    std::swap(lines[LineOf(i)], lines[LineOf(i + 1)]);
    EXPECT_THAT(WhyRefused(lines), HasSubstr("entry " + std::to_string(i) + " is missing: entry " +
                                             std::to_string(i + 1)));
  }
  auto lines = SmallLog(10).Lines();
  lines.insert(lines.begin() + 1, lines.front());
  EXPECT_THAT(WhyRefused(lines), HasSubstr("entry 1 is out of order: entry 0 stands"));
}

// A forger who writes every line anew, with the places and hashes that belong to it.
std::vector<std::string> Rewritten(const std::vector<Entry>& entries,
                                   const std::vector<std::string>& checkpoints) {
  std::vector<std::string> lines;
  for (uint64_t i = 0; i < entries.size(); ++i) {
    lines.push_back(EntryLine(i, Encode(entries[i])));
    for (const std::string& checkpoint : checkpoints) {
      if (checkpoint.find("\\n" + std::to_string(i + 1) + "\\n") != checkpoint.npos) {
        lines.push_back(checkpoint);
      }
    }
  }
  return lines;
}

class Forgery : public testing::Test {
 protected:
  Forgery() {
    for (uint64_t i = 0; i < log_.size(); ++i) entries_.push_back(log_.entry(i));
    for (const std::string& line : log_.Lines()) {
      if (line.starts_with("{\"checkpoint\"")) checkpoints_.push_back(line);
    }
  }
  std::string Caught() const { return WhyRefused(Rewritten(entries_, checkpoints_)); }

  SmallLog log_{10};
  std::vector<Entry> entries_;
  std::vector<std::string> checkpoints_;
};

TEST_F(Forgery, ThatChangesNothingIsTheLog) { EXPECT_EQ(Caught(), ""); }

TEST_F(Forgery, OfAnEntryIsCaughtAtTheNextCheckpoint) {
  entries_[4].content = LeafHash("something else");
  EXPECT_THAT(Caught(), HasSubstr("entry 3 or one up to entry 5 was altered"));
}

TEST_F(Forgery, ThatLeavesOutAnEntryBreaksTheCountOfItsCitizen) {
  ASSERT_EQ(entries_[3].citizen, entries_[5].citizen);
  entries_.erase(entries_.begin() + 3);
  EXPECT_THAT(Caught(), HasSubstr("entry 4 is number 3 of its citizen, but number 2 is due"));
}

TEST_F(Forgery, ThatSwapsEntriesOfTwoCitizensIsCaughtAtTheNextCheckpoint) {
  ASSERT_NE(entries_[7].citizen, entries_[8].citizen);
  std::swap(entries_[7], entries_[8]);
  EXPECT_THAT(Caught(), HasSubstr("entry 6 or one up to entry 8 was altered, dropped or moved"));
}

TEST_F(Forgery, WithATimeThatGoesBackIsNamed) {
  uint64_t later = 1;
  while (entries_[later].citizen != entries_[0].citizen) ++later;
  entries_[later].at.micros = entries_[0].at.micros - 1;
  EXPECT_THAT(Caught(), HasSubstr("entry " + std::to_string(later) + " is earlier"));
}

TEST(ExportedLog, MustEndWithACheckpoint) {
  auto lines = SmallLog(10).Lines();
  lines.pop_back();
  EXPECT_THAT(WhyRefused(lines), HasSubstr("entry 9 and what follows are not signed"));
  EXPECT_THAT(WhyRefused({}), HasSubstr("entry 0 and what follows are not signed"));
}

TEST(ExportedLog, ThatWasCutIsCaughtByTheCheckpointThatWasKept) {
  const SmallLog log(10);
  const auto cut = SmallLog(6).Lines();
  EXPECT_EQ(WhyRefused(cut), "");
  EXPECT_EQ(WhyRefused(cut, log.Checkpoint(6)), "");
  EXPECT_EQ(WhyRefused(cut, log.Checkpoint(2)), "");
  EXPECT_THAT(WhyRefused(cut, log.Checkpoint(7)), HasSubstr("entry 6 is missing"));
  const std::string other = SignCheckpoint({4, LeafHash("another log")}, TestKey());
  EXPECT_THAT(WhyRefused(log.Lines(), other), HasSubstr("the first 4 entries are not those"));
}

TEST(ExportedLog, WithCheckpointsOutOfPlaceIsRefused) {
  const SmallLog log(6);
  auto lines = log.Lines();
  lines.push_back(lines.back());
  EXPECT_THAT(WhyRefused(lines), HasSubstr("a checkpoint of 6 entries stands behind 6"));
  lines = log.Lines();
  std::swap(lines[3], lines[4]);
  EXPECT_THAT(WhyRefused(lines), HasSubstr("a checkpoint of 3 entries stands behind 4"));
  lines = log.Lines();
  std::swap(lines[2], lines[3]);
  EXPECT_THAT(WhyRefused(lines), HasSubstr("entry 2 is missing: a checkpoint of 3 entries"));
}

// What makes its word worth something: it knows nothing of how the log is written.
TEST(LedgerVerifier, SharesNoCodeWithTheLog) {
  const std::regex include("^#include \"([^\"]+)\"");
  const std::regex allowed("base/.*|profile/ledger_verifier/.*");
  size_t files = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(KSTATI_SOURCE "/profile/ledger_verifier")) {
    std::ifstream text(file.path());
    ++files;
    for (std::string line; std::getline(text, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      EXPECT_TRUE(std::regex_match(match[1].str(), allowed)) << file.path() << ": " << line;
    }
  }
  EXPECT_GT(files, 10u);
}

}  // namespace
}  // namespace kstati::profile::ledger
