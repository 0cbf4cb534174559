// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <utility>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/ledger_files.h"
#include "cli/output.h"
#include "profile/ledger/key_file.h"
#include "profile/ledger_verifier/documents.h"

namespace kstati::cli {
namespace {

namespace verifier = ledger_verifier;

// What holds, in both forms.
struct Verdict {
  Json object;
  std::string readable;
};

std::string Counted(uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string Entries(uint64_t count) { return Counted(count, "entry", "entries"); }

// Neither who nor what: that is in the receipt.
Verdict VerdictOn(const verifier::VerifiedReceipt& receipt, const verifier::LogKey& key) {
  const verifier::Entry& entry = receipt.entry;
  return {{{"verified", "receipt"},
           {"ledger", key.name},
           {"entries", receipt.checkpoint.size},
           {"index", receipt.index},
           {"kind", entry.kind},
           {"at", entry.at.ToString()},
           {"number_of_citizen", entry.number}},
          "verified: entry " + std::to_string(receipt.index) + " of the " +
              Entries(receipt.checkpoint.size) + " of ledger " + key.name + "\n" +
              std::string(entry.kind) + " at " + entry.at.ToString() + ", number " +
              std::to_string(entry.number) + " of this citizen\n"};
}

Verdict VerdictOn(const verifier::VerifiedConsistency& proof, const verifier::LogKey& key) {
  return {{{"verified", "consistency"},
           {"ledger", key.name},
           {"first", proof.first.size},
           {"second", proof.second.size}},
          "verified: ledger " + key.name + " of " + Entries(proof.second.size) +
              " begins with that of " + Entries(proof.first.size) + "\n"};
}

Verdict VerdictOn(const verifier::Checkpoint& checkpoint, const verifier::LogKey& key) {
  return {{{"verified", "checkpoint"}, {"ledger", key.name}, {"entries", checkpoint.size}},
          "verified: signature of ledger " + key.name + " of " + Entries(checkpoint.size) + "\n"};
}

Verdict VerdictOn(const verifier::LogVerification::Summary& log, const verifier::LogKey& key) {
  return {{{"verified", "log"},
           {"ledger", key.name},
           {"entries", log.last.size},
           {"checkpoints", log.checkpoints},
           {"citizens", log.citizens}},
          "verified: all " + Entries(log.last.size) + " of ledger " + key.name + ", about " +
              Counted(log.citizens, "citizen", "citizens") + ", under " +
              Counted(log.checkpoints, "checkpoint", "checkpoints") + "\n"};
}

Verdict VerdictOn(const VerifiedPartitions& found, const verifier::LogKey& key) {
  return {{{"verified", "partitions"},
           {"ledger", key.name},
           {"partitions", found.partitions},
           {"entries", found.entries}},
          "verified: all " + Entries(found.entries) + " of the " +
              Counted(found.partitions, "partition", "partitions") + " of store " + key.name +
              "\n"};
}

class LedgerVerify final : public Command {
 public:
  std::string_view path() const override { return "ledger verify"; }
  std::string_view summary() const override {
    return "Verifies a receipt, a proof of consistency, a checkpoint or a whole exported ledger "
           "offline; names the first entry that was altered, dropped or moved.";
  }
  std::string_view examples() const override {
    return "kstati ledger verify receipt.json --key ledger.pub\n"
           "kstati ledger verify export/ --key ledger.pub --witness last_checkpoint";
  }

  void Declare(Options& options) override {
    options.Argument("PATH", path_,
                     "receipt, proof, checkpoint or exported ledger; a folder of an export is read "
                     "in the order of its file names");
    options.RequiredText("--key", "KEY", key_, "the ledger's public key, or a file that holds it");
    options.Text("--witness", "FILE", witness_,
                 "a checkpoint that was kept: the exported ledger must go on from it");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const verifier::LogKey key, ReadLogKey(key_));
    const Result<Verdict> verdict = Verify(key);
    if (verdict) {
      output_.Print(terminal, verdict->object, verdict->readable);
      return kExitFine;
    }
    const Error& error = verdict.error();
    if (error.code != ErrorCode::kCorrupt) return Fail(error);
    output_.Print(terminal,
                  {{"verified", nullptr}, {"reason", error.message}, {"place", error.place}},
                  "not verified: " + error.ToString() + "\n");
    return kExitFoundProblems;
  }

 private:
  Result<Verdict> Verify(const verifier::LogKey& key) const {
    KSTATI_TRY(const LedgerFile kind, KindOfLedgerFile(path_, key));
    if ((kind != LedgerFile::kLog || HasPartitions(path_)) && !witness_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "--witness is for exported ledgers", path_,
                  "leave it out, or verify one partition with the key beside it");
    }
    switch (kind) {
      case LedgerFile::kReceipt: return VerifyDocument(verifier::VerifyReceipt, key);
      case LedgerFile::kConsistency: return VerifyDocument(verifier::VerifyConsistency, key);
      case LedgerFile::kCheckpoint: return Told(ReadCheckpoint(path_, key), key);
      case LedgerFile::kLog:
        if (HasPartitions(path_)) return Told(VerifyPartitions(path_, key), key);
        return Told(VerifyLog(path_, key, witness_), key);
    }
    return Fail(ErrorCode::kInternal, "a kind of file without a verdict");
  }

  template <class Verified>
  Result<Verdict> VerifyDocument(Result<Verified> (*verify)(std::string_view,
                                                            const verifier::LogKey&),
                                 const verifier::LogKey& key) const {
    KSTATI_TRY(const std::string document, ReadDocument(path_));
    Result<Verified> verified = verify(document, key);
    if (!verified) return Fail(AtPlace(std::move(verified).error(), path_));
    return VerdictOn(*verified, key);
  }

  template <class Verified>
  static Result<Verdict> Told(const Result<Verified>& verified, const verifier::LogKey& key) {
    if (!verified) return Fail(verified.error());
    return VerdictOn(*verified, key);
  }

  std::string path_;
  std::string key_;
  std::string witness_;
  Output output_;
};

class LedgerKeyGenerate final : public Command {
 public:
  std::string_view path() const override { return "ledger key generate"; }
  std::string_view summary() const override {
    return "Makes the key that signs a ledger: FILE for its owner alone, FILE.pub for everybody.";
  }
  std::string_view examples() const override {
    return "kstati ledger key generate ledger.example/1 /etc/kstati/ledger.key\n"
           "kstati ledger key generate test/ledger ledger.key --format json";
  }

  void Declare(Options& options) override {
    options.Argument("NAME", name_,
                     "name of the ledger, for ever: best an address without scheme that its owner "
                     "controls");
    options.Argument("FILE", file_, "file to make; a key is never overwritten");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const auto key, profile::ledger::SigningKey::Generate(name_));
    KSTATI_TRY_VOID(profile::ledger::WriteKeyFiles(key, file_));
    const std::string shown = key.public_key().ToString();
    output_.Print(terminal,
                  {{"private_key", file_}, {"public_key", file_ + ".pub"}, {"key", shown}},
                  "private key: " + file_ + "\npublic key:  " + file_ + ".pub\n" + shown + "\n");
    return kExitFine;
  }

 private:
  std::string name_;
  std::string file_;
  Output output_;
};

}  // namespace

void AddLedger(CommandList& commands) {
  commands.push_back(std::make_unique<LedgerVerify>());
  commands.push_back(std::make_unique<LedgerKeyGenerate>());
}

}  // namespace kstati::cli
