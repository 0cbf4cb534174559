// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"
#include "profile/ledger/compact_range.h"

namespace kstati::profile {

// The functions of the schema `kstati` (profile/engines/sql), each one call and one round trip. The
// first argument says in which partition a function runs: a citizen's number or a partition's home.
// Only for the engine.

// False: a version or a condition did not hold. `key` is any number of the change's partition,
// `home` the partition's home. The numbers of the citizens must fit (see NumberOf).
Result<bool> CallCommit(PostgresConnection& connection, int64_t key, int64_t home,
                        const Change& change);

// The same with the change's deeds, whose entries get their places by CallOrderEntries. kCorrupt
// when the partition's ledger has fewer entries than `known`.
Result<bool> CallCommitAndEnter(PostgresConnection& connection, int64_t key, int64_t home,
                                const Change& change, uint64_t known);

Result<PostgresRows> CallReadRow(PostgresConnection& connection, int64_t citizen);
Result<PostgresRows> CallGet(PostgresConnection& connection, int64_t citizen, std::string_view key);
Result<PostgresRows> CallScan(PostgresConnection& connection, int64_t citizen,
                              std::string_view prefix);
// Version, moment, key and profile of the row, then key and value of the records, in columns of
// their own. No row at all: the citizen has none.
Result<PostgresRows> CallReadCitizen(PostgresConnection& connection, int64_t citizen,
                                     std::span<const std::string> prefixes);
Result<PostgresRows> CallSweepPage(PostgresConnection& connection, int64_t home, int64_t after,
                                   int64_t last, int64_t rows_max);
Result<PostgresRows> CallReadLog(PostgresConnection& connection, int64_t home, std::string_view log,
                                 int64_t after, int64_t entries_max);
// Numbers the entries that were added to the partition's logs, so that they can be read.
Result<void> CallOrderLogs(PostgresConnection& connection, int64_t home);
Result<bool> CallAcceptsWrites(PostgresConnection& connection, int64_t home);

// The ledger of a partition: see profile/engines/sql/partition/0003_ledger.sql.
struct LedgerHead {
  std::string state;       // empty: nothing was signed yet
  std::string checkpoint;  // empty: nothing was signed yet
};
// How many entries the ledger has when all that were waiting have their places.
Result<uint64_t> CallOrderEntries(PostgresConnection& connection, int64_t home);
Result<LedgerHead> CallReadLedgerHead(PostgresConnection& connection, int64_t home);
Result<void> CallSealLedger(PostgresConnection& connection, int64_t home, uint64_t size,
                            const LedgerHead& head, const std::vector<ledger::Node>& nodes);
// Index and bytes of entries: all that have a place, or those that a checkpoint covers.
Result<PostgresRows> CallReadEntered(PostgresConnection& connection, int64_t home, int64_t first,
                                     int64_t entries_max);
Result<PostgresRows> CallReadLedger(PostgresConnection& connection, int64_t home, int64_t first,
                                    int64_t entries_max);
Result<PostgresRows> CallReadLedgerNode(PostgresConnection& connection, int64_t home,
                                        ledger::NodeAddress address);
Result<PostgresRows> CallReadDeeds(PostgresConnection& connection, int64_t citizen, int64_t home,
                                   int64_t after, int64_t deeds_max);

// Holds the partition for the connection: the number of the holding, nullopt when another
// connection holds it.
Result<std::optional<int64_t>> CallHold(PostgresConnection& connection, int64_t home,
                                        int64_t token);
// Whether the connection still does.
Result<bool> CallHolds(PostgresConnection& connection, int64_t home);

// How many partitions the database has, also while some are down.
Result<size_t> CallPartitions(PostgresConnection& connection);

// What a partition says of itself.
struct PartitionState {
  int32_t number;
  int32_t count;
  std::vector<int32_t> hashes;  // of the probes
  std::string migration;        // the latest one
  std::string flush;            // synchronous_commit
  std::string isolation;        // of transactions
};
// A new store takes the number and count that it is given first.
Result<PartitionState> CallOpenPartition(PostgresConnection& connection, int64_t home,
                                         size_t number, size_t count,
                                         const std::vector<int64_t>& probes);

}  // namespace kstati::profile
