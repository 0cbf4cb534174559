// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/options.h>

#include <memory>

#include "base/result.h"
#include "profile/engines/engine.h"

namespace kstati::profile {

// Files are filtered by this much of a key: the letter of rows or records and a citizen's number.
inline constexpr size_t kFilteredPrefixBytes = 9;

// How the store uses RocksDB. Only for the engine, its tests and its benchmark: nobody else
// includes RocksDB's headers.
rocksdb::Options RocksDbSettings(const RocksDbOptions& options);

// A write that is on stable storage when it returns.
rocksdb::WriteOptions DurableWrite();

// OpenRocksDb on a file system of the caller, which must outlive the engine.
Result<std::unique_ptr<Engine>> OpenRocksDbOn(const RocksDbOptions& options, rocksdb::Env* files);

}  // namespace kstati::profile
