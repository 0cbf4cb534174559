// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "profile/engines/engine.h"
#include "tests/unit/profile/postgres_server.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {

// Stores on a server of the test.

inline PostgresOptions PostgresAt(const PostgresServer& server, const std::string& database,
                                  PostgresMode mode = PostgresMode::kPlain) {
  PostgresOptions options;
  options.conninfo = server.ConnectionTo(database);
  options.mode = mode;
  options.connections_max = 8;
  return options;
}

inline void MakeDatabase(const PostgresServer& server, const std::string& database) {
  server.Run("postgres", "CREATE DATABASE " + database);
}

inline void Migrate(const PostgresOptions& options) {
  EXPECT_THAT(MigratePostgres(options), IsOk());
}

inline PostgresOptions MakePlainStore(const PostgresServer& server, const std::string& name) {
  MakeDatabase(server, name);
  const PostgresOptions options = PostgresAt(server, name);
  Migrate(options);
  return options;
}

// Two databases and a third one that reaches them through PL/Proxy.
inline PostgresOptions MakePartitionedStore(const PostgresServer& proxy,
                                            const PostgresServer& partitions,
                                            const std::string& name) {
  std::string list;
  for (const char* number : {"0", "1"}) {
    const std::string partition = name + "_" + number;
    MakePlainStore(partitions, partition);
    list += list.empty() ? "p" : ", p";
    list += number + (" '" + partitions.ConnectionTo(partition) + "'");
  }
  MakeDatabase(proxy, name);
  proxy.Run(name, "CREATE EXTENSION plproxy");
  proxy.Run(name, "CREATE SERVER kstati FOREIGN DATA WRAPPER plproxy OPTIONS (" + list + ")");
  proxy.Run(name, "CREATE USER MAPPING FOR PUBLIC SERVER kstati");
  const PostgresOptions options = PostgresAt(proxy, name, PostgresMode::kPlProxy);
  Migrate(options);
  return options;
}

inline std::unique_ptr<Engine> OpenedPostgres(const PostgresOptions& options) {
  Result<std::unique_ptr<Engine>> engine = OpenPostgres(options);
  EXPECT_THAT(engine, IsOk());
  return engine ? std::move(*engine) : nullptr;
}

}  // namespace kstati::profile
