// SPDX-License-Identifier: Apache-2.0
// `kstati ledger` on files: what is verified, what is found, and with which exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command_line.h"
#include "profile/ledger/key_file.h"
#include "tests/unit/ledger/small_log.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;
namespace ledger = profile::ledger;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LedgerCommand : public testing::Test {
 protected:
  struct Done {
    int code = 0;
    std::string out;
    std::string err;
  };

  LedgerCommand() { Write("key", ledger::TestKey().public_key().ToString() + "\n"); }

  Done Run(std::vector<std::string> words) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.begin(), "ledger");
    words.insert(words.end(), {"--format", "table"});
    const int code = RunCommandLine(words, {in, out, err});
    return {code, out.str(), err.str()};
  }
  Done Verify(const std::string& name, const std::string& witness = {}) {
    std::vector<std::string> words{"verify", folder_ / name, "--key", folder_ / "key"};
    if (!witness.empty()) words.insert(words.end(), {"--witness", folder_ / witness});
    return Run(words);
  }
  void Write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  // The lines from number `from` to before number `to`.
  void WriteLog(const std::string& name, const std::vector<std::string>& lines, size_t from = 0,
                size_t to = SIZE_MAX) {
    std::string text;
    for (size_t i = from; i < std::min(to, lines.size()); ++i) text += lines[i];
    Write(name, text);
  }

  profile::TemporaryFolder folder_;
  ledger::SmallLog log_{10};
};

TEST_F(LedgerCommand, VerifiesAReceiptWithoutTellingWhomItIsAbout) {
  Write("receipt.json", *ledger::ToJson(log_.ReceiptOf(3, 10)));
  const Done done = Verify("receipt.json");
  EXPECT_EQ(done.code, kExitFine) << done.err;
  EXPECT_THAT(done.out,
              AllOf(HasSubstr("verified: entry 3 of the 10 entries of ledger ledger.example/1"),
                    HasSubstr("access at 2026-03-15T09:00:03.000003Z, number 2 of this citizen"),
                    Not(HasSubstr("000000000017")), Not(HasSubstr("reason"))));
  Write("receipt.json", *ledger::ToJson(log_.ReceiptOf(3, 10)) + "\n");
  EXPECT_EQ(Verify("receipt.json").code, kExitFine);
}

TEST_F(LedgerCommand, TakesTheKeyAsTextToo) {
  Write("receipt.json", *ledger::ToJson(log_.ReceiptOf(3, 10)));
  const std::string key = ledger::TestKey().public_key().ToString();
  EXPECT_EQ(Run({"verify", folder_ / "receipt.json", "--key", key}).code, kExitFine);
  const auto other = ledger::SigningKey::Generate("ledger.example/1");
  const Done done =
      Run({"verify", folder_ / "receipt.json", "--key", other->public_key().ToString()});
  EXPECT_EQ(done.code, kExitFoundProblems);
  EXPECT_THAT(done.out, HasSubstr("not verified: the checkpoint is not signed with"));
}

TEST_F(LedgerCommand, SaysWhyAReceiptIsNotVerified) {
  ledger::Receipt receipt = log_.ReceiptOf(3, 10);
  receipt.content = "{}";
  Write("receipt.json", *ledger::ToJson(receipt));
  const Done done = Verify("receipt.json");
  EXPECT_EQ(done.code, kExitFoundProblems);
  EXPECT_THAT(done.out, AllOf(HasSubstr("not verified: the entry is not about the content"),
                              HasSubstr("receipt.json")));
  EXPECT_THAT(done.err, IsEmpty());
}

TEST_F(LedgerCommand, VerifiesAProofOfConsistency) {
  Write("proof.json", log_.Consistency(4, 9));
  EXPECT_THAT(Verify("proof.json").out,
              HasSubstr("ledger ledger.example/1 of 9 entries begins with that of 4 entries"));
  const std::string wrong = ledger::ConsistencyJson(log_.Checkpoint(4), log_.Checkpoint(9),
                                                    *ledger::ConsistencyProof(5, 9, log_.tree()));
  Write("proof.json", wrong);
  EXPECT_EQ(Verify("proof.json").code, kExitFoundProblems);
}

TEST_F(LedgerCommand, VerifiesACheckpoint) {
  Write("checkpoint", log_.Checkpoint(9));
  EXPECT_THAT(Verify("checkpoint").out,
              HasSubstr("verified: signature of ledger ledger.example/1 of 9 entries"));
  Write("checkpoint", log_.Checkpoint(9) + "x");
  EXPECT_EQ(Verify("checkpoint").code, kExitFoundProblems);
}

TEST_F(LedgerCommand, VerifiesAnExportInOneFileOrInParts) {
  const auto lines = log_.Lines();
  WriteLog("log.jsonl", lines);
  const Done whole = Verify("log.jsonl");
  EXPECT_EQ(whole.code, kExitFine) << whole.err;
  EXPECT_THAT(whole.out, HasSubstr("verified: all 10 entries of ledger ledger.example/1, about 3 "
                                   "citizens, under 4 checkpoints"));
  WriteLog("parts/0001.jsonl", lines, 0, 5);
  WriteLog("parts/0002.jsonl", lines, 5);
  Write("parts/README", "not a part");
  EXPECT_EQ(Verify("parts").out, whole.out);
}

TEST_F(LedgerCommand, NamesTheFirstEntryThatIsWrongAndItsLine) {
  const auto lines = log_.Lines();
  WriteLog("parts/0001.jsonl", lines, 0, 5);
  WriteLog("parts/0002.jsonl", lines, 6);
  const Done dropped = Verify("parts");
  EXPECT_EQ(dropped.code, kExitFoundProblems);
  EXPECT_THAT(dropped.out,
              AllOf(HasSubstr("not verified: entry 4 is missing"), HasSubstr("0002.jsonl:1")));
  std::string altered = lines[2];
  altered[20] = altered[20] == '0' ? '1' : '0';
  WriteLog("log.jsonl", {lines[0], lines[1], altered});
  EXPECT_THAT(Verify("log.jsonl").out,
              AllOf(HasSubstr("entry 2 was altered"), HasSubstr("log.jsonl:3")));
  Write("log.jsonl", "rubbish");
  EXPECT_THAT(Verify("log.jsonl").out, HasSubstr("entry 0 was altered"));
  Write("log.jsonl", "");
  EXPECT_THAT(Verify("log.jsonl").out, HasSubstr("entry 0 and what follows are not signed"));
  Write("log.jsonl", std::string(100'000, 'x'));
  EXPECT_THAT(Verify("log.jsonl").out, HasSubstr("too long"));
}

TEST_F(LedgerCommand, HoldsAnExportAgainstTheCheckpointThatWasKept) {
  WriteLog("log.jsonl", ledger::SmallLog(6).Lines());
  Write("witness", log_.Checkpoint(4));
  EXPECT_EQ(Verify("log.jsonl", "witness").code, kExitFine);
  Write("witness", log_.Checkpoint(8));
  const Done cut = Verify("log.jsonl", "witness");
  EXPECT_EQ(cut.code, kExitFoundProblems);
  EXPECT_THAT(cut.out, HasSubstr("entry 6 is missing: the log ends there, but a checkpoint that "
                                 "was kept has 8 entries"));
  Write("witness", "rubbish");
  const Done rubbish = Verify("log.jsonl", "witness");
  EXPECT_EQ(rubbish.code, KindOf(ErrorCode::kInvalidArgument).exit_code);
  EXPECT_THAT(rubbish.err, HasSubstr("witness"));
}

TEST_F(LedgerCommand, ReportsWhatItCannotUse) {
  EXPECT_EQ(Verify("none").code, KindOf(ErrorCode::kNotFound).exit_code);
  fs::create_directory(folder_ / "empty");
  EXPECT_EQ(Verify("empty").code, KindOf(ErrorCode::kNotFound).exit_code);
  Write("receipt.json", *ledger::ToJson(log_.ReceiptOf(3, 10)));
  Write("witness", log_.Checkpoint(4));
  EXPECT_EQ(Verify("receipt.json", "witness").code, KindOf(ErrorCode::kInvalidArgument).exit_code);
  EXPECT_EQ(Verify("receipt.json", "none").code, KindOf(ErrorCode::kInvalidArgument).exit_code);
  Write("key", "rubbish");
  const Done done = Verify("receipt.json");
  EXPECT_EQ(done.code, KindOf(ErrorCode::kInvalidArgument).exit_code);
  EXPECT_THAT(done.err, HasSubstr("the log's public key begins with no name"));
}

TEST_F(LedgerCommand, MakesAKeyThatSignsWhatItVerifies) {
  const std::string file = folder_ / "new.key";
  const Done made = Run({"key", "generate", "ledger.example/2", file});
  EXPECT_EQ(made.code, kExitFine) << made.err;
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto key = ledger::ReadKeyFile(file);
  EXPECT_THAT(made.out,
              AllOf(HasSubstr(key->public_key().ToString()), Not(HasSubstr("PRIVATE+KEY"))));
  Write("log.jsonl",
        ledger::CheckpointLine(ledger::SignCheckpoint({0, ledger::EmptyRoot()}, *key)));
  EXPECT_EQ(Run({"verify", folder_ / "log.jsonl", "--key", file + ".pub"}).code, kExitFine);
  EXPECT_EQ(Run({"key", "generate", "ledger.example/2", file}).code,
            KindOf(ErrorCode::kConflict).exit_code);
  EXPECT_EQ(Run({"key", "generate", "two words", folder_ / "other"}).code,
            KindOf(ErrorCode::kInvalidArgument).exit_code);
}

}  // namespace
}  // namespace kstati::cli
