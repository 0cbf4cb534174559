// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/profile/postgres_store.h"

#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {
namespace {

class SharedServerOfTests : public testing::Environment {
 public:
  void SetUp() override {
    const std::string why = PostgresServer::WhyMissing();
    if (!why.empty()) GTEST_SKIP() << "skipped: " << why;
    server_.emplace(Settings());
    EngineOfTests() = [](const std::string& folder) { return OpenDatabaseOf(folder); };
  }
  void TearDown() override {
    server_.reset();
    second_.reset();
  }

  static PostgresServer& server() { return *server_; }
  static PostgresServer& second() {
    if (!second_) second_.emplace(Settings());
    return *second_;
  }

 private:
  static std::vector<std::string> Settings() { return {"fsync=off", "shared_buffers=32MB"}; }

  static inline std::optional<PostgresServer> server_;
  static inline std::optional<PostgresServer> second_;
};

const auto* const kShared = testing::AddGlobalTestEnvironment(new SharedServerOfTests);

}  // namespace

Result<std::unique_ptr<Engine>> OpenDatabaseOf(const std::string& folder,
                                               const std::string& witness) {
  static std::map<std::string, PostgresOptions> made;
  if (!made.contains(folder)) {
    made[folder] = MakePlainStore(SharedServer(), "plain" + std::to_string(made.size()));
  }
  made[folder].witness_file = witness;
  return OpenPostgres(made[folder]);
}

PostgresServer& SharedServer() { return SharedServerOfTests::server(); }

PostgresServer& SecondServer() { return SharedServerOfTests::second(); }

PostgresOptions PostgresAt(const PostgresServer& server, const std::string& database,
                           PostgresMode mode) {
  PostgresOptions options;
  options.conninfo = server.ConnectionTo(database);
  options.mode = mode;
  options.connections_max = 8;
  options.signer = &TestSigner();
  return options;
}

void MakeDatabase(const PostgresServer& server, const std::string& database) {
  server.Run("postgres", "CREATE DATABASE " + database);
}

PostgresOptions MakePlainStore(const PostgresServer& server, const std::string& name) {
  MakeDatabase(server, name);
  PostgresOptions options = PostgresAt(server, name);
  EXPECT_THAT(MigratePostgres(options), IsOk());
  return options;
}

PostgresOptions MakePartitionedStore(const PostgresServer& proxy, const PostgresServer& first,
                                     const PostgresServer& second, const std::string& name) {
  MakePlainStore(first, name + "_0");
  MakePlainStore(second, name + "_1");
  const std::string list =
      "p0 '" + first.ConnectionTo(name + "_0") + "', p1 '" + second.ConnectionTo(name + "_1") + "'";
  MakeDatabase(proxy, name);
  proxy.Run(name, "CREATE EXTENSION plproxy");
  proxy.Run(name, "CREATE SERVER kstati FOREIGN DATA WRAPPER plproxy OPTIONS (" + list + ")");
  proxy.Run(name, "CREATE USER MAPPING FOR PUBLIC SERVER kstati");
  PostgresOptions options = PostgresAt(proxy, name, PostgresMode::kPlProxy);
  EXPECT_THAT(MigratePostgres(options), IsOk());
  return options;
}

PostgresOptions MakePartitionedStore(const std::string& name) {
  return MakePartitionedStore(SharedServer(), SharedServer(), SecondServer(), name);
}

std::unique_ptr<Engine> OpenedPostgres(const PostgresOptions& options) {
  Result<std::unique_ptr<Engine>> engine = OpenPostgres(options);
  if (!engine) throw std::runtime_error(engine.error().ToString());
  return std::move(*engine);
}

}  // namespace kstati::profile
