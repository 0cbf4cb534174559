// SPDX-License-Identifier: Apache-2.0
#include <rocksdb/options.h>

#include <array>
#include <utility>

#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

constexpr char kRowFamily = 'c';
constexpr char kRecordFamily = 'd';
constexpr size_t kPartAt = 9;  // after the family's letter and the citizen's number
constexpr size_t kSweepReadahead = 2 << 20;

std::string CitizenKey(char family, CitizenId citizen) {
  std::string key(1, family);
  key.reserve(kPartAt + 1);
  key.append(EncodeSequence(citizen.number()));
  return key;
}

tl::unexpected<Error> CorruptRow() {
  return Fail(ErrorCode::kCorrupt, "a row of the store has an unknown form", {},
              "restore the store from a backup");
}

// Puts the parts of rows together as a sweep meets them.
class RowAssembly {
 public:
  explicit RowAssembly(const Engine::VisitRow& visit) : visit_(visit) {}

  // False when the visitor has seen enough or the row is damaged (see outcome()).
  bool Take(std::string_view key, std::string_view value) {
    if (key.size() != kPartAt + 1) return Refuse();
    const CitizenId citizen(DecodeSequence(key.substr(1, sizeof(uint64_t))));
    switch (static_cast<RowPart>(key[kPartAt])) {
      case RowPart::kStamp: return Begin(citizen, value);
      case RowPart::kSealedKey: sealed_key_.assign(value); return open_ || Refuse();
      case RowPart::kProfile: return open_ ? Finish(value) : Refuse();
    }
    return Refuse();
  }

  // Call after the last key.
  Result<void> End() {
    if (open_ && outcome_) Finish({});
    return std::move(outcome_);
  }

 private:
  bool Begin(CitizenId citizen, std::string_view value) {
    if (open_ && !Finish({})) return false;
    Result<Stamp> stamp = DecodeStamp(value);
    if (!stamp) {
      outcome_ = Fail(std::move(stamp).error());
      return false;
    }
    citizen_ = citizen;
    stamp_ = *stamp;
    sealed_key_.clear();
    open_ = true;
    return true;
  }

  bool Finish(std::string_view profile) {
    open_ = false;
    return visit_(RowView{citizen_, stamp_, sealed_key_, profile});
  }

  bool Refuse() {
    open_ = false;
    outcome_ = CorruptRow();
    return false;
  }

  const Engine::VisitRow& visit_;
  bool open_ = false;  // a stamp was read whose profile did not come yet
  CitizenId citizen_;
  Stamp stamp_;
  std::string sealed_key_;
  Result<void> outcome_;
};

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

std::string RowKey(CitizenId citizen, RowPart part) {
  std::string key = CitizenKey(kRowFamily, citizen);
  key.push_back(static_cast<char>(part));
  return key;
}

std::string RecordKeyPrefix(CitizenId citizen) { return CitizenKey(kRecordFamily, citizen); }

Result<Stamp> DecodeStamp(std::string_view bytes) {
  const std::optional<Stamp> stamp = TakeStamp(bytes);
  if (!stamp || !bytes.empty()) return CorruptRow();
  return *stamp;
}

Result<std::optional<Row>> GetRow(rocksdb::DB& db, CitizenId citizen) {
  constexpr size_t kParts = 3;
  const std::array<std::string, kParts> names{RowKey(citizen, RowPart::kStamp),
                                              RowKey(citizen, RowPart::kSealedKey),
                                              RowKey(citizen, RowPart::kProfile)};
  const std::array<rocksdb::Slice, kParts> keys{names[0], names[1], names[2]};
  std::array<rocksdb::PinnableSlice, kParts> values;
  std::array<rocksdb::Status, kParts> statuses;
  // One look at the store: the three values are of one moment.
  db.MultiGet({}, db.DefaultColumnFamily(), kParts, keys.data(), values.data(), statuses.data(),
              /*sorted_input=*/true);
  for (const rocksdb::Status& status : statuses) {
    if (!status.ok() && !status.IsNotFound()) return Fail(FromStatus(status));
  }
  if (statuses[0].IsNotFound()) return std::nullopt;
  Row row;
  KSTATI_TRY(row.stamp, DecodeStamp(ViewOf(values[0])));
  if (statuses[1].ok()) row.sealed_key = values[1].ToString();
  if (statuses[2].ok()) row.profile = values[2].ToString();
  return row;
}

Result<void> SweepRows(rocksdb::DB& db, CitizenId after, CitizenId last,
                       const Engine::VisitRow& visit) {
  if (after >= last) return {};
  const std::string end = CitizenKey(kRowFamily, last) + std::string(1, '\xFF');
  const rocksdb::Slice bound(end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &bound;
  read.total_order_seek = true;
  read.readahead_size = kSweepReadahead;
  read.fill_cache = false;  // a sweep must not push out what people look at
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(read));
  RowAssembly rows(visit);
  bool more = true;
  for (at->Seek(CitizenKey(kRowFamily, CitizenId(after.number() + 1))); more && at->Valid();) {
    more = rows.Take(ViewOf(at->key()), ViewOf(at->value()));
    if (more) at->Next();
  }
  if (!at->status().ok()) return Fail(FromStatus(at->status()));
  return rows.End();
}

Result<void> PurgeCitizen(rocksdb::DB& db, CitizenId citizen) {
  const rocksdb::Status flushed = db.Flush({});
  if (!flushed.ok()) return Fail(FromStatus(flushed));
  KSTATI_TRY_VOID(CompactKeysOf(db, kRowFamily, citizen));
  return CompactKeysOf(db, kRecordFamily, citizen);
}

}  // namespace kstati::profile
