// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "profile/engines/engine.h"
#include "tests/unit/profile/postgres_server.h"

namespace kstati::profile {

// Stores on servers of the test.

// One server for all tests of the program, since making one takes a second. Without fsync: nothing
// that uses it is about durability. Where no server can run all tests are skipped.
PostgresServer& SharedServer();
// Another one, made at the first call.
PostgresServer& SecondServer();

PostgresOptions PostgresAt(const PostgresServer& server, const std::string& database,
                           PostgresMode mode = PostgresMode::kPlain);
void MakeDatabase(const PostgresServer& server, const std::string& database);
// A database of that name, migrated.
PostgresOptions MakePlainStore(const PostgresServer& server, const std::string& name);
// The database that a folder of a test stands for, made at the first call.
Result<std::unique_ptr<Engine>> OpenDatabaseOf(const std::string& folder,
                                               const std::string& witness = {});
// Databases NAME_0 of the first and NAME_1 of the second server, and NAME that reaches them through
// PL/Proxy.
PostgresOptions MakePartitionedStore(const PostgresServer& proxy, const PostgresServer& first,
                                     const PostgresServer& second, const std::string& name);
// The same on the two servers of all tests, the proxy on the first.
PostgresOptions MakePartitionedStore(const std::string& name);
// Throws the error, so that the test fails, when it cannot.
std::unique_ptr<Engine> OpenedPostgres(const PostgresOptions& options);

}  // namespace kstati::profile
