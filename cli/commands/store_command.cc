// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/progress.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/store_opening.h"
#include "profile/backups.h"
#include "profile/erasures.h"
#include "profile/store.h"
#include "profile/store_verification.h"

namespace kstati::cli {
namespace {

std::string Counted(uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

Json ToJson(const profile::Backup& backup) {
  return {
      {"number", backup.number}, {"made_at", backup.made_at.ToString()}, {"bytes", backup.bytes}};
}

// The configured store, which must be RocksDB's.
Result<StorePlace> ConfiguredRocksDb(const Config& config) {
  KSTATI_TRY(const StorePlace place, StorePlace::Configured(config));
  if (place.kind == StorePlace::Kind::kRocksDb) return place;
  return Fail(ErrorCode::kUnsupported, "backups of a database are made by its own tools", {},
              "use pg_basebackup, pgBackRest or Barman; or `kstati store copy` into a RocksDB "
              "folder, and back that up");
}

// Everything of a store that reading it needs.
struct OpenedStore {
  profile::ledger::SigningKey ledger_key;
  std::unique_ptr<profile::Engine> engine;
};

Result<std::unique_ptr<OpenedStore>> OpenConfigured(const Config& config, StoreSharing sharing) {
  KSTATI_TRY(const StorePlace place, StorePlace::Configured(config));
  KSTATI_TRY_VOID(RequireExisting(place));
  KSTATI_TRY(auto key, OpenLedgerKey(config));
  auto opened = std::make_unique<OpenedStore>(OpenedStore{std::move(key), nullptr});
  KSTATI_TRY(opened->engine,
             OpenEngine(config, place, &opened->ledger_key, WitnessFile(config), sharing));
  return opened;
}

Result<profile::StoreVerification> Verify(const Config& config, const profile::Engine& engine,
                                          const profile::ledger::PublicKey& key) {
  KSTATI_TRY(auto sealer, OpenKeys(config, engine));
  profile::CitizenKeys keys(std::move(sealer));
  Progress progress("rows and entries", 0);
  return profile::VerifyStore(engine, keys, key, [&progress] { progress.Advance(); });
}

Json ToJson(const profile::StoreVerification& found) {
  Json problems = Json::array();
  for (const Error& each : found.problems) {
    problems.push_back({{"place", each.place}, {"problem", each.message}});
  }
  return {{"citizens", found.citizens},
          {"erased", found.erased},
          {"records", found.records},
          {"log_entries", found.log_entries},
          {"ledger_entries", found.ledger_entries},
          {"problems_found", found.problems_found},
          {"problems", problems}};
}

std::string Readable(const profile::StoreVerification& found) {
  std::string text = Counted(found.citizens, "citizen", "citizens") + " (" +
                     std::to_string(found.erased) + " erased), " +
                     Counted(found.records, "record", "records") + ", " +
                     Counted(found.log_entries, "log entry", "log entries") + ", " +
                     Counted(found.ledger_entries, "ledger entry", "ledger entries") + "\n";
  for (const Error& each : found.problems) text += each.place + ": " + each.message + "\n";
  return text + (found.problems_found == 0
                     ? "everything is sound\n"
                     : Counted(found.problems_found, "problem", "problems") + "\n");
}

class StoreMigrate final : public Command {
 public:
  std::string_view path() const override { return "store migrate"; }
  std::string_view summary() const override {
    return "Brings the schema of a PostgreSQL store to this program's version; with the servers of "
           "Kstati stopped, and safe to repeat.";
  }
  std::string_view examples() const override {
    return "kstati store migrate\n"
           "kstati store migrate --database \"postgres:host=db2 dbname=kstati\"";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    options.Text(
        "--database", "PLACE", place_,
        "postgres:CONNECTION, also of one partition, or plproxy:CONNECTION; without it the "
        "configured store");
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const StorePlace place,
               place_.empty() ? StorePlace::Configured(config) : StorePlace::Parse(place_));
    std::vector<std::string> applied;
    if (place.kind != StorePlace::Kind::kRocksDb) {
      KSTATI_TRY(const profile::PostgresOptions options, PostgresAt(config, place));
      KSTATI_TRY(applied, profile::MigratePostgres(options));
    }
    std::string readable;
    for (const std::string& name : applied) readable += "applied " + name + "\n";
    if (applied.empty()) readable = "nothing to migrate\n";
    output_.Print(terminal, {{"store", place.ToString()}, {"applied", applied}}, readable);
    return kExitFine;
  }

 private:
  std::string place_;
  Connection connection_;
  Output output_;
};

class StoreBackup final : public Command {
 public:
  std::string_view path() const override { return "store backup"; }
  std::string_view summary() const override {
    return "Adds a verified backup of the RocksDB store to a folder; files that an earlier one has "
           "are not copied again. Keys, witness and list of erased persons are not in it. A "
           "running "
           "server makes it itself, while work goes on.";
  }
  std::string_view examples() const override {
    return "kstati store backup /mnt/backups\n"
           "kstati store backup --server 127.0.0.1:9090 --token-file operator.token\n"
           "kstati store backup /mnt/backups --list";
  }

  void Declare(Options& options) override {
    options.OptionalArgument("BACKUPS", backups_,
                             "folder of backups, made when it is missing; without it that of the "
                             "configuration, as a server has it");
    options.Flag("--list", list_, "shows the backups there are and makes none");
    connection_.Declare(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    if (connection_.is_remote()) return AskServer(terminal);
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    if (backups_.empty()) backups_ = config.Text("store.backups");
    if (backups_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "there is no folder of backups named", "BACKUPS",
                  "name it, or set store.backups");
    }
    if (list_) {
      KSTATI_TRY(const std::vector<profile::Backup> found, profile::ListBackups(backups_));
      std::vector<Json> records;
      for (const profile::Backup& each : found) records.push_back(ToJson(each));
      output_.Print(terminal, records,
                    {{"number", "NUMBER"}, {"made_at", "MADE"}, {"bytes", "BYTES"}});
      return kExitFine;
    }
    KSTATI_TRY(const StorePlace place, ConfiguredRocksDb(config));
    KSTATI_TRY_VOID(RequireExisting(place));
    KSTATI_TRY(const auto key, OpenLedgerKey(config));
    profile::RocksDbOptions options = RocksDbAt(config, place.where);
    options.signer = &key;
    options.witness_file = WitnessFile(config);
    KSTATI_TRY(const profile::Backup made, BackUp(options));
    Print(terminal, made);
    return kExitFine;
  }

 private:
  Result<profile::Backup> BackUp(const profile::RocksDbOptions& options) const {
    Progress progress("bytes copied", 0);
    return profile::BackUpRocksDb(options, backups_,
                                  [&progress](uint64_t bytes) { progress.Advance(bytes); });
  }

  // The server knows where its backups go: whoever may ask for one cannot make it write elsewhere.
  Result<int> AskServer(const Terminal& terminal) {
    if (list_ || !backups_.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "a server makes backups in its own folder",
                  list_ ? "--list" : "BACKUPS", "leave it out; store.backups names the folder");
    }
    constexpr int kSecondsMax = 6 * 60 * 60;
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.OpenPatiently(kSecondsMax));
    rpc::StoreBackup made;
    kstati->backUpStore(made, connection_.context());
    KSTATI_TRY(const Instant made_at, Instant::Parse(made.made_at));
    Print(terminal,
          {static_cast<uint32_t>(made.number), made_at, static_cast<uint64_t>(made.bytes)});
    return kExitFine;
  }

  void Print(const Terminal& terminal, const profile::Backup& made) const {
    output_.Print(terminal, ToJson(made),
                  "backup " + std::to_string(made.number) + ", " + std::to_string(made.bytes) +
                      " bytes, verified\n");
  }

  std::string backups_;
  bool list_ = false;
  Connection connection_;
  Output output_;
};

class StoreRestore final : public Command {
 public:
  std::string_view path() const override { return "store restore"; }
  std::string_view summary() const override {
    return "Makes the configured RocksDB store from a backup, erases again who was erased since, "
           "and reads all of it.";
  }
  std::string_view examples() const override {
    return "kstati store restore /mnt/backups\n"
           "kstati store restore /mnt/backups --number 3 --data var/restored";
  }

  void Declare(Options& options) override {
    options.Argument("BACKUPS", backups_, "folder of backups");
    options.Number("--number", "NUMBER", number_, 0, UINT32_MAX, "which backup; 0: the latest one");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const StorePlace place, ConfiguredRocksDb(config));
    KSTATI_TRY(const profile::Backup backup, RestoreAt(place.where));
    KSTATI_TRY(const auto opened, OpenConfigured(config, StoreSharing::kAlone));
    KSTATI_TRY(auto keys, OpenKeys(config, *opened->engine));
    profile::Store store(std::move(opened->engine), std::move(keys));
    KSTATI_TRY(const size_t erased,
               store.HonourErasures(std::make_unique<profile::ErasureList>(ErasuresFile(config)),
                                    SystemClock().Now()));
    KSTATI_TRY(const auto found, Verify(config, store.engine(), opened->ledger_key.public_key()));
    Json object = ToJson(backup);
    object["erased_again"] = erased;
    object["verification"] = ToJson(found);
    output_.Print(terminal, object,
                  "backup " + std::to_string(backup.number) + " of " + backup.made_at.ToString() +
                      "\n" + Counted(erased, "person", "persons") + " erased again\n" +
                      Readable(found));
    return found.problems_found == 0 ? kExitFine : kExitFoundProblems;
  }

 private:
  Result<profile::Backup> RestoreAt(const std::string& folder) const {
    Progress progress("bytes copied", 0);
    return profile::RestoreRocksDb(backups_, static_cast<uint32_t>(number_), folder,
                                   [&progress](uint64_t bytes) { progress.Advance(bytes); });
  }

  std::string backups_;
  int64_t number_ = 0;
  Connection connection_;
  Output output_;
};

class StoreVerify final : public Command {
 public:
  std::string_view path() const override { return "store verify"; }
  std::string_view summary() const override {
    return "Reads all of the store: that everything unseals and decodes, no counter has a gap, and "
           "the ledger is the one that was signed.";
  }
  std::string_view examples() const override {
    return "kstati store verify\n"
           "kstati store verify --data var/restored --format json";
  }

  void Declare(Options& options) override {
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto opened, OpenConfigured(config, StoreSharing::kTogether));
    KSTATI_TRY(const auto found, Verify(config, *opened->engine, opened->ledger_key.public_key()));
    output_.Print(terminal, ToJson(found), Readable(found));
    return found.problems_found == 0 ? kExitFine : kExitFoundProblems;
  }

 private:
  Connection connection_;
  Output output_;
};

}  // namespace

void AddStore(CommandList& commands) {
  commands.push_back(std::make_unique<StoreMigrate>());
  commands.push_back(std::make_unique<StoreBackup>());
  commands.push_back(std::make_unique<StoreRestore>());
  commands.push_back(std::make_unique<StoreVerify>());
}

}  // namespace kstati::cli
