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

// The ledger of one partition on PostgreSQL. A commit enters its entries by itself, in its own
// transaction; the tree and the checkpoint above them follow here, for all that were entered
// meanwhile at once, before any of them is acknowledged. What a crash leaves without a checkpoint
// gets one at the next start, since the tree follows from the entries. Safe from any thread.
//
// Invariants:
// 1. appender_ is a state that the key has signed and the database was told of.
// 2. sealed_ is appender_.size(): the database had as many entries once, so it must have them for
//    ever.
// 3. The witness has the checkpoint of kept_ entries or a later one.
class PostgresLedger {
 public:
  // `number` of `count` partitions; `home` is its home. kCorrupt when the ledger is signed with
  // another key, or does not go on from what its witness has seen.
  static Result<std::unique_ptr<PostgresLedger>> Open(PostgresPool& pool, int64_t home,
                                                      size_t number, size_t count);

  // How many entries the database has at least.
  uint64_t sealed() const { return sealed_; }

  // Returns when a signed checkpoint of at least `size` entries, which were entered, is in the
  // database and with the witness. The caller must not hold a connection of the pool.
  Result<void> Seal(uint64_t size);

 private:
  struct Grown {
    ledger::Appender appender;
    std::vector<ledger::Node> nodes;
  };

  PostgresLedger(PostgresPool& pool, int64_t home, ledger::SigningKey key, std::string witness)
      : pool_(pool), home_(home), key_(std::move(key)), witness_(std::move(witness)) {}

  Result<void> TakeUp(PostgresConnection& connection);
  Result<void> CheckWitness(PostgresConnection& connection, const Grown& grown);
  // With the entries that were entered behind those of appender_.
  Result<Grown> ReadOn(PostgresConnection& connection) const;
  Result<void> Note(PostgresConnection& connection, const Grown& grown);
  Result<void> Keep();

  PostgresPool& pool_;
  const int64_t home_;
  const ledger::SigningKey key_;
  const std::string witness_;  // file; empty: none

  std::mutex mutex_;
  ledger::Appender appender_;  // guarded by mutex_
  uint64_t kept_ = 0;          // guarded by mutex_
  std::atomic<uint64_t> sealed_ = 0;
};

// As Engine::ReadLedgerNode.
Result<ledger::Hash> ReadStoredNode(PostgresConnection& connection, int64_t home,
                                    ledger::NodeAddress address);

}  // namespace kstati::profile
