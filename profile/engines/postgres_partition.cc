// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_partition.h"

#include <cstdint>
#include <string>
#include <vector>

#include "profile/engines/postgres_calls.h"
#include "profile/engines/postgres_migrations.h"

namespace kstati::profile {
namespace {

constexpr std::chrono::seconds kTryEvery{1};

// Numbers whose hashes show that the servers hash as this program does.
const std::vector<int64_t> kProbes{0, 1, 17, 999'999'999'999, int64_t{1} << 32, INT64_MAX, -1};

// Whether a partition is the one that this program takes it for, and keeps what it acknowledges.
Result<void> CheckPartition(const PartitionState& state, size_t number, size_t count,
                            std::string_view migration) {
  const std::string place = "partition " + std::to_string(number);
  if (state.number != static_cast<int32_t>(number) || state.count != static_cast<int32_t>(count)) {
    return Fail(ErrorCode::kUnsupported,
                "the store was made as partition " + std::to_string(state.number) + " of " +
                    std::to_string(state.count) + ", not " + std::to_string(number) + " of " +
                    std::to_string(count),
                place, "give PL/Proxy the partitions in the order of the store");
  }
  for (size_t i = 0; i < kProbes.size(); ++i) {
    if (i < state.hashes.size() && state.hashes[i] == HashOfBigint(kProbes[i])) continue;
    return Fail(ErrorCode::kUnsupported, "the server hashes numbers otherwise than PostgreSQL 15",
                place, "use a server on which hashint8 is as in PostgreSQL 15");
  }
  if (state.migration != migration) {
    return Fail(
        ErrorCode::kUnsupported,
        "the schema is at " + state.migration + ", this program at " + std::string(migration),
        place, "run kstati store migrate on the partition, or use another version");
  }
  if (state.flush != "on" && state.flush != "remote_apply") {
    return Fail(
        ErrorCode::kUnsupported,
        "synchronous_commit is " + state.flush + ": a crash would lose acknowledged changes", place,
        "run ALTER DATABASE ... SET synchronous_commit = on");
  }
  if (state.isolation != "read committed") {
    return Fail(ErrorCode::kUnsupported, "transactions are " + state.isolation, place,
                "run ALTER DATABASE ... SET default_transaction_isolation = 'read committed'");
  }
  return {};
}

}  // namespace

Result<void> PostgresPartition::Open() {
  if (open_) return {};
  const std::lock_guard lock(mutex_);
  if (open_) return {};
  if (problem_ && std::chrono::steady_clock::now() - tried_at_ < kTryEvery) return Fail(*problem_);
  const Result<void> opened = TryToOpen();
  tried_at_ = std::chrono::steady_clock::now();
  open_ = opened.has_value();
  problem_ = opened ? std::nullopt : std::optional(opened.error());
  return opened;
}

Result<void> PostgresPartition::TryToOpen() {
  KSTATI_TRY_VOID(Check());
  const PostgresOptions& options = pool_.options();
  const int64_t home = partitions_.HomeOf(number_);
  if (options.alone && !holding_) {
    KSTATI_TRY(holding_, PostgresHolding::Take(options, home));
  }
  if (options.signer == nullptr) return {};
  KSTATI_TRY(ledger_, PostgresLedger::Open(pool_, home, number_, partitions_.count()));
  return {};
}

Result<void> PostgresPartition::Check() {
  KSTATI_TRY(const auto connection, pool_.Borrow());
  const int64_t home = partitions_.HomeOf(number_);
  KSTATI_TRY(const PartitionState state,
             CallOpenPartition(*connection, home, number_, partitions_.count(), kProbes));
  reached_ = true;
  const std::string_view migration = PartitionMigrations().back().name;
  const Result<void> agrees = CheckPartition(state, number_, partitions_.count(), migration);
  if (!agrees) return Fail(AtPlace(agrees.error(), connection->place()));
  // A database that was loaded into another server may hold entries that wait, ordered by the
  // server they come from.
  return CallOrderLogs(*connection, home);
}

Result<PostgresPool::Borrowed> PostgresPartition::Reach() {
  KSTATI_TRY_VOID(Open());
  return pool_.Borrow();
}

Result<void> PostgresPartition::CheckHeld() {
  KSTATI_TRY_VOID(Open());
  return holding_ ? holding_->Check() : Result<void>();
}

}  // namespace kstati::profile
