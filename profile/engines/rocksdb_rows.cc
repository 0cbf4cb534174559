// SPDX-License-Identifier: Apache-2.0
#include <rocksdb/options.h>

#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

constexpr char kRowFamily = 'c';
constexpr char kRecordFamily = 'd';
constexpr size_t kSweepReadahead = 2 << 20;

std::string CitizenKey(char family, CitizenId citizen) {
  std::string key(1, family);
  key.append(EncodeSequence(citizen.number()));
  return key;
}

Result<void> CompactKeysOf(rocksdb::DB& db, char family, CitizenId citizen) {
  const std::string begin = CitizenKey(family, citizen);
  const std::string end = begin + std::string(1, '\xFF');
  const rocksdb::Slice first(begin);
  const rocksdb::Slice last(end);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Status status = db.CompactRange(options, &first, &last);
  if (!status.ok()) return Fail(FromStatus(status));
  return {};
}

}  // namespace

std::string RowKey(CitizenId citizen) { return CitizenKey(kRowFamily, citizen); }

std::string RecordKeyPrefix(CitizenId citizen) { return CitizenKey(kRecordFamily, citizen); }

Result<RowChange> DecodeRow(std::string_view bytes) {
  if (const std::optional<RowChange> row = DecodeRowChange(bytes)) return *row;
  return Fail(ErrorCode::kCorrupt, "a row of the store has an unknown form", {},
              "restore the store from a backup");
}

Result<std::optional<Row>> GetRow(rocksdb::DB& db, CitizenId citizen) {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db.Get({}, db.DefaultColumnFamily(), RowKey(citizen), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return Fail(FromStatus(status));
  KSTATI_TRY(const RowChange row, DecodeRow(ViewOf(value)));
  return Row{row.stamp, std::string(row.sealed_key.value_or("")), std::string(row.profile)};
}

// An iterator shows one moment, wherever it is put. It looks at what has the citizen's nine bytes
// only, for the row and for the records, so the filter of prefixes holds.
Result<std::optional<Row>> GetCitizen(rocksdb::DB& db, CitizenId citizen,
                                      std::span<const std::string> prefixes,
                                      const Engine::VisitRecord& visit) {
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator({}));
  const std::string row_key = RowKey(citizen);
  at->Seek(row_key);
  if (!at->status().ok()) return Fail(FromStatus(at->status()));
  if (!at->Valid() || ViewOf(at->key()) != row_key) return std::nullopt;
  KSTATI_TRY(const RowChange change, DecodeRow(ViewOf(at->value())));
  Row row{change.stamp, std::string(change.sealed_key.value_or("")), std::string(change.profile)};
  const std::string own = RecordKeyPrefix(citizen);
  for (const std::string& prefix : prefixes) {
    const std::string first = own + prefix;
    bool more = true;
    for (at->Seek(first); more && at->Valid() && ViewOf(at->key()).starts_with(first); at->Next()) {
      more = visit(ViewOf(at->key()).substr(own.size()), ViewOf(at->value()));
    }
    if (!at->status().ok()) return Fail(FromStatus(at->status()));
    if (!more) break;
  }
  return row;
}

Result<void> SweepRows(rocksdb::DB& db, CitizenId after, CitizenId last,
                       const Engine::VisitRow& visit) {
  if (after >= last) return {};
  const std::string end = RowKey(last).append(1, '\0');
  const rocksdb::Slice bound(end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &bound;
  read.total_order_seek = true;
  read.readahead_size = kSweepReadahead;
  read.fill_cache = false;  // a sweep must not push out what people look at
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(read));
  for (at->Seek(RowKey(CitizenId(after.number() + 1))); at->Valid(); at->Next()) {
    const CitizenId citizen(DecodeSequence(ViewOf(at->key()).substr(1)));
    KSTATI_TRY(const RowChange row, DecodeRow(ViewOf(at->value())));
    if (!visit({citizen, row.stamp, row.sealed_key.value_or(""), row.profile})) break;
  }
  if (!at->status().ok()) return Fail(FromStatus(at->status()));
  return {};
}

Result<void> PurgeCitizen(rocksdb::DB& db, CitizenId citizen) {
  const rocksdb::Status flushed = db.Flush({});
  if (!flushed.ok()) return Fail(FromStatus(flushed));
  KSTATI_TRY_VOID(CompactKeysOf(db, kRowFamily, citizen));
  return CompactKeysOf(db, kRecordFamily, citizen);
}

}  // namespace kstati::profile
