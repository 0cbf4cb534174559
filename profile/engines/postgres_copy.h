// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"

namespace kstati::profile {

// The functions that take what another store holds (profile/engines/sql/partition/0004_copy.sql).
// Only for the engine.

// The citizens, at least one, live in one partition; their numbers must fit (see NumberOf).
Result<void> CallRestoreCitizens(PostgresConnection& connection,
                                 const std::vector<CitizenCopy>& citizens);
Result<void> CallRestoreLog(PostgresConnection& connection, int64_t home,
                            const std::vector<LogEntryCopy>& entries);
// How many entries the ledger has then; nullopt when it did not have `first` before.
Result<std::optional<uint64_t>> CallRestoreLedger(PostgresConnection& connection, int64_t home,
                                                  uint64_t first,
                                                  const std::vector<std::string>& entries);
Result<PostgresRows> CallLogNames(PostgresConnection& connection, int64_t home);

}  // namespace kstati::profile
