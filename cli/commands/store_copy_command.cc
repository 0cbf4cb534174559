// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/store_opening.h"
#include "profile/ledger/key_file.h"
#include "profile/store_copy.h"

namespace kstati::cli {
namespace {

class StoreCopyCommand final : public Command {
 public:
  std::string_view path() const override { return "store copy"; }
  std::string_view summary() const override {
    return "Copies a store into another engine, stamps and signed ledger included, and compares "
           "both. With the servers of Kstati stopped; repeated after an interruption, it goes on.";
  }
  std::string_view examples() const override {
    return "kstati store copy --from rocksdb:var/store --to \"postgres:host=db1 dbname=kstati\"\n"
           "kstati store copy --from \"postgres:host=db1 dbname=kstati\" --to rocksdb:copy";
  }

  void Declare(Options& options) override {
    options.RequiredText("--from", "PLACE", from_,
                         "rocksdb:FOLDER, postgres:CONNECTION or plproxy:CONNECTION");
    options.RequiredText("--to", "PLACE", to_, "the same; a database must be migrated before");
    options.Text("--config", "FILE", config_file_,
                 "configuration, for the ledger's key and witness; without it kstati.toml of this "
                 "folder");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    std::vector<Issue> issues;
    KSTATI_TRY(const StorePlace source, StorePlace::Parse(from_));
    KSTATI_TRY(const StorePlace target, StorePlace::Parse(to_));
    KSTATI_TRY_VOID(RequireExisting(source));
    KSTATI_TRY(Config config, Config::Find(config_file_, issues));
    // The ledger's key and witness are those beside the folder, unless they are configured.
    if (source.kind == StorePlace::Kind::kRocksDb)
      config.Set("store.folder", source.where, "--from");
    KSTATI_TRY(const auto key, profile::ledger::ReadKeyFile(LedgerKeyFile(config)));
    KSTATI_TRY(const auto from,
               OpenEngine(config, source, &key, WitnessFile(config), StoreSharing::kTogether));
    // The target lacks entries until all are copied: the witness is asked when it is used.
    KSTATI_TRY(const auto to, OpenEngine(config, target, &key, {}));
    KSTATI_TRY(const profile::CopyCounts copied, Copy(*from, *to));
    KSTATI_TRY_VOID(Compare(*from, *to));
    output_.Print(terminal,
                  {{"from", source.ToString()},
                   {"to", target.ToString()},
                   {"citizens", copied.citizens},
                   {"log_entries", copied.log_entries},
                   {"ledger_entries", copied.ledger_entries},
                   {"written", copied.written},
                   {"same", true}},
                  std::to_string(copied.citizens) + " rows, " + std::to_string(copied.log_entries) +
                      " log entries and " + std::to_string(copied.ledger_entries) +
                      " ledger entries are the same; " + std::to_string(copied.written) +
                      " of them were written\n");
    return kExitFine;
  }

 private:
  static Result<profile::CopyCounts> Copy(const profile::Engine& from, profile::Engine& to) {
    Progress progress("copied", 0);
    return profile::CopyStore(from, to, [&progress] { progress.Advance(); });
  }

  static Result<void> Compare(const profile::Engine& from, const profile::Engine& to) {
    Progress progress("compared", 0);
    KSTATI_TRY_VOID(profile::CompareStores(from, to, [&progress] { progress.Advance(); }));
    return {};
  }

  std::string from_;
  std::string to_;
  std::string config_file_;
  Output output_;
};

}  // namespace

void AddStoreCopy(CommandList& commands) {
  commands.push_back(std::make_unique<StoreCopyCommand>());
}

}  // namespace kstati::cli
