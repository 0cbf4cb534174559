// SPDX-License-Identifier: Apache-2.0
// The same stories on two partitions behind PL/Proxy, on two servers of PostgreSQL.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/scenarios/town.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::scenarios {
namespace {

using profile::PostgresOptions;
using profile::SecondServer;
using profile::SharedServer;

constexpr const char* kPattern = "pattern";

// A copy of an empty store: making one anew takes a second for each town.
PostgresOptions MakeStore(const std::string& name) {
  const auto copy = [&](const profile::PostgresServer& server, const std::string& suffix) {
    server.Run("postgres", "CREATE DATABASE " + name + suffix + " TEMPLATE " + kPattern + suffix +
                               " STRATEGY = wal_log");
  };
  for (const char* suffix : {"", "_0"}) copy(SharedServer(), suffix);
  copy(SecondServer(), "_1");
  SharedServer().Run(name, "ALTER SERVER kstati OPTIONS (SET p0 '" +
                               SharedServer().ConnectionTo(name + "_0") + "', SET p1 '" +
                               SecondServer().ConnectionTo(name + "_1") + "')");
  return profile::PostgresAt(SharedServer(), name, profile::PostgresMode::kPlProxy);
}

// The store that a town's folder stands for, made at the first call.
Result<std::unique_ptr<profile::Engine>> OpenStoreOf(const std::string& folder,
                                                     const profile::ledger::SigningKey& signer) {
  static std::map<std::string, PostgresOptions> made;
  if (made.empty()) profile::MakePartitionedStore(kPattern);
  if (!made.contains(folder)) made[folder] = MakeStore("town" + std::to_string(made.size()));
  PostgresOptions options = made[folder];
  options.signer = &signer;
  return profile::OpenPostgres(options);
}

class TownsBehindPlProxy : public testing::Environment {
 public:
  void SetUp() override { Town::EngineOfTowns() = OpenStoreOf; }
};

const auto* const kTowns = testing::AddGlobalTestEnvironment(new TownsBehindPlProxy);

}  // namespace
}  // namespace kstati::scenarios
