// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"

namespace kstati::profile {

// That this program alone acts on a store: a connection of its own holds a lock of each partition.
// When it breaks the lock is taken anew, unless another program had it meanwhile: then this one
// knows what is no longer so, and never acts again. Safe from any thread.
class PostgresHolding {
 public:
  // kUnavailable when another program acts on the store. A server that is read only can be held
  // later.
  static Result<std::unique_ptr<PostgresHolding>> Take(const PostgresOptions& options,
                                                       std::vector<int64_t> homes);

  // Before anything is written: kUnavailable unless this program still acts alone. A broken
  // connection is seen at once; that a partition behind PL/Proxy lost its holder, within a second.
  Result<void> Check();

 private:
  using Clock = std::chrono::steady_clock;

  PostgresHolding(PostgresOptions options, std::vector<int64_t> homes)
      : options_(std::move(options)), homes_(std::move(homes)), numbers_(homes_.size()) {}

  Result<void> Hold();
  Result<bool> StillHolds();

  const PostgresOptions options_;
  const std::vector<int64_t> homes_;
  std::mutex mutex_;
  std::unique_ptr<PostgresConnection> connection_;  // null: not held; guarded by mutex_
  std::vector<std::optional<int64_t>> numbers_;     // of the last holdings; guarded by mutex_
  bool overtaken_ = false;                          // guarded by mutex_
  Clock::time_point looked_at_;                     // guarded by mutex_
};

}  // namespace kstati::profile
