// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace kstati::profile {

struct RocksDbOptions;

// One of the backups in a folder.
struct Backup {
  uint32_t number = 0;  // counted from 1
  Instant made_at;
  uint64_t bytes = 0;
};

// Told of each piece that was copied, of so many bytes, from any thread; empty: nobody is told.
using BytesCopied = std::function<void(uint64_t bytes)>;

// Adds a backup of a RocksDB store that nobody has open to a folder of backups. Only files that no
// earlier backup has are copied, and all of it is read again and compared with its checksums.
// Errors are those of OpenRocksDb.
Result<Backup> BackUpRocksDb(const RocksDbOptions& options, const std::string& backups,
                             const BytesCopied& copied = {});

// Oldest first. kNotFound when the folder holds none.
Result<std::vector<Backup>> ListBackups(const std::string& backups);

// Makes a store's folder, which must be absent or empty (else kConflict), from a backup, after
// reading all of it; 0: from the latest. kNotFound without such a backup, kCorrupt when it is
// damaged.
Result<Backup> RestoreRocksDb(const std::string& backups, uint32_t number,
                              const std::string& folder, const BytesCopied& copied = {});

}  // namespace kstati::profile
