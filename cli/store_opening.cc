// SPDX-License-Identifier: Apache-2.0
#include "cli/store_opening.h"

#include <filesystem>
#include <utility>

#include "profile/ledger/key_file.h"

namespace kstati::cli {
namespace {

constexpr std::string_view kKinds[] = {"rocksdb:", "postgres:", "plproxy:"};

}  // namespace

std::string FileOf(const Config& config, std::string_view setting, std::string_view ending) {
  const std::string& configured = config.Text(setting);
  if (!configured.empty()) return configured;
  std::filesystem::path folder = config.Text("store.folder");
  if (!folder.has_filename()) folder = folder.parent_path();
  return folder.string().append(ending);
}

Result<StorePlace> StorePlace::Parse(std::string_view text) {
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    if (!text.starts_with(kKinds[i]) || text.size() == kKinds[i].size()) continue;
    return StorePlace{static_cast<Kind>(i), std::string(text.substr(kKinds[i].size()))};
  }
  return Fail(ErrorCode::kInvalidArgument, "this does not say where a store is", {},
              "write rocksdb:FOLDER, postgres:CONNECTION or plproxy:CONNECTION, as in "
              "\"postgres:host=db1 dbname=kstati\"");
}

Result<StorePlace> StorePlace::Configured(const Config& config) {
  if (config.Text("store.engine") == "rocksdb") {
    return StorePlace{Kind::kRocksDb, config.Text("store.folder")};
  }
  const std::string& conninfo = config.Text("store.postgresql");
  if (conninfo.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the configuration does not say where the database is",
                "store.postgresql (" + config.source("store.engine") + ")",
                "write store.postgresql, as in \"host=db1 dbname=kstati user=kstati\"");
  }
  const bool plain = config.Text("store.postgresql_mode") == "plain";
  return StorePlace{plain ? Kind::kPostgres : Kind::kPlProxy, conninfo};
}

std::string StorePlace::ToString() const {
  return std::string(kKinds[static_cast<size_t>(kind)]) + where;
}

Result<void> RequireExisting(const StorePlace& place) {
  if (place.kind != StorePlace::Kind::kRocksDb) return {};
  if (std::filesystem::exists(std::filesystem::path(place.where) / "CURRENT")) return {};
  return Fail(ErrorCode::kNotFound, "there is no store", place.where,
              "name the folder of one; `kstati event ingest` and `kstati serve` make stores");
}

profile::RocksDbOptions RocksDbAt(const Config& config, const std::string& folder) {
  profile::RocksDbOptions options;
  options.folder = folder;
  options.block_cache_bytes = static_cast<size_t>(config.Number("store.block_cache_mib")) << 20;
  return options;
}

Result<profile::PostgresOptions> PostgresAt(const Config& config, const StorePlace& place) {
  KSTATI_TRY_VOID(profile::CheckConninfo(place.where));
  profile::PostgresOptions options;
  options.conninfo = place.where;
  options.passfile = config.Text("store.postgresql_passfile");
  options.mode = place.kind == StorePlace::Kind::kPlProxy ? profile::PostgresMode::kPlProxy
                                                          : profile::PostgresMode::kPlain;
  options.connections_max = static_cast<size_t>(config.Number("store.postgresql_connections"));
  return options;
}

Result<std::unique_ptr<profile::Engine>> OpenEngine(const Config& config, const StorePlace& place,
                                                    const profile::ledger::SigningKey* signer,
                                                    const std::string& witness,
                                                    StoreSharing sharing) {
  if (place.kind == StorePlace::Kind::kRocksDb) {
    profile::RocksDbOptions options = RocksDbAt(config, place.where);
    options.signer = signer;
    options.witness_file = witness;
    return profile::OpenRocksDb(options);
  }
  KSTATI_TRY(profile::PostgresOptions options, PostgresAt(config, place));
  options.signer = signer;
  options.witness_file = witness;
  options.alone = sharing == StoreSharing::kAlone;
  return profile::OpenPostgres(options);
}

Result<profile::ledger::SigningKey> OpenLedgerKey(const Config& config) {
  const std::string file = LedgerKeyFile(config);
  const std::string witness = WitnessFile(config);
  // Of several partitions the first one's.
  const bool seen = std::filesystem::exists(witness) || std::filesystem::exists(witness + ".0");
  if (!std::filesystem::exists(file) && !seen) {
    KSTATI_TRY(const auto key, profile::ledger::SigningKey::Generate("kstati.ledger"));
    KSTATI_TRY_VOID(profile::ledger::WriteKeyFiles(key, file));
  }
  return profile::ledger::ReadKeyFile(file);
}

Result<bool> IsInhabited(const profile::Engine& engine) {
  bool inhabited = false;
  for (size_t partition = 0; !inhabited && partition < engine.Partitions(); ++partition) {
    const Result<void> swept =
        engine.Sweep(partition, CitizenId(), profile::kLastCitizen, [&](const profile::RowView&) {
          inhabited = true;
          return false;
        });
    const bool is_down = !swept && swept.error().code == ErrorCode::kUnavailable;
    if (!swept && (!is_down || engine.Partitions() == 1)) return Fail(swept.error());
    inhabited = inhabited || is_down;
  }
  return inhabited;
}

Result<std::unique_ptr<profile::KeySealer>> OpenKeys(const Config& config,
                                                     const profile::Engine& engine) {
  KSTATI_TRY(const bool inhabited, IsInhabited(engine));
  if (inhabited) return profile::OpenMasterKeyFile(MasterKeys(config));
  return profile::OpenOrMakeMasterKeyFile(MasterKeys(config));
}

profile::MasterKeyPlace MasterKeys(const Config& config) {
  return {MasterKeyFile(config),
          {config.Text("store.seal_command"), config.Text("store.open_command")}};
}

}  // namespace kstati::cli
