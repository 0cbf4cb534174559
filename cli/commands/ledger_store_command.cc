// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/ledger_files.h"
#include "cli/output.h"
#include "cli/system.h"
#include "profile/ledger/checkpoint.h"
#include "profile/ledger/documents.h"
#include "profile/ledger/durable_file.h"
#include "profile/ledger/partitions.h"

namespace kstati::cli {
namespace {

constexpr size_t kEntriesAtOnce = 1'000;

class LedgerReceipt final : public Command {
 public:
  std::string_view path() const override { return "ledger receipt"; }
  std::string_view summary() const override {
    return "Writes the proof that an entry about a citizen is in the ledger. It says what was "
           "done, "
           "so it is for the citizen.";
  }
  std::string_view examples() const override {
    return "kstati ledger receipt 17 1 > receipt.json\n"
           "kstati ledger verify receipt.json --key var/store.ledger.pub";
  }

  void Declare(Options& options) override {
    options.Argument("CITIZEN", citizen_, "number of the citizen");
    options.Argument("NUMBER", number_, "number of the entry among the citizen's, from 1");
    connection_.DeclareLocal(options);
  }

  // The bytes are what is verified: a file gets nothing else.
  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const CitizenId citizen, CitizenId::Parse(citizen_));
    KSTATI_TRY(const CitizenId number, CitizenId::Parse(number_));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const std::string receipt, system->store().DeedReceipt(citizen, number.number()));
    terminal.out << receipt << (terminal.out_is_terminal ? "\n" : "");
    return kExitFine;
  }

 private:
  std::string citizen_;
  std::string number_;
  Connection connection_;
};

class LedgerConsistency final : public Command {
 public:
  std::string_view path() const override { return "ledger consistency"; }
  std::string_view summary() const override {
    return "Writes the proof that the ledger only grew between two checkpoints that somebody kept.";
  }
  std::string_view examples() const override {
    return "kstati ledger consistency seen.checkpoint export/checkpoint > grown.json\n"
           "kstati ledger verify grown.json --key var/store.ledger.pub";
  }

  void Declare(Options& options) override {
    options.Argument("FIRST", first_, "file with the earlier checkpoint, a signed note");
    options.Argument("SECOND", second_, "file with the later one");
    options.Number("--partition", "NUMBER", partition_, 0, INT32_MAX,
                   "whose ledger, where a store has several");
    connection_.DeclareLocal(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const std::string first, ReadNote(first_, "FIRST"));
    KSTATI_TRY(const std::string second, ReadNote(second_, "SECOND"));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    const auto partition = static_cast<size_t>(partition_);
    if (partition >= system->store().Partitions()) {
      return Fail(ErrorCode::kInvalidArgument, "the store has no such partition", "--partition",
                  "partitions are numbered from 0");
    }
    KSTATI_TRY(const std::string proof,
               system->store().LedgerConsistency(partition, first, second));
    terminal.out << proof << (terminal.out_is_terminal ? "\n" : "");
    return kExitFine;
  }

 private:
  static Result<std::string> ReadNote(const std::string& path, const char* argument) {
    KSTATI_TRY(const auto note,
               profile::ledger::ReadSmallFile(path, profile::ledger::kNoteBytesMax));
    if (note) return *note;
    return Fail(ErrorCode::kNotFound, "there is no file " + path, argument,
                "name a file with a signed checkpoint, as the witness file is");
  }

  std::string first_;
  std::string second_;
  int64_t partition_ = 0;
  Connection connection_;
};

class LedgerExport final : public Command {
 public:
  std::string_view path() const override { return "ledger export"; }
  std::string_view summary() const override {
    return "Writes the whole ledger and its public key into a folder, for `kstati ledger verify`. "
           "It holds no data about a person.";
  }
  std::string_view examples() const override {
    return "kstati ledger export export/\n"
           "kstati ledger verify export/ --key export/ledger.pub";
  }

  void Declare(Options& options) override {
    options.Argument("FOLDER", folder_, "folder to make or to write into");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    const profile::Engine& engine = system->store().engine();
    const size_t partitions = engine.Partitions();
    uint64_t entries = 0;
    std::vector<profile::ledger::Checkpoint> heads;
    for (size_t partition = 0; partition < partitions; ++partition) {
      const profile::ledger::PublicKey key =
          profile::ledger::KeyOfPartition(system->ledger_key().public_key(), partition, partitions);
      const std::string folder =
          partitions == 1 ? folder_ : folder_ + "/" + PartitionFolder(partition, partitions);
      KSTATI_TRY(heads.emplace_back(), Write(engine, partition, folder, key));
      entries += heads.back().size;
    }
    if (partitions > 1) {
      KSTATI_TRY_VOID(WriteKey(folder_, system->ledger_key().public_key()));
      std::ofstream note(folder_ + "/heads");
      note << profile::ledger::SignHeads(heads, system->ledger_key());
      if (!note.flush()) return Refused("a file cannot be written");
    }
    output_.Print(terminal, {{"folder", folder_}, {"entries", entries}},
                  std::to_string(entries) + " entries written to " + folder_ + "\n");
    return kExitFine;
  }

 private:
  tl::unexpected<Error> Refused(std::string problem) const {
    return Fail(ErrorCode::kUnavailable, "the ledger cannot be exported: " + std::move(problem),
                folder_, "check the folder's rights and the free space");
  }

  Result<void> WriteKey(const std::string& folder, const profile::ledger::PublicKey& key) const {
    std::ofstream file(folder + "/ledger.pub");
    file << key.ToString() << "\n";
    if (!file.flush()) return Refused("a file cannot be written");
    return {};
  }

  // The entries that the checkpoint covers, which is read first: later ones are for the next
  // export.
  Result<profile::ledger::Checkpoint> Write(const profile::Engine& engine, size_t partition,
                                            const std::string& folder,
                                            const profile::ledger::PublicKey& key) const {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) return Refused(problem.message());
    KSTATI_TRY_VOID(WriteKey(folder, key));
    KSTATI_TRY(const std::string note, engine.ReadCheckpoint(partition));
    profile::ledger::Checkpoint head{0, profile::ledger::EmptyRoot()};
    if (!note.empty()) {
      KSTATI_TRY(head, profile::ledger::ReadCheckpoint(note, key));
    }
    std::ofstream file(folder + "/ledger-" + std::to_string(partition) + ".jsonl");
    for (uint64_t index = 0; index < head.size;) {
      KSTATI_TRY(const std::vector<std::string> page,
                 engine.ReadLedger(partition, index,
                                   std::min<uint64_t>(kEntriesAtOnce, head.size - index)));
      if (page.empty()) return Refused("an entry is missing");
      for (const std::string& entry : page) {
        file << profile::ledger::EntryLine(index++, entry);
      }
    }
    if (head.size > 0) file << profile::ledger::CheckpointLine(note);
    if (!file.flush()) return Refused("a file cannot be written");
    return head;
  }

  std::string folder_;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddLedgerOfStore(CommandList& commands) {
  commands.push_back(std::make_unique<LedgerReceipt>());
  commands.push_back(std::make_unique<LedgerConsistency>());
  commands.push_back(std::make_unique<LedgerExport>());
}

}  // namespace kstati::cli
