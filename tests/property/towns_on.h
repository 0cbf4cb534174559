// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "tests/scenarios/town.h"
#include "tests/unit/profile/postgres_server.h"

namespace kstati::property {

enum class EngineKind { kRocksDb, kPostgres };

inline std::string NameOf(EngineKind kind) {
  return kind == EngineKind::kRocksDb ? "RocksDb" : "Postgres";
}

// While it lives, towns are on engines of this kind; on PostgreSQL each folder stands for a
// database of a server of its own. Made in the first thread: the server dies with it.
class TownsOn {
 public:
  explicit TownsOn(EngineKind kind) : before_(scenarios::Town::EngineOfTowns()) {
    if (kind == EngineKind::kRocksDb) return;
    why_not_ = profile::PostgresServer::WhyMissing();
    if (!why_not_.empty()) return;
    server_ = std::make_unique<profile::PostgresServer>(
        std::vector<std::string>{"fsync=off", "shared_buffers=32MB"});
    scenarios::Town::EngineOfTowns() = [this](const std::string& folder,
                                              const profile::ledger::SigningKey& signer) {
      return Open(folder, signer);
    };
  }
  ~TownsOn() { scenarios::Town::EngineOfTowns() = before_; }
  TownsOn(const TownsOn&) = delete;
  TownsOn& operator=(const TownsOn&) = delete;

  // Why towns cannot be on such engines here; empty when they can.
  const std::string& why_not() const { return why_not_; }
  // Null on RocksDB.
  profile::PostgresServer* server() { return server_.get(); }

 private:
  Result<std::unique_ptr<profile::Engine>> Open(const std::string& folder,
                                                const profile::ledger::SigningKey& signer) {
    profile::PostgresOptions options;
    options.signer = &signer;
    options.connections_max = 8;
    options.alone = true;
    const auto [database, is_new] = databases_.emplace(folder, "");
    if (is_new) database->second = "town" + std::to_string(databases_.size());
    options.conninfo = server_->ConnectionTo(database->second);
    if (is_new) {
      server_->Run("postgres", "CREATE DATABASE " + database->second);
      KSTATI_TRY_VOID(profile::MigratePostgres(options));
    }
    // The server may take a moment to see that a killed program is gone, or to start again.
    auto engine = profile::OpenPostgres(options);
    for (int i = 0; i < 500 && !engine; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      engine = profile::OpenPostgres(options);
    }
    return engine;
  }

  const scenarios::Town::OpenEngine before_;
  std::string why_not_;
  std::unique_ptr<profile::PostgresServer> server_;
  std::map<std::string, std::string> databases_;  // by folder
};

}  // namespace kstati::property
