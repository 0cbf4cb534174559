// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_connection.h"

namespace kstati::profile {

// At most so many connections as the options say; made when they are needed, and again when they
// broke. Safe from any thread. Only for the engine.
class PostgresPool {
 public:
  explicit PostgresPool(PostgresOptions options) : options_(std::move(options)) {}

  // A connection for the time of one call; it goes back when this is destroyed, before the pool.
  class Borrowed {
   public:
    Borrowed(PostgresPool& pool, std::unique_ptr<PostgresConnection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Borrowed(Borrowed&&) = default;
    Borrowed& operator=(Borrowed&&) = delete;
    ~Borrowed() {
      if (connection_) pool_->Return(std::move(connection_));
    }
    PostgresConnection& operator*() const { return *connection_; }
    PostgresConnection* operator->() const { return connection_.get(); }

   private:
    PostgresPool* pool_;
    std::unique_ptr<PostgresConnection> connection_;
  };

  // kUnavailable when none becomes free within the time of a statement; otherwise the errors of
  // PostgresConnection::Open.
  Result<Borrowed> Borrow();

  const PostgresOptions& options() const { return options_; }

 private:
  void Return(std::unique_ptr<PostgresConnection> connection);
  // A living connection that nobody uses, or null after counting one that the caller is to make.
  Result<std::unique_ptr<PostgresConnection>> TakeIdle();
  void Forget();

  const PostgresOptions options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_;  // guarded by mutex_
  size_t connections_ = 0;  // idle, borrowed and being made; guarded by mutex_
};

}  // namespace kstati::profile
