// SPDX-License-Identifier: Apache-2.0
#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/metrics.h"
#include "profile/engines/engine.h"
#include "profile/engines/rocksdb_batch.h"
#include "profile/engines/rocksdb_database.h"
#include "profile/engines/rocksdb_settings.h"
#include "profile/ledger/witness.h"

namespace kstati::profile {
namespace {

constexpr auto kReadersPatience = std::chrono::milliseconds(200);
constexpr auto kReadersPoll = std::chrono::milliseconds(1);

// How commits fare; one look-up by name for the life of the process.
struct CommitMetrics {
  metrics::Counter& accepted = Outcome("accepted");
  metrics::Counter& conflicts = Outcome("conflict");
  metrics::Counter& refused = Outcome("refused");
  metrics::Histogram& sync =
      metrics::SecondsOf("kstati_profile_sync_seconds", "Time of one synced write of a group");

  static metrics::Counter& Outcome(std::string_view outcome) {
    return metrics::CounterOf("kstati_profile_commits_total", "Changes asked of the store",
                              "outcome", outcome);
  }
};

// A change waiting for the committer, in the memory of the thread that waits.
struct Pending {
  Change change;
  const StoreCopy* copy = nullptr;  // in place of the change
  Result<void> outcome;
};

// Changes that one synced write will carry. Waiters sleep on `done`, so that one wake-up reaches
// all.
struct Group {
  std::vector<Pending*> members;
  std::atomic<int> done = 0;
};

// Invariants:
// 1. Only the committer's thread writes, one group at a time, so a checked expectation still holds
//    when its change is written.
// 2. A group is acknowledged after its write was synced, and refused as a whole when it was not.
// 3. sequence_ is the number of the last log entry in the store.
// 4. After a refused write nothing is read for a check and nothing written before the store was
//    opened again: the refused bytes may be in the write-ahead log, and only recovery tells.
class RocksDbEngine final : public Engine {
 public:
  RocksDbEngine(RocksDbOptions options, rocksdb::Env* files, OpenedStore store)
      : options_(std::move(options)),
        files_(files),
        db_(std::move(store.db)),
        sequence_(store.sequence),
        ledger_(std::move(store.ledger)),
        runs_(std::move(store.runs)),
        committer_([this] { CommitGroups(); }) {}

  ~RocksDbEngine() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_one();
    committer_.join();
  }

  Result<void> Commit(Change change) override {
    CheckForm(change);
    if (!change.deeds.empty() && options_.signer == nullptr) return NoKey();
    Pending pending{std::move(change), nullptr, {}};
    return Await(pending);
  }

  Result<void> Restore(const StoreCopy& copy) override {
    KSTATI_CHECK(copy.partition == 0);
    if (!copy.ledger_entries.empty() && options_.signer == nullptr) return NoKey();
    Pending pending{{}, &copy, {}};
    return Await(pending);
  }

  Result<void> AcceptsWrites(size_t partition) override {
    KSTATI_CHECK(partition == 0);
    if (!refused_) return {};
    return Commit({});  // opens the store again, or says why not
  }

  Result<std::optional<Row>> ReadRow(CitizenId citizen) const override {
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetRow(*db, citizen);
  }

  Result<std::optional<Row>> ReadCitizen(CitizenId citizen, std::span<const std::string> prefixes,
                                         const VisitRecord& visit) const override {
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetCitizen(*db, citizen, prefixes, visit);
  }

  Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const override {
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetValue(*db, RecordKeyPrefix(citizen).append(key));
  }

  Result<void> Scan(CitizenId citizen, std::string_view prefix,
                    const VisitRecord& visit) const override {
    KSTATI_TRY(const Database db, OpenDatabase());
    const std::string own = RecordKeyPrefix(citizen);
    return ScanKeys(*db, own + std::string(prefix), {},
                    [&](std::string_view key, std::string_view value) {
                      return visit(key.substr(own.size()), value);
                    });
  }

  Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                     const VisitRow& visit) const override {
    KSTATI_CHECK(partition == 0);
    KSTATI_TRY(const Database db, OpenDatabase());
    return SweepRows(*db, after, last, visit);
  }

  size_t Partitions() const override { return 1; }
  size_t PartitionOf(CitizenId) const override { return 0; }

  Result<std::vector<LogEntry>> ReadLog(size_t partition, std::string_view log, uint64_t after,
                                        size_t limit) const override {
    KSTATI_CHECK(partition == 0);
    std::vector<LogEntry> entries;
    KSTATI_TRY(const Database db, OpenDatabase());
    if (limit == 0 || after == UINT64_MAX) return entries;
    const std::string prefix = LogPrefix(log);
    const auto take = [&](std::string_view key, std::string_view value) {
      entries.push_back({DecodeSequence(key.substr(prefix.size())), std::string(value)});
      return entries.size() < limit;
    };
    KSTATI_TRY_VOID(ScanKeys(*db, prefix, prefix + EncodeSequence(after + 1), take));
    return entries;
  }

  Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                              size_t limit) const override {
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetDeeds(*db, citizen, after, limit);
  }

  Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                              size_t limit) const override {
    KSTATI_CHECK(partition == 0);
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetLedger(*db, index, limit);
  }

  Result<ledger::Hash> ReadLedgerNode(size_t partition,
                                      ledger::NodeAddress address) const override {
    KSTATI_CHECK(partition == 0);
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetLedgerNode(*db, address);
  }

  Result<std::string> ReadCheckpoint(size_t partition) const override {
    KSTATI_CHECK(partition == 0);
    KSTATI_TRY(const Database db, OpenDatabase());
    KSTATI_TRY(std::optional<std::string> checkpoint, GetValue(*db, kCheckpointKey));
    return std::move(checkpoint).value_or(std::string());
  }

  Result<std::vector<std::string>> LogNames(size_t partition) const override {
    KSTATI_CHECK(partition == 0);
    KSTATI_TRY(const Database db, OpenDatabase());
    return GetLogNames(*db);
  }

  Result<void> Purge(CitizenId citizen) override {
    KSTATI_TRY(const Database db, OpenDatabase());
    return PurgeCitizen(*db, citizen);
  }

  Result<Backup> BackUp(const std::string& backups) const override {
    const std::lock_guard lock(backup_mutex_);
    KSTATI_TRY(const Database db, OpenDatabase());
    return BackUpDatabase(*db, backups);
  }

 private:
  static void CheckForm(const Change& change) {
    for (const CitizenChange& each : change.citizens) {
      for (const Condition& condition : each.conditions) KSTATI_CHECK(!condition.key.empty());
      for (const Write& write : each.writes) KSTATI_CHECK(!write.key.empty());
    }
    for (const Append& each : change.appends) {
      KSTATI_CHECK(!each.log.empty() && each.log.find('\0') == std::string::npos);
    }
  }

  static tl::unexpected<Error> NoKey() {
    return Fail(ErrorCode::kUnsupported, "the store has no key to sign its ledger with", {},
                "open the store with the key of its ledger");
  }

  // Waits while the store is being opened again; kUnavailable while it is closed.
  Result<Database> OpenDatabase() const {
    const std::shared_lock lock(db_mutex_);
    if (db_) return db_;
    return Fail(ErrorCode::kUnavailable, "the store is closed since its disk failed", {},
                "free space or repair the disk; the next change opens the store again");
  }

  // Returns when the committer is done with it.
  Result<void> Await(Pending& pending) {
    const std::shared_ptr<Group> group = Join(pending);
    group->done.wait(0);
    return std::move(pending.outcome);
  }

  // Adds the change to the group that is forming.
  std::shared_ptr<Group> Join(Pending& pending) {
    std::shared_ptr<Group> group;
    {
      const std::lock_guard lock(mutex_);
      if (forming_.empty() || GroupIsFull(*forming_.back())) {
        forming_.push_back(std::make_shared<Group>());
      }
      group = forming_.back();
      group->members.push_back(&pending);
    }
    work_.notify_one();
    return group;
  }

  bool GroupIsFull(const Group& group) const {
    return group.members.size() >= std::max<size_t>(options_.group_commits_max, 1);
  }

  void CommitGroups() {
    for (;;) {
      std::shared_ptr<Group> group;
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [this] { return stopping_ || !forming_.empty(); });
        if (forming_.empty()) return;
        group = std::move(forming_.front());
        forming_.pop_front();
      }
      CommitGroup(*group);
      for (const Pending* pending : group->members) Count(*pending);
      group->done.store(1);
      group->done.notify_all();
    }
  }

  void Count(const Pending& pending) {
    const Change& change = pending.change;
    if (change.citizens.empty() && change.appends.empty() && change.deeds.empty()) return;
    if (pending.outcome) {
      metrics_.accepted.Add();
    } else if (pending.outcome.error().code == ErrorCode::kConflict) {
      metrics_.conflicts.Add();
    } else {
      metrics_.refused.Add();
    }
  }

  void CommitGroup(Group& group) {
    if (refused_) {
      if (const Result<void> reopened = Reopen(); !reopened) {
        for (Pending* pending : group.members) pending->outcome = reopened;
        return;
      }
    }
    GroupBatch batch(*db_, sequence_, ledger_, recent_);
    std::vector<Pending*> accepted;
    for (Pending* pending : group.members) {
      pending->outcome =
          pending->copy != nullptr ? batch.Add(*pending->copy) : batch.Add(pending->change);
      if (pending->outcome) accepted.push_back(pending);
    }
    rocksdb::WriteBatch& writes = batch.Finish(options_.signer);
    if (writes.Count() == 0) return;
    if (!is_running_) BeginRun(accepted, writes);
    Result<void> written = WriteDurably(writes);
    if (written) {
      sequence_ = batch.sequence();
      ledger_ = batch.ledger();
      batch.KeepStamps();
      written = Keep(batch.checkpoint());
    }
    for (Pending* pending : accepted) pending->outcome = written;
  }

  // With its first batch: an opening that writes nothing is no run.
  void BeginRun(const std::vector<Pending*>& members, rocksdb::WriteBatch& batch) {
    const bool is_copy = std::ranges::any_of(
        members, [](const Pending* pending) { return pending->copy != nullptr; });
    runs_.push_back(StoreRun::New(db_->GetLatestSequenceNumber(), is_copy));
    PutRun(runs_.back(), batch);
    is_running_ = true;
  }

  // Shows the group to the witness: by its checkpoint, or, when it entered nothing into the ledger,
  // by where the log ends. When the witness cannot be written the changes are there, but nobody is
  // told so: they may have to be repeated.
  Result<void> Keep(const std::string& checkpoint) {
    if (options_.witness_file.empty()) return {};
    Result<void> kept =
        checkpoint.empty()
            ? end_.Keep({runs_.front().id, runs_.back().id, db_->GetLatestSequenceNumber()})
            : ledger::WitnessFile(options_.witness_file).Keep(checkpoint);
    if (!kept) log::Failure("ledger_witness_refused", {{"reason", kept.error().message}});
    return kept;
  }

  Result<void> WriteDurably(rocksdb::WriteBatch& batch) {
    const auto start = std::chrono::steady_clock::now();
    const rocksdb::Status status = db_->Write(DurableWrite(), &batch);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    metrics_.sync.Observe(elapsed.count());
    if (status.ok()) return {};
    refused_ = true;
    Error error = FromStatus(status);
    if (error.code == ErrorCode::kCorrupt) error.code = ErrorCode::kUnavailable;
    log::Failure("store_write_refused", {{"reason", error.message}});
    return Fail(std::move(error));
  }

  // Opens the store again, as after a crash. Reads go on until the disk is good, then wait.
  Result<void> Reopen() {
    if (!DiskAccepts(options_.folder, *files_)) {
      return Fail(ErrorCode::kUnavailable, "the disk still refuses to be written", {},
                  "free at least 128 MB or repair the disk, then repeat");
    }
    const std::unique_lock lock(db_mutex_);
    if (!WaitForReaders()) {
      return Fail(ErrorCode::kUnavailable, "the store waits for a long read to open again", {},
                  "repeat in a moment");
    }
    db_.reset();
    Result<OpenedStore> store = OpenStore(options_, files_);
    if (!store) {
      log::Failure("store_not_reopened", {{"reason", store.error().message}});
      return Fail(std::move(store).error());
    }
    db_ = std::move(store->db);
    sequence_ = store->sequence;
    ledger_ = std::move(store->ledger);
    runs_ = std::move(store->runs);
    is_running_ = false;
    recent_.Forget();
    refused_ = false;
    log::Info("store_reopened");
    return {};
  }

  // Requires db_mutex_, so that no reader is added.
  bool WaitForReaders() const {
    for (auto waited = kReadersPoll; db_.use_count() > 1; waited += kReadersPoll) {
      if (waited > kReadersPatience) return false;
      std::this_thread::sleep_for(kReadersPoll);
    }
    return true;
  }

  const RocksDbOptions options_;
  rocksdb::Env* const files_;

  mutable std::shared_mutex db_mutex_;
  Database db_;  // changed by the committer's thread, under db_mutex_; null while closed

  std::atomic<bool> refused_ = false;  // the last write failed; set by the committer's thread

  mutable std::mutex backup_mutex_;  // a folder of backups takes one at a time

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::shared_ptr<Group>> forming_;  // guarded by mutex_; only the last one grows
  bool stopping_ = false;                       // guarded by mutex_

  // Of the committer's thread only.
  uint64_t sequence_;
  ledger::Appender ledger_;
  RecentStamps recent_;  // every stamp in it is in the store
  std::vector<StoreRun> runs_;
  bool is_running_ = false;  // the last run is this opening's
  StoreEnd end_{options_.witness_file};
  CommitMetrics metrics_;

  std::thread committer_;  // last: starts when everything else is ready
};

}  // namespace

Result<std::unique_ptr<Engine>> OpenRocksDbOn(const RocksDbOptions& options, rocksdb::Env* files) {
  Result<OpenedStore> store = OpenStore(options, files);
  if (!store) return Fail(AtPlace(std::move(store).error(), "store " + options.folder));
  return std::make_unique<RocksDbEngine>(options, files, std::move(*store));
}

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options) {
  return OpenRocksDbOn(options, rocksdb::Env::Default());
}

}  // namespace kstati::profile
