// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "profile/engines/postgres_holding.h"
#include "profile/engines/postgres_ledger.h"
#include "profile/engines/postgres_partitions.h"
#include "profile/engines/postgres_pool.h"

namespace kstati::profile {

// One partition of a PostgreSQL store: checked, held and its ledger taken up before anything else
// is asked of it, at the start or, where it cannot be reached then, as soon as it can. Safe from
// any thread.
class PostgresPartition {
 public:
  // `pool` and `partitions` outlive it.
  PostgresPartition(PostgresPool& pool, const PostgresPartitions& partitions, size_t number)
      : pool_(pool), partitions_(partitions), number_(number) {}

  // Opens it unless it is open. The errors of OpenPostgres; asks the server at most once a second.
  Result<void> Open();
  // Whether its server answered, whatever else keeps it from being open.
  bool reached() const { return reached_; }

  // A connection to ask the partition by; opens it first.
  Result<PostgresPool::Borrowed> Reach();
  // Before anything is written: kUnavailable unless this program acts on it alone, where it is to.
  Result<void> CheckHeld();
  // Null without a key to sign it with. Only when open.
  PostgresLedger* ledger() const { return ledger_.get(); }

 private:
  Result<void> TryToOpen();
  Result<void> Check();

  PostgresPool& pool_;
  const PostgresPartitions& partitions_;
  const size_t number_;
  std::atomic<bool> reached_ = false;
  std::atomic<bool> open_ = false;
  std::mutex mutex_;
  std::optional<Error> problem_;                    // of the latest attempt; guarded by mutex_
  std::chrono::steady_clock::time_point tried_at_;  // guarded by mutex_
  std::unique_ptr<PostgresHolding> holding_;        // null: others may act on it too
  std::unique_ptr<PostgresLedger> ledger_;
};

}  // namespace kstati::profile
