// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "profile/engines/engine.h"

namespace kstati::profile {

// An open RocksDB database as the engine uses it: reading, opening with its checks, and RocksDB's
// statuses as errors. Only for the engine.

using Database = std::shared_ptr<rocksdb::DB>;

// The engine's own keys begin with a zero byte.
inline constexpr std::string_view kSequenceKey{"\0msequence", 10};

inline rocksdb::Slice SliceOf(std::string_view text) { return {text.data(), text.size()}; }

Error FromStatus(const rocksdb::Status& status);

// Eight bytes, the highest first; no bytes are zero.
std::string EncodeSequence(uint64_t sequence);
uint64_t DecodeSequence(std::string_view bytes);
// What the keys of a log's entries begin with; the encoded sequence follows.
std::string LogPrefix(std::string_view log);

Result<std::optional<std::string>> GetValue(rocksdb::DB& db, const rocksdb::ReadOptions& read,
                                            std::string_view key);
// Visits the keys with the prefix from the first one >= `from`, the engine's own included.
Result<void> ScanKeys(rocksdb::DB& db, rocksdb::ReadOptions read, std::string_view prefix,
                      std::string_view from, const Snapshot::Visit& visit);

// A picture of the database; of a closed one (null) every read is refused.
std::unique_ptr<Snapshot> SnapshotOf(Database db);
// The refusal of a read while the database is closed.
tl::unexpected<Error> NotOpen();

struct OpenedStore {
  Database db;
  uint64_t sequence;  // of the last log entry
};

// Opens or makes the database and checks its schema; the errors are those of OpenRocksDb.
Result<OpenedStore> OpenStore(const RocksDbOptions& options, rocksdb::Env* files);

// Whether there is room to open the store again and the disk keeps what is written to it.
bool DiskAccepts(const std::string& folder, rocksdb::Env& files);

}  // namespace kstati::profile
