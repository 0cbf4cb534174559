// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_holding.h"

#include <sodium.h>

#include "profile/engines/postgres_calls.h"

namespace kstati::profile {
namespace {

constexpr std::chrono::seconds kLookEvery{1};

int64_t NewToken() {
  int64_t token = 0;
  randombytes_buf(&token, sizeof token);
  return token;
}

}  // namespace

PostgresHolding::PostgresHolding(PostgresOptions options, int64_t home)
    : options_(std::move(options)), home_(home), token_(NewToken()) {}

Result<std::unique_ptr<PostgresHolding>> PostgresHolding::Take(const PostgresOptions& options,
                                                               int64_t home) {
  std::unique_ptr<PostgresHolding> taken(new PostgresHolding(options, home));
  const std::lock_guard lock(taken->mutex_);
  const Result<void> held = taken->Hold();
  if (held) return taken;
  KSTATI_TRY(const auto connection, PostgresConnection::Open(options));
  KSTATI_TRY(const bool writable, CallAcceptsWrites(*connection, home));
  if (writable) return Fail(held.error());
  return taken;
}

Result<void> PostgresHolding::Check() {
  const std::lock_guard lock(mutex_);
  if (overtaken_) {
    return Fail(ErrorCode::kUnavailable, "another program acted on the store meanwhile", {},
                "stop the other one, then start this one again");
  }
  if (connection_ && connection_->IsAlive()) {
    if (Clock::now() - looked_at_ < kLookEvery) return {};
    const Result<bool> holds = CallHolds(*connection_, home_);
    looked_at_ = Clock::now();
    if (holds && *holds) return {};
  }
  return Hold();
}

Result<void> PostgresHolding::Hold() {
  connection_.reset();  // frees what it still holds
  KSTATI_TRY(auto connection, PostgresConnection::Open(options_));
  KSTATI_TRY(const std::optional<int64_t> number, CallHold(*connection, home_, token_));
  if (!number) {
    return Fail(ErrorCode::kUnavailable, "another program acts on the store", connection->place(),
                "stop it first, or ask it: `kstati` commands reach a running server without "
                "--data. A holder that was cut off is forgotten within twenty seconds");
  }
  overtaken_ = number_ && *number != *number_;
  number_ = number;
  if (overtaken_) {
    return Fail(ErrorCode::kUnavailable, "another program acted on the store meanwhile",
                connection->place(), "stop the other one, then start this one again");
  }
  connection_ = std::move(connection);
  looked_at_ = Clock::now();
  return {};
}

}  // namespace kstati::profile
