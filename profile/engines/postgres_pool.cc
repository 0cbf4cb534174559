// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_pool.h"

#include <algorithm>

namespace kstati::profile {

Result<PostgresPool::Borrowed> PostgresPool::Borrow() {
  KSTATI_TRY(std::unique_ptr<PostgresConnection> connection, TakeIdle());
  if (!connection) {
    Result<std::unique_ptr<PostgresConnection>> made = PostgresConnection::Open(options_);
    if (!made) {
      Forget();
      return Fail(std::move(made).error());
    }
    connection = std::move(*made);
  }
  return Borrowed(*this, std::move(connection));
}

Result<std::unique_ptr<PostgresConnection>> PostgresPool::TakeIdle() {
  const size_t connections_max = std::max<size_t>(options_.connections_max, 1);
  std::unique_lock lock(mutex_);
  const bool there = freed_.wait_for(lock, options_.statement_timeout, [&] {
    return !idle_.empty() || connections_ < connections_max;
  });
  if (!there) {
    return Fail(ErrorCode::kUnavailable, "all connections to PostgreSQL are busy", {},
                "repeat; raise the number of connections when it happens often");
  }
  while (!idle_.empty()) {
    std::unique_ptr<PostgresConnection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->IsAlive()) return connection;
    --connections_;
  }
  ++connections_;
  return nullptr;
}

void PostgresPool::Return(std::unique_ptr<PostgresConnection> connection) {
  if (!connection->IsUsable()) {
    connection.reset();
    Forget();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

void PostgresPool::Forget() {
  {
    const std::lock_guard lock(mutex_);
    --connections_;
  }
  freed_.notify_one();
}

}  // namespace kstati::profile
