// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"

namespace kstati::profile {

// That this program alone acts on a partition: a connection of its own holds the partition's lock.
// When it breaks the lock is taken anew, unless another program had it meanwhile: then this one
// knows what is no longer so, and never acts there again. Safe from any thread.
class PostgresHolding {
 public:
  // `home` is a key of the partition. kUnavailable when another program acts on it. A server that
  // is read only can be held later.
  static Result<std::unique_ptr<PostgresHolding>> Take(const PostgresOptions& options,
                                                       int64_t home);

  // Before anything is written: kUnavailable unless this program still acts alone. A broken
  // connection is seen at once; that a partition behind PL/Proxy lost its holder, within a second.
  Result<void> Check();

 private:
  using Clock = std::chrono::steady_clock;

  PostgresHolding(PostgresOptions options, int64_t home);

  Result<void> Hold();

  const PostgresOptions options_;
  const int64_t home_;
  const int64_t token_;  // tells this program's holdings from others'
  std::mutex mutex_;
  std::unique_ptr<PostgresConnection> connection_;  // null: not held; guarded by mutex_
  std::optional<int64_t> number_;                   // of the holding; guarded by mutex_
  bool overtaken_ = false;                          // guarded by mutex_
  Clock::time_point looked_at_;                     // guarded by mutex_
};

}  // namespace kstati::profile
