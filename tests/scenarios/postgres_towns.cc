// SPDX-License-Identifier: Apache-2.0
// The same stories on one PostgreSQL.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/scenarios/town.h"
#include "tests/unit/profile/postgres_store.h"

namespace kstati::scenarios {
namespace {

using profile::PostgresOptions;
using profile::SharedServer;

constexpr const char* kEmptyStore = "empty_store";

PostgresOptions OptionsFor(const std::string& name) {
  return profile::PostgresAt(SharedServer(), name, profile::PostgresMode::kPlain);
}

Result<void> MakeEmptyStore() {
  SharedServer().Run("postgres", std::string("CREATE DATABASE ") + kEmptyStore);
  KSTATI_TRY_VOID(profile::MigratePostgres(OptionsFor(kEmptyStore)));
  return {};
}

// The store that a town's folder stands for, made at the first call: a copy of an empty one, since
// making one anew takes a second for each town.
Result<std::unique_ptr<profile::Engine>> OpenStoreOf(const std::string& folder,
                                                     const profile::ledger::SigningKey& signer) {
  static std::map<std::string, std::string> made;  // database by folder
  if (made.empty()) KSTATI_TRY_VOID(MakeEmptyStore());
  const auto [database, is_new] = made.emplace(folder, "town" + std::to_string(made.size()));
  if (is_new) {
    SharedServer().Run("postgres", "CREATE DATABASE " + database->second + " TEMPLATE " +
                                       kEmptyStore + " STRATEGY = wal_log");
  }
  PostgresOptions options = OptionsFor(database->second);
  options.signer = &signer;
  return profile::OpenPostgres(options);
}

class TownsOnPostgres : public testing::Environment {
 public:
  void SetUp() override { Town::EngineOfTowns() = OpenStoreOf; }
};

const auto* const kTowns = testing::AddGlobalTestEnvironment(new TownsOnPostgres);

}  // namespace
}  // namespace kstati::scenarios
