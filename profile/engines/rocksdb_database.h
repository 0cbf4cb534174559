// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/engines/rocksdb_row_form.h"
#include "profile/engines/store_end.h"
#include "profile/ledger/appender.h"

namespace kstati::profile {

// An open RocksDB database as the engine uses it: its keys, opening with its checks, reading, and
// RocksDB's statuses as errors. Only for the engine.

using Database = std::shared_ptr<rocksdb::DB>;

// The engine's own keys begin with a zero byte.
inline constexpr std::string_view kSequenceKey{"\0msequence", 10};

// The ledger: entries by index, complete subtrees above them, the appender's state and the last
// checkpoint; and of each citizen the stamp of the last deed (its number and moment), and the
// deeds.
std::string LedgerEntryKey(uint64_t index);
std::string LedgerNodeKey(ledger::NodeAddress address);
inline constexpr std::string_view kLedgerEntryFamily{"\0e", 2};
inline constexpr std::string_view kLedgerStateKey{"\0mledger", 8};
inline constexpr std::string_view kCheckpointKey{"\0mcheckpoint", 12};
std::string DeedStampKey(CitizenId citizen);
std::string DeedPrefix(CitizenId citizen);  // the encoded number follows

// Of a citizen's row, which holds a RowChange. Rows lie together, apart from the records, so that a
// sweep reads rows only.
std::string RowKey(CitizenId citizen);
std::string RecordKeyPrefix(CitizenId citizen);  // the record's own key follows
// What the keys of a log's entries begin with; the encoded sequence follows.
std::string LogPrefix(std::string_view log);

inline rocksdb::Slice SliceOf(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

Error FromStatus(const rocksdb::Status& status);

// Eight bytes, the highest first; no bytes are zero.
std::string EncodeSequence(uint64_t sequence);
uint64_t DecodeSequence(std::string_view bytes);

Result<std::optional<std::string>> GetValue(rocksdb::DB& db, std::string_view key);
// Visits the keys with the prefix from the first one >= `from`.
Result<void> ScanKeys(rocksdb::DB& db, std::string_view prefix, std::string_view from,
                      const Engine::VisitRecord& visit);
// kCorrupt when the bytes are not a row.
Result<RowChange> DecodeRow(std::string_view bytes);
Result<std::optional<Row>> GetRow(rocksdb::DB& db, CitizenId citizen);
// As Engine::ReadCitizen.
Result<std::optional<Row>> GetCitizen(rocksdb::DB& db, CitizenId citizen,
                                      std::span<const std::string> prefixes,
                                      const Engine::VisitRecord& visit);
// As Engine::Sweep.
Result<void> SweepRows(rocksdb::DB& db, CitizenId after, CitizenId last,
                       const Engine::VisitRow& visit);
// As Engine::ReadDeeds, ReadLedger and ReadLedgerNode.
Result<std::vector<RecordedDeed>> GetDeeds(rocksdb::DB& db, CitizenId citizen, uint64_t after,
                                           size_t limit);
Result<std::vector<std::string>> GetLedger(rocksdb::DB& db, uint64_t index, size_t limit);
Result<ledger::Hash> GetLedgerNode(rocksdb::DB& db, ledger::NodeAddress address);

// The store's runs, oldest first.
Result<std::vector<StoreRun>> GetRuns(rocksdb::DB& db);
// With the first batch that the run writes.
void PutRun(const StoreRun& run, rocksdb::WriteBatch& batch);

// As Engine::LogNames.
Result<std::vector<std::string>> GetLogNames(rocksdb::DB& db);
// As Engine::BackUp.
Result<Backup> BackUpDatabase(rocksdb::DB& db, const std::string& backups,
                              const BytesCopied& copied = {});
// As Engine::Purge.
Result<void> PurgeCitizen(rocksdb::DB& db, CitizenId citizen);

struct OpenedStore {
  Database db;
  uint64_t sequence;  // of the last log entry
  ledger::Appender ledger;
  std::vector<StoreRun> runs;
};

// Opens or makes the database and checks its schema; the errors are those of OpenRocksDb.
Result<OpenedStore> OpenStore(const RocksDbOptions& options, rocksdb::Env* files);

// Whether there is room to open the store again and the disk keeps what is written to it.
bool DiskAccepts(const std::string& folder, rocksdb::Env& files);

}  // namespace kstati::profile
