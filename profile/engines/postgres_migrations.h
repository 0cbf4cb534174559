// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"

namespace kstati::profile {

// One file of profile/engines/sql. Applied files are never changed: what they made is changed by
// the next one.
struct PostgresMigration {
  std::string_view name;  // "0001_tables.sql"; their order is that of the bytes
  std::string_view script;
};

// Those of a partition (also of a database by itself), and of the proxy to partitions.
std::span<const PostgresMigration> PartitionMigrations();
std::span<const PostgresMigration> ProxyMigrations();
std::span<const PostgresMigration> MigrationsOf(PostgresMode mode);

// As MigratePostgres, with these migrations.
Result<std::vector<std::string>> ApplyMigrations(PostgresConnection& connection,
                                                 std::span<const PostgresMigration> migrations);

// kUnsupported unless exactly these migrations were applied to the database.
Result<void> CheckMigrations(PostgresConnection& connection,
                             std::span<const PostgresMigration> migrations);

}  // namespace kstati::profile
