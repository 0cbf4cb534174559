// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <chrono>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/metrics.h"
#include "profile/engines/engine.h"
#include "profile/engines/postgres_calls.h"
#include "profile/engines/postgres_copy.h"
#include "profile/engines/postgres_migrations.h"
#include "profile/engines/postgres_partition.h"
#include "profile/engines/postgres_partitions.h"
#include "profile/engines/postgres_pool.h"

namespace kstati::profile {
namespace {

// Rows asked for at a time: of a few kilobytes each, so some megabytes in memory.
constexpr int64_t kPageRows = 1'000;
constexpr size_t kPartitionsMax = 1 << 16;  // more than this is a fault

// How commits fare; one look-up by name for the life of the process.
struct CommitMetrics {
  metrics::Counter& accepted = Outcome("accepted");
  metrics::Counter& conflicts = Outcome("conflict");
  metrics::Counter& refused = Outcome("refused");
  metrics::Histogram& call = metrics::SecondsOf("kstati_profile_commit_call_seconds",
                                                "Time of one commit on the PostgreSQL server");

  static metrics::Counter& Outcome(std::string_view outcome) {
    return metrics::CounterOf("kstati_profile_commits_total", "Changes asked of the store",
                              "outcome", outcome);
  }
};

int64_t Bounded(uint64_t number) {
  return static_cast<int64_t>(std::min<uint64_t>(number, INT64_MAX));
}

Stamp StampIn(const PostgresRows& rows, int row, int column) {
  return {static_cast<uint64_t>(rows.Bigint(row, column)), Instant{rows.Bigint(row, column + 1)}};
}

Row FirstRow(const PostgresRows& rows) {
  return {StampIn(rows, 0, 0), std::string(rows.Bytes(0, 2)), std::string(rows.Bytes(0, 3))};
}

void CheckForm(const Change& change) {
  for (const CitizenChange& each : change.citizens) {
    for (const Condition& condition : each.conditions) KSTATI_CHECK(!condition.key.empty());
    for (const Write& write : each.writes) KSTATI_CHECK(!write.key.empty());
  }
  for (const Append& each : change.appends) {
    KSTATI_CHECK(!each.log.empty() && each.log.find('\0') == std::string::npos);
  }
  for (const Deed& each : change.deeds) {
    KSTATI_CHECK(!ledger::NameOf(each.kind).empty() && change.now.micros >= 0);
  }
}

// Of all citizens whom the change is about, those that it changes first.
Result<std::vector<int64_t>> NumbersOf(const Change& change) {
  std::vector<int64_t> numbers;
  for (const CitizenChange& each : change.citizens) {
    KSTATI_TRY(numbers.emplace_back(), NumberOf(each.citizen));
  }
  for (const Expectation& each : change.expectations) {
    KSTATI_TRY(numbers.emplace_back(), NumberOf(each.citizen));
  }
  for (const Deed& each : change.deeds) {
    KSTATI_TRY(numbers.emplace_back(), NumberOf(each.citizen));
  }
  return numbers;
}

// Every operation borrows a connection for one call and gives it back before anybody else's code
// runs, so that a visitor may ask the engine too.
class PostgresEngine final : public Engine {
 public:
  PostgresEngine(std::unique_ptr<PostgresPool> pool, size_t partitions)
      : pool_(std::move(pool)), partitions_(partitions) {
    for (size_t number = 0; number < partitions; ++number) {
      opened_.push_back(std::make_unique<PostgresPartition>(*pool_, partitions_, number));
    }
  }

  // Opens what can be reached, which must be something.
  Result<void> Open() {
    std::optional<Error> down;
    size_t open = 0;
    for (const auto& partition : opened_) {
      const Result<void> opened = partition->Open();
      if (opened) {
        ++open;
        continue;
      }
      const bool is_down = opened.error().code == ErrorCode::kUnavailable && !partition->reached();
      if (!is_down) return opened;
      if (!down) down = opened.error();
    }
    if (open > 0) return {};
    return Fail(*down);
  }

  Result<void> Commit(Change change) override {
    CheckForm(change);
    if (!change.deeds.empty() && pool_->options().signer == nullptr) return NoKey();
    if (change.citizens.empty() && change.expectations.empty() && change.appends.empty() &&
        change.deeds.empty()) {
      return {};
    }
    Result<void> outcome = CommitCounted(change);
    if (outcome) {
      metrics_.accepted.Add();
    } else if (outcome.error().code == ErrorCode::kConflict) {
      metrics_.conflicts.Add();
    } else {
      metrics_.refused.Add();
    }
    return outcome;
  }

  Result<void> AcceptsWrites(size_t partition) override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY_VOID(opened_[partition]->CheckHeld());
    KSTATI_TRY(const auto connection, pool_->Borrow());
    KSTATI_TRY(const bool accepts, CallAcceptsWrites(*connection, partitions_.HomeOf(partition)));
    if (accepts) return {};
    return Fail(ErrorCode::kUnavailable, "the server is read only", connection->place(),
                "promote it, or name the primary in the connection");
  }

  Result<std::optional<Row>> ReadRow(CitizenId citizen) const override {
    KSTATI_TRY(const int64_t number, NumberOf(citizen));
    KSTATI_TRY(const auto connection, ReachOf(number));
    KSTATI_TRY(const PostgresRows rows, CallReadRow(*connection, number));
    if (rows.size() == 0) return std::nullopt;
    return FirstRow(rows);
  }

  Result<std::optional<Row>> ReadCitizen(CitizenId citizen, std::span<const std::string> prefixes,
                                         const VisitRecord& visit) const override {
    KSTATI_TRY(const int64_t number, NumberOf(citizen));
    KSTATI_TRY(const PostgresRows rows, CitizenRows(number, prefixes));
    if (rows.size() == 0) return std::nullopt;
    for (int row = 1; row < rows.size(); ++row) {
      if (!visit(rows.Bytes(row, 4), rows.Bytes(row, 5))) break;
    }
    return FirstRow(rows);
  }

  Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const override {
    KSTATI_TRY(const int64_t number, NumberOf(citizen));
    KSTATI_TRY(const auto connection, ReachOf(number));
    KSTATI_TRY(const PostgresRows rows, CallGet(*connection, number, key));
    if (rows.IsNull(0, 0)) return std::nullopt;
    return std::string(rows.Bytes(0, 0));
  }

  Result<void> Scan(CitizenId citizen, std::string_view prefix,
                    const VisitRecord& visit) const override {
    KSTATI_TRY(const int64_t number, NumberOf(citizen));
    KSTATI_TRY(const PostgresRows rows, ScanRows(number, prefix));
    for (int row = 0; row < rows.size(); ++row) {
      if (!visit(rows.Bytes(row, 0), rows.Bytes(row, 1))) break;
    }
    return {};
  }

  Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                     const VisitRow& visit) const override {
    KSTATI_CHECK(partition < partitions_.count());
    int64_t reached = Bounded(after.number());
    for (;;) {
      KSTATI_TRY(const PostgresRows rows, SweepPage(partition, reached, Bounded(last.number())));
      for (int row = 0; row < rows.size(); ++row) {
        reached = rows.Bigint(row, 0);
        const RowView view{CitizenId(static_cast<uint64_t>(reached)), StampIn(rows, row, 1),
                           rows.Bytes(row, 3), rows.Bytes(row, 4)};
        if (!visit(view)) return {};
      }
      if (rows.size() < kPageRows) return {};
    }
  }

  size_t Partitions() const override { return partitions_.count(); }

  // A number that the database cannot hold lives nowhere; every operation on it fails.
  size_t PartitionOf(CitizenId citizen) const override {
    const Result<int64_t> number = NumberOf(citizen);
    return number ? partitions_.Of(*number) : 0;
  }

  Result<std::vector<LogEntry>> ReadLog(size_t partition, std::string_view log, uint64_t after,
                                        size_t limit) const override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    KSTATI_TRY_VOID(CallOrderLogs(*connection, partitions_.HomeOf(partition)));
    KSTATI_TRY(const PostgresRows rows, CallReadLog(*connection, partitions_.HomeOf(partition), log,
                                                    Bounded(after), Bounded(limit)));
    std::vector<LogEntry> entries;
    for (int row = 0; row < rows.size(); ++row) {
      entries.push_back(
          {static_cast<uint64_t>(rows.Bigint(row, 0)), std::string(rows.Bytes(row, 1))});
    }
    return entries;
  }

  Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                              size_t limit) const override {
    KSTATI_TRY(const int64_t number, NumberOf(citizen));
    KSTATI_TRY(const auto connection, ReachOf(number));
    KSTATI_TRY(const PostgresRows rows,
               CallReadDeeds(*connection, number, partitions_.HomeOf(partitions_.Of(number)),
                             Bounded(after), Bounded(limit)));
    std::vector<RecordedDeed> deeds;
    for (int row = 0; row < rows.size(); ++row) {
      deeds.push_back({static_cast<uint64_t>(rows.Bigint(row, 0)),
                       static_cast<uint64_t>(rows.Bigint(row, 1)),
                       std::string(rows.Bytes(row, 2))});
    }
    return deeds;
  }

  Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                              size_t limit) const override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    KSTATI_TRY(const PostgresRows rows, CallReadLedger(*connection, partitions_.HomeOf(partition),
                                                       Bounded(index), Bounded(limit)));
    std::vector<std::string> entries;
    for (int row = 0; row < rows.size(); ++row) {
      if (static_cast<uint64_t>(rows.Bigint(row, 0)) != index + entries.size()) {
        return Fail(ErrorCode::kCorrupt, "the ledger of the store has a gap", {},
                    "restore the store from a backup");
      }
      entries.emplace_back(rows.Bytes(row, 1));
    }
    return entries;
  }

  Result<ledger::Hash> ReadLedgerNode(size_t partition,
                                      ledger::NodeAddress address) const override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    return ReadStoredNode(*connection, partitions_.HomeOf(partition), address);
  }

  Result<std::string> ReadCheckpoint(size_t partition) const override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    KSTATI_TRY(LedgerHead head, CallReadLedgerHead(*connection, partitions_.HomeOf(partition)));
    return std::move(head.checkpoint);
  }

  Result<std::vector<std::string>> LogNames(size_t partition) const override {
    KSTATI_CHECK(partition < partitions_.count());
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    KSTATI_TRY_VOID(CallOrderLogs(*connection, partitions_.HomeOf(partition)));
    KSTATI_TRY(const PostgresRows rows, CallLogNames(*connection, partitions_.HomeOf(partition)));
    std::vector<std::string> names;
    for (int row = 0; row < rows.size(); ++row) names.emplace_back(rows.Bytes(row, 0));
    return names;
  }

  Result<void> Restore(const StoreCopy& copy) override {
    KSTATI_CHECK(copy.partition < partitions_.count());
    KSTATI_TRY_VOID(opened_[copy.partition]->CheckHeld());
    for (const CitizenCopy& each : copy.citizens) {
      KSTATI_TRY(const int64_t number, NumberOf(each.citizen));
      KSTATI_CHECK(partitions_.Of(number) == copy.partition);
    }
    const int64_t home = partitions_.HomeOf(copy.partition);
    if (!copy.ledger_entries.empty()) {
      PostgresLedger* const ledger = opened_[copy.partition]->ledger();
      if (ledger == nullptr) return NoKey();
      KSTATI_TRY_VOID(RestoreLedger(copy, home));
      KSTATI_TRY_VOID(ledger->Seal());
    }
    KSTATI_TRY(const auto connection, pool_->Borrow());
    if (!copy.citizens.empty()) {
      KSTATI_TRY_VOID(CallRestoreCitizens(*connection, copy.citizens));
    }
    if (copy.log_entries.empty()) return {};
    return CallRestoreLog(*connection, home, copy.log_entries);
  }

  // PostgreSQL lets only a command, never a function, remove replaced versions; behind PL/Proxy the
  // partitions do it by themselves.
  Result<void> Purge(CitizenId citizen) override {
    KSTATI_TRY_VOID(NumberOf(citizen));
    if (pool_->options().mode == PostgresMode::kPlProxy) return {};
    KSTATI_TRY(const auto connection, pool_->Borrow());
    return connection->Run("VACUUM kstati.row, kstati.record");
  }

 private:
  static tl::unexpected<Error> NoKey() {
    return Fail(ErrorCode::kUnsupported, "the store has no key to sign its ledger with", {},
                "open the store with the key of its ledger");
  }

  static tl::unexpected<Error> Conflict() {
    return Fail(ErrorCode::kConflict, "the store changed meanwhile", {}, "read again and repeat");
  }

  // A connection to ask the citizen's partition by. What is down elsewhere stops nobody here.
  Result<PostgresPool::Borrowed> ReachOf(int64_t number) const {
    return opened_[partitions_.Of(number)]->Reach();
  }

  Result<void> CommitCounted(const Change& change) {
    KSTATI_TRY(const std::vector<int64_t> numbers, NumbersOf(change));
    const size_t partition = numbers.empty() ? 0 : partitions_.Of(numbers.front());
    for (const int64_t number : numbers) {
      if (partitions_.Of(number) == partition) continue;
      return Fail(ErrorCode::kUnsupported, "the citizens of the change live in several partitions",
                  {}, "make one change for each partition");
    }
    KSTATI_TRY_VOID(opened_[partition]->CheckHeld());
    const int64_t home = partitions_.HomeOf(partition);
    const int64_t key = numbers.empty() ? home : numbers.front();
    if (change.deeds.empty()) return CommitInOneCall(change, key, home);
    // The connection is given back before the ledger borrows one.
    PostgresLedger& ledger = *opened_[partition]->ledger();
    KSTATI_TRY_VOID(CommitAndEnter(change, key, home, ledger.sealed()));
    return ledger.Seal();
  }

  Result<void> CommitInOneCall(const Change& change, int64_t key, int64_t home) {
    KSTATI_TRY(const auto connection, pool_->Borrow());
    const auto start = std::chrono::steady_clock::now();
    KSTATI_TRY(const bool committed, CallCommit(*connection, key, home, change));
    Observe(start);
    if (!committed) return Conflict();
    return {};
  }

  // `known`: how many entries the partition's ledger has at least.
  Result<void> CommitAndEnter(const Change& change, int64_t key, int64_t home, uint64_t known) {
    KSTATI_TRY(const auto connection, pool_->Borrow());
    const auto start = std::chrono::steady_clock::now();
    KSTATI_TRY(const bool committed, CallCommitAndEnter(*connection, key, home, change, known));
    Observe(start);
    if (!committed) return Conflict();
    return {};
  }

  Result<void> RestoreLedger(const StoreCopy& copy, int64_t home) {
    KSTATI_TRY(const auto connection, pool_->Borrow());
    KSTATI_TRY(const std::optional<uint64_t> entries,
               CallRestoreLedger(*connection, home, copy.ledger_first, copy.ledger_entries));
    if (entries) return {};
    return Fail(ErrorCode::kConflict, "the ledger has another number of entries already", {},
                "copy into an empty store");
  }

  void Observe(std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    metrics_.call.Observe(elapsed.count());
  }

  Result<PostgresRows> ScanRows(int64_t number, std::string_view prefix) const {
    KSTATI_TRY(const auto connection, ReachOf(number));
    return CallScan(*connection, number, prefix);
  }

  // Gives the connection back before anything is visited.
  Result<PostgresRows> CitizenRows(int64_t number, std::span<const std::string> prefixes) const {
    KSTATI_TRY(const auto connection, ReachOf(number));
    return CallReadCitizen(*connection, number, prefixes);
  }

  Result<PostgresRows> SweepPage(size_t partition, int64_t after, int64_t last) const {
    KSTATI_TRY(const auto connection, opened_[partition]->Reach());
    return CallSweepPage(*connection, partitions_.HomeOf(partition), after, last, kPageRows);
  }

  const std::unique_ptr<PostgresPool> pool_;
  const PostgresPartitions partitions_;
  std::vector<std::unique_ptr<PostgresPartition>> opened_;
  CommitMetrics metrics_;
};

Result<size_t> CountPartitions(PostgresPool& pool) {
  KSTATI_TRY(const auto borrowed, pool.Borrow());
  PostgresConnection& connection = *borrowed;
  KSTATI_TRY_VOID(CheckMigrations(connection, MigrationsOf(pool.options().mode)));
  KSTATI_TRY(const size_t count, CallPartitions(connection));
  if (std::has_single_bit(count) && count <= kPartitionsMax) return count;
  return Fail(ErrorCode::kUnsupported,
              "PL/Proxy has " + std::to_string(count) + " partitions, not a power of two",
              connection.place(), "correct the foreign server kstati");
}

}  // namespace

Result<std::unique_ptr<Engine>> OpenPostgres(const PostgresOptions& options) {
  auto pool = std::make_unique<PostgresPool>(options);
  KSTATI_TRY(const size_t count, CountPartitions(*pool));
  auto engine = std::make_unique<PostgresEngine>(std::move(pool), count);
  KSTATI_TRY_VOID(engine->Open());
  return engine;
}

}  // namespace kstati::profile
