// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/backups.h"
#include "profile/ledger/compact_range.h"
#include "profile/ledger/entry.h"
#include "profile/ledger/hash.h"
#include "profile/ledger/signing_key.h"
#include "profile/stamp.h"

namespace kstati::profile {

// What an engine keeps of one citizen:
// - a row, read at once: how often and when it changed, the sealed key, and the profile;
// - records: bytes under keys, read one by one or by a prefix of the key.
// Everything is opaque to the engine. Citizen 0 and those above kLastCitizen hold what belongs to
// nobody.
inline constexpr CitizenId kLastCitizen{999'999'999'999};
inline bool IsNobody(CitizenId citizen) { return citizen == CitizenId() || citizen > kLastCitizen; }

struct Row {
  Stamp stamp;             // of the latest change
  std::string sealed_key;  // empty: none
  std::string profile;
};

// The bytes of a row being visited; valid until the visit returns.
struct RowView {
  CitizenId citizen;
  Stamp stamp;
  std::string_view sealed_key;
  std::string_view profile;
};

// What a record must hold for a change to go through; nullopt: it must be absent.
struct Condition {
  std::string key;
  std::optional<std::string> value;
};

struct Write {
  std::string key;                   // not empty
  std::optional<std::string> value;  // nullopt deletes
  bool stamped = false;              // the change's stamp is put before the value
};

struct CitizenChange {
  CitizenId citizen;
  std::optional<uint64_t> expected_version;  // 0: the citizen has no row yet
  std::optional<std::string> sealed_key;     // in place of the old one
  std::optional<std::string> profile;        // in place of the old one
  std::string addition;  // put at the end of the profile after the change's stamp; empty: nothing
  std::vector<Condition> conditions;
  std::vector<Write> writes;
};

// Something that was done about a citizen, for the ledger of the citizen's partition. The engine
// gives the entry its number among the citizen's and its moment, which never goes back; the entry
// is not a change of the citizen.
struct Deed {
  CitizenId citizen;
  ledger::EntryKind kind = ledger::EntryKind::kAccess;
  ledger::Hash citizen_commitment;
  ledger::Hash content_commitment;
  std::string opening;  // sealed: what opens the commitments; kept with the citizen
};

// Added to the end of a log under the next sequence number of the partition.
struct Append {
  std::string log;  // "outbox", "exposure"; not empty, no zero byte
  std::string value;
};

// A citizen who must be at this version and is not changed.
struct Expectation {
  CitizenId citizen;
  uint64_t version = 0;  // 0: the citizen has no row
};

// What is written at once: all of it or none. Each citizen appears once, and all live in one
// partition; the logs are those of the first one's partition.
struct Change {
  Instant now;  // what the clock says; stamps are not earlier
  std::vector<Expectation> expectations;
  std::vector<CitizenChange> citizens;
  std::vector<Append> appends;
  std::vector<Deed> deeds;
};

// A deed as the citizen's records keep it.
struct RecordedDeed {
  uint64_t number = 0;  // among the citizen's, from 1
  uint64_t index = 0;   // of the entry in the ledger of the citizen's partition, from 0
  std::string opening;
};

struct LogEntry {
  uint64_t sequence;
  std::string value;
};

// What another store holds, to be held here as it is there.

struct DeedCopy {
  RecordedDeed deed;
  Instant at;  // the moment of its entry
};

struct CitizenCopy {
  CitizenId citizen;
  Row row;
  std::vector<std::pair<std::string, std::string>> records;  // key and value
  std::vector<DeedCopy> deeds;
};

struct LogEntryCopy {
  std::string log;
  LogEntry entry;
};

// Parts of one partition of a store.
struct StoreCopy {
  size_t partition = 0;
  std::vector<CitizenCopy> citizens;
  std::vector<LogEntryCopy> log_entries;
  // Entries of the ledger; the first one has this index, which is how many there are already.
  uint64_t ledger_first = 0;
  std::vector<std::string> ledger_entries;
};

// A store of citizens and of append-only logs. Implementations are safe to use from any thread.
// Each read shows one moment and everything that was acknowledged before it began; two reads may
// show different moments, and there is no moment of several partitions.
class Engine {
 public:
  using VisitRecord = std::function<bool(std::string_view key, std::string_view value)>;
  using VisitRow = std::function<bool(const RowView& row)>;

  virtual ~Engine() = default;

  // Returns when the change is on stable storage. kConflict when a version or a condition does not
  // hold (nothing was written), kUnavailable when the disk refuses or the connection broke (then,
  // as after a crash, the change may turn out to be there as a whole or not at all), kUnsupported
  // when the citizens live in several partitions. Changes of a partition commit in one order for
  // everyone. Once the engine is good again, commits go on by themselves.
  virtual Result<void> Commit(Change change) = 0;
  // kUnavailable while commits to the partition are refused. Asking makes the engine look whether
  // they can go on, so that it recovers also when nobody commits.
  virtual Result<void> AcceptsWrites(size_t partition) = 0;

  // nullopt when no change touched the citizen.
  virtual Result<std::optional<Row>> ReadRow(CitizenId citizen) const = 0;
  // The same, and visits the citizen's records whose keys have one of the prefixes, prefix by
  // prefix, those of a prefix in byte order of keys, to the last one: row and records are of one
  // moment.
  virtual Result<std::optional<Row>> ReadCitizen(CitizenId citizen,
                                                 std::span<const std::string> prefixes,
                                                 const VisitRecord& visit) const = 0;
  virtual Result<std::optional<std::string>> Get(CitizenId citizen, std::string_view key) const = 0;
  // Calls `visit` for every record whose key has the prefix, in byte order of keys; stops when it
  // returns false. The views live until `visit` returns.
  virtual Result<void> Scan(CitizenId citizen, std::string_view prefix,
                            const VisitRecord& visit) const = 0;
  // Visits the rows of the partition's citizens with `after` < number <= `last`, ordered by number;
  // stops when `visit` returns false. A row shows some moment since the call.
  virtual Result<void> Sweep(size_t partition, CitizenId after, CitizenId last,
                             const VisitRow& visit) const = 0;
  // The same for all partitions, one after the other: so where it stopped does not say who is left.
  Result<void> SweepAll(CitizenId after, CitizenId last, const VisitRow& visit) const {
    bool more = true;
    const auto visit_until_stopped = [&](const RowView& row) { return more = visit(row); };
    for (size_t partition = 0; more && partition < Partitions(); ++partition) {
      KSTATI_TRY_VOID(Sweep(partition, after, last, visit_until_stopped));
    }
    return {};
  }

  // Everything of a citizen lies in one partition.
  virtual size_t Partitions() const = 0;
  virtual size_t PartitionOf(CitizenId citizen) const = 0;
  // Entries of a partition's log with sequence > `after`, oldest first, at most `limit`.
  virtual Result<std::vector<LogEntry>> ReadLog(size_t partition, std::string_view log,
                                                uint64_t after, size_t limit) const = 0;

  // The citizen's deeds with number > `after`, oldest first, at most `limit`.
  virtual Result<std::vector<RecordedDeed>> ReadDeeds(CitizenId citizen, uint64_t after,
                                                      size_t limit) const = 0;
  // The bytes of the entries of a partition's ledger from `index` on, at most `limit`.
  virtual Result<std::vector<std::string>> ReadLedger(size_t partition, uint64_t index,
                                                      size_t limit) const = 0;
  // A complete subtree of a partition's ledger; kCorrupt when there is none.
  virtual Result<ledger::Hash> ReadLedgerNode(size_t partition,
                                              ledger::NodeAddress address) const = 0;
  // The last signed checkpoint of a partition's ledger; empty when it has no entry.
  virtual Result<std::string> ReadCheckpoint(size_t partition) const = 0;

  // The names of the partition's logs, in byte order.
  virtual Result<std::vector<std::string>> LogNames(size_t partition) const = 0;
  // Puts what another store holds in place of what is here: of each citizen everything, stamps
  // included; log entries under their sequence numbers; entries of the ledger with a checkpoint
  // above them. Only while nobody else uses the store, and into one with as many partitions; a part
  // of one kind is written as a whole, in the order ledger, citizens, logs. kConflict when the
  // ledger has another number of entries.
  virtual Result<void> Restore(const StoreCopy& copy) = 0;

  // Rewrites what the engine keeps of the citizen, so that replaced and deleted bytes are gone from
  // its files, as far as the engine can see to it.
  virtual Result<void> Purge(CitizenId citizen) = 0;

  // As BackUpRocksDb, of the open store while changes go on: everything that was acknowledged
  // before the call is in it, and of each change all or nothing. kUnsupported where backups are
  // made by other tools.
  virtual Result<Backup> BackUp(const std::string& backups) const {
    static_cast<void>(backups);
    return Fail(ErrorCode::kUnsupported, "backups of a database are made by its own tools", {},
                "use pg_basebackup, pgBackRest or Barman; or `kstati store copy` into a RocksDB "
                "folder, and back that up");
  }
};

struct RocksDbOptions {
  std::string folder;
  size_t block_cache_bytes = 256u << 20;  // the hot part of a million citizens
  size_t group_commits_max = 256;         // commits joined into one synced batch
  // Signs the ledger; without it no deed can be committed. Must outlive the engine.
  const ledger::SigningKey* signer = nullptr;
  // Keeps the last checkpoint, in a place that does not share the store's fate; empty: none. A
  // deed is acknowledged when it is kept here too. Beside it, with ".end" behind the name, how far
  // the store's log went, for changes without a deed.
  std::string witness_file;
};

// Opens (or makes) a RocksDB store. kUnavailable when another process has it open, the disk is full
// or read-only; kUnsupported when the store's schema version is another than this program's;
// kCorrupt when its files are damaged, another program made them, or the ledger does not go on from
// what its witness has seen.
Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options);

// How the database that the engine connects to keeps the citizens.
enum class PostgresMode {
  kPlain,    // by itself (a single server, or Citus)
  kPlProxy,  // in partitions, which it reaches through PL/Proxy
};

struct PostgresOptions {
  std::string conninfo;  // as libpq takes it: "host=db1 dbname=kstati", "postgresql://db1/kstati"
  std::string passfile;  // file of passwords as libpq reads it; empty: the usual places
  PostgresMode mode = PostgresMode::kPlain;
  size_t connections_max =
      32;  // calls at a time; the server's work, so a few for each of its cores
  std::chrono::seconds connect_timeout{5};
  std::chrono::milliseconds statement_timeout{10'000};  // also for a connection to become free
  // Acts on the store alone, as one who opens a RocksDB store does: nobody else opens it so at the
  // same time. Otherwise several programs may have it open.
  bool alone = false;
  // As for RocksDB. Of several partitions each has a ledger of its own, named by LedgerName, and a
  // witness: of the first one the file with ".0" behind its name.
  const ledger::SigningKey* signer = nullptr;
  std::string witness_file;
};

// Connects to a PostgreSQL store. A partition behind PL/Proxy that cannot be reached, as long as
// another one can, is opened as soon as it can: until then what concerns it is kUnavailable.
// kUnavailable, kDenied and kNotFound when it cannot;
// kUnsupported when the schema is another than this program's, a setting would lose what was
// acknowledged, or PL/Proxy's list of partitions is not the one that the store was made with;
// kCorrupt when a ledger does not go on from what its witness has seen. Opened to act alone:
// kUnavailable when another program acts on the store, and from every commit once another one did
// after the connection to the server broke.
Result<std::unique_ptr<Engine>> OpenPostgres(const PostgresOptions& options);

// kInvalidArgument when libpq cannot read the conninfo, or a password stands in it, where it would
// be seen in lists of processes and in backups of configurations.
Result<void> CheckConninfo(const std::string& conninfo);

// Which migrations of this program a database has.
struct PostgresSchema {
  std::vector<std::string> applied;
  std::vector<std::string> missing;
};
// kUnsupported when one was applied that this program does not know, or otherwise.
Result<PostgresSchema> ReadPostgresSchema(const PostgresOptions& options);

// Brings the database's schema `kstati` to this program's version and returns the names of the
// migrations that were applied: of a partition by itself, or of the proxy to the partitions.
// Repeatable; of several at a time one works and the others wait. kUnsupported when the schema is
// newer or an applied migration was changed: then nothing is done.
Result<std::vector<std::string>> MigratePostgres(const PostgresOptions& options);

inline constexpr int kSchemaVersion = 3;

}  // namespace kstati::profile
