// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_settings.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "profile/engines/rocksdb_row_form.h"

namespace kstati::profile {
namespace {

constexpr size_t kBlockBytes = 8 << 10;      // a handful of profiles
constexpr double kBloomBitsPerKey = 10;      // about 1 % of needless reads
constexpr double kMemoryFilterShare = 0.02;  // of the memory before a flush
constexpr size_t kMergesMax = 32;  // of a row in memory, so that busy rows stay quick to read
constexpr size_t kDiagnosticFilesKept = 4;
constexpr size_t kDiagnosticFileBytes = 16 << 20;

rocksdb::BlockBasedTableOptions TableSettings(const RocksDbOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.block_size = kBlockBytes;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.cache_index_and_filter_blocks = true;  // so that the cache's size bounds the memory
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  return table;
}

}  // namespace

rocksdb::Options RocksDbSettings(const RocksDbOptions& options) {
  rocksdb::Options settings;
  settings.create_if_missing = true;
  settings.paranoid_checks = true;
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  settings.track_and_verify_wals_in_manifest = true;
  settings.recycle_log_file_num = 0;  // a recycled log could not be told from a damaged one
  settings.compression = rocksdb::kLZ4Compression;
  settings.bottommost_compression = rocksdb::kZSTD;
  settings.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kFilteredPrefixBytes));
  settings.merge_operator = RowMerge();
  settings.max_successive_merges = kMergesMax;
  // Most commits look for the note of an event that is not there.
  settings.memtable_prefix_bloom_size_ratio = kMemoryFilterShare;
  settings.memtable_whole_key_filtering = true;
  settings.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableSettings(options)));
  settings.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  settings.keep_log_file_num = kDiagnosticFilesKept;
  settings.max_log_file_size = kDiagnosticFileBytes;
  return settings;
}

rocksdb::WriteOptions DurableWrite() {
  rocksdb::WriteOptions write;
  write.sync = true;
  return write;
}

}  // namespace kstati::profile
