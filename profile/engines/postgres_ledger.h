// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "profile/engines/postgres_pool.h"
#include "profile/ledger/appender.h"
#include "profile/ledger/signing_key.h"

namespace kstati::profile {

// The ledger of one partition on PostgreSQL. A commit makes its entries by itself, in its own
// transaction; their places, the tree and the checkpoint above them follow here, for all that were
// committed meanwhile at once, before any of them is acknowledged. What a crash leaves without a
// place or a checkpoint gets it at the next start. Safe from any thread.
//
// Invariants:
// 1. appender_ is a state that the key has signed and the database was told of.
// 2. sealed_ is appender_.size(): the database had as many entries once, so it must have them for
//    ever.
// 3. The witness has the checkpoint of kept_ entries or a later one.
// 4. What was committed before one of the first covered_ calls of Seal began is sealed and kept.
class PostgresLedger {
 public:
  // `number` of `count` partitions; `home` is its home. kCorrupt when the ledger is signed with
  // another key, or does not go on from what its witness has seen.
  static Result<std::unique_ptr<PostgresLedger>> Open(PostgresPool& pool, int64_t home,
                                                      size_t number, size_t count);

  // How many entries the database has at least.
  uint64_t sealed() const { return sealed_; }

  // Returns when a signed checkpoint of all entries that were committed before the call is in the
  // database and with the witness. The caller must not hold a connection of the pool.
  Result<void> Seal();

 private:
  struct Grown {
    ledger::Appender appender;
    std::vector<ledger::Node> nodes;
  };

  PostgresLedger(PostgresPool& pool, int64_t home, ledger::SigningKey key, std::string witness)
      : pool_(pool), home_(home), key_(std::move(key)), witness_(std::move(witness)) {}

  Result<void> TakeUp(PostgresConnection& connection);
  // Places and signs what waits.
  Result<void> SealWaiting(PostgresConnection& connection);
  Result<void> CheckWitness(PostgresConnection& connection, const Grown& grown);
  // With the entries that have a place behind those of appender_.
  Result<Grown> ReadOn(PostgresConnection& connection) const;
  Result<void> Note(PostgresConnection& connection, const Grown& grown);
  Result<void> Keep();

  PostgresPool& pool_;
  const int64_t home_;
  const ledger::SigningKey key_;
  const std::string witness_;  // file; empty: none

  std::atomic<uint64_t> calls_ = 0;  // of Seal
  std::mutex mutex_;
  uint64_t covered_ = 0;       // guarded by mutex_
  ledger::Appender appender_;  // guarded by mutex_
  uint64_t kept_ = 0;          // guarded by mutex_
  std::atomic<uint64_t> sealed_ = 0;
};

// As Engine::ReadLedgerNode.
Result<ledger::Hash> ReadStoredNode(PostgresConnection& connection, int64_t home,
                                    ledger::NodeAddress address);

}  // namespace kstati::profile
