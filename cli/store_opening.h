// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/config.h"
#include "profile/engines/engine.h"
#include "profile/ledger/signing_key.h"
#include "profile/master_key_file.h"
#include "profile/sealing.h"

namespace kstati::cli {

// The stores that the configuration or a command names, and the files that belong to them.

// The file that a setting names; when it names none, the one beside the store's folder. Not in it,
// so that a copy of the folder does not open itself.
std::string FileOf(const Config& config, std::string_view setting, std::string_view ending);
inline std::string MasterKeyFile(const Config& config) {
  return FileOf(config, "store.master_keys", ".keys");
}
profile::MasterKeyPlace MasterKeys(const Config& config);
inline std::string LedgerKeyFile(const Config& config) {
  return FileOf(config, "ledger.key_file", ".ledger");
}
inline std::string WitnessFile(const Config& config) {
  return FileOf(config, "ledger.witness_file", ".witness");
}
inline std::string ErasuresFile(const Config& config) {
  return FileOf(config, "store.erasures", ".erased");
}

// Where a store is: "rocksdb:FOLDER", "postgres:CONNINFO", "plproxy:CONNINFO".
struct StorePlace {
  enum class Kind { kRocksDb, kPostgres, kPlProxy };
  Kind kind = Kind::kRocksDb;
  std::string where;

  static Result<StorePlace> Parse(std::string_view text);
  static Result<StorePlace> Configured(const Config& config);
  std::string ToString() const;
};

// kNotFound when there is no RocksDB store, which opening would make.
Result<void> RequireExisting(const StorePlace& place);

profile::RocksDbOptions RocksDbAt(const Config& config, const std::string& folder);
// kInvalidArgument when a password stands in the place.
Result<profile::PostgresOptions> PostgresAt(const Config& config, const StorePlace& place);

// `kTogether`: others may have a database open too.
enum class StoreSharing { kAlone, kTogether };

// `signer` and the witness: see RocksDbOptions; the witness may be empty.
Result<std::unique_ptr<profile::Engine>> OpenEngine(const Config& config, const StorePlace& place,
                                                    const profile::ledger::SigningKey* signer,
                                                    const std::string& witness,
                                                    StoreSharing sharing = StoreSharing::kAlone);

// A ledger that nobody has seen yet gets a new key.
Result<profile::ledger::SigningKey> OpenLedgerKey(const Config& config);
// Whether anybody is in the store; a partition that is down may hold people, as long as another one
// answers.
Result<bool> IsInhabited(const profile::Engine& engine);
// A store that holds nobody yet gets a new key; another is opened with its own only.
Result<std::unique_ptr<profile::KeySealer>> OpenKeys(const Config& config,
                                                     const profile::Engine& engine);

}  // namespace kstati::cli
