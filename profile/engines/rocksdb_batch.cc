// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/rocksdb_batch.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/check.h"
#include "profile/engines/rocksdb_database.h"

namespace kstati::profile {
namespace {

tl::unexpected<Error> Conflict() {
  return Fail(ErrorCode::kConflict, "the store changed meanwhile", {}, "read again and repeat");
}

Result<Stamp> DecodeStamp(std::string_view bytes) {
  const std::optional<Stamp> stamp = TakeStamp(bytes);
  if (stamp && bytes.empty()) return *stamp;
  return Fail(ErrorCode::kCorrupt, "the stamp of a citizen's last deed has an unknown form", {},
              "restore the store from a backup");
}

}  // namespace

Result<void> GroupBatch::Add(const Change& change) {
  for (const Expectation& each : change.expectations) {
    KSTATI_TRY(const Stamp latest, LatestStamp(each.citizen));
    if (latest.version != each.version) return Conflict();
  }
  for (const CitizenChange& each : change.citizens) KSTATI_TRY_VOID(CheckConditions(each));
  KSTATI_TRY(const std::vector<Stamp> stamps, MakeStamps(change));
  const size_t citizens = change.citizens.size();
  for (size_t i = 0; i < citizens; ++i) Put(change.citizens[i], stamps[i]);
  for (size_t i = 0; i < change.deeds.size(); ++i) Put(change.deeds[i], stamps[citizens + i]);
  for (const Append& append : change.appends) {
    batch_.Put(LogPrefix(append.log) + EncodeSequence(++sequence_), append.value);
  }
  return {};
}

Result<void> GroupBatch::Add(const StoreCopy& copy) {
  if (!copy.ledger_entries.empty() && copy.ledger_first != ledger_.size() + leaves_.size()) {
    return Fail(ErrorCode::kConflict, "the ledger has another number of entries already", {},
                "copy into an empty store");
  }
  for (const CitizenCopy& each : copy.citizens) KSTATI_TRY_VOID(Put(each));
  for (const LogEntryCopy& each : copy.log_entries) {
    batch_.Put(LogPrefix(each.log) + EncodeSequence(each.entry.sequence), each.entry.value);
    sequence_ = std::max(sequence_, each.entry.sequence);
  }
  for (const std::string& entry : copy.ledger_entries) {
    batch_.Put(LedgerEntryKey(ledger_.size() + leaves_.size()), entry);
    leaves_.push_back(ledger::LeafHash(entry));
  }
  return {};
}

Result<void> GroupBatch::DeleteAll(const std::string& prefix) {
  return ScanKeys(db_, prefix, {}, [&](std::string_view key, std::string_view) {
    batch_.Delete(SliceOf(key));
    return true;
  });
}

Result<void> GroupBatch::Put(const CitizenCopy& copy) {
  const std::string records = RecordKeyPrefix(copy.citizen);
  const std::string deeds = DeedPrefix(copy.citizen);
  KSTATI_TRY_VOID(DeleteAll(records));
  KSTATI_TRY_VOID(DeleteAll(deeds));
  batch_.Put(RowKey(copy.citizen),
             Encode({copy.row.stamp, copy.row.sealed_key, true, copy.row.profile}));
  stamps_[copy.citizen] = copy.row.stamp;
  for (const auto& [key, value] : copy.records) batch_.Put(records + key, value);
  for (const auto& [deed, at] : copy.deeds) {
    batch_.Put(deeds + EncodeSequence(deed.number), EncodeSequence(deed.index) + deed.opening);
    batch_.Put(DeedStampKey(copy.citizen), EncodeStamp({deed.number, at}));
  }
  return {};
}

rocksdb::WriteBatch& GroupBatch::Finish(const ledger::SigningKey* signer) {
  if (!leaves_.empty()) {
    KSTATI_CHECK(signer != nullptr);
    for (const ledger::Node& node : ledger_.Append(leaves_)) {
      if (node.address.level == 0) continue;  // the hash of the entry
      batch_.Put(LedgerNodeKey(node.address), SliceOf(ledger::BytesOf(node.hash)));
    }
    leaves_.clear();
    checkpoint_ = ledger_.SignedBy(*signer);
    batch_.Put(SliceOf(kLedgerStateKey), ledger_.State());
    batch_.Put(SliceOf(kCheckpointKey), checkpoint_);
  }
  if (sequence_ != first_sequence_) {
    batch_.Put(SliceOf(kSequenceKey), EncodeSequence(sequence_));
  }
  return batch_;
}

Result<Stamp> GroupBatch::LatestStamp(CitizenId citizen) {
  if (const auto changed = stamps_.find(citizen); changed != stamps_.end()) return changed->second;
  if (const Stamp* const recent = recent_.Find(citizen)) return *recent;
  KSTATI_TRY(const bool found, Find(RowKey(citizen)));
  if (!found) return Stamp();
  KSTATI_TRY(const RowChange row, DecodeRow(ViewOf(found_)));
  recent_.Keep(citizen, row.stamp);
  return row.stamp;
}

void GroupBatch::KeepStamps() {
  for (const auto& [citizen, stamp] : stamps_) recent_.Keep(citizen, stamp);
}

Result<Stamp> GroupBatch::LatestDeed(CitizenId citizen) {
  if (const auto made = deeds_.find(citizen); made != deeds_.end()) return made->second;
  KSTATI_TRY(const bool found, Find(DeedStampKey(citizen)));
  if (!found) return Stamp{};
  return DecodeStamp(ViewOf(found_));
}

Result<bool> GroupBatch::Find(const std::string& key) {
  found_.Reset();
  const rocksdb::Status status = db_.Get({}, db_.DefaultColumnFamily(), key, &found_);
  if (!status.ok() && !status.IsNotFound()) return Fail(FromStatus(status));
  return status.ok();
}

Result<void> GroupBatch::CheckConditions(const CitizenChange& change) {
  for (const Condition& each : change.conditions) {
    const std::string key = RecordKeyPrefix(change.citizen) + each.key;
    const auto changed = records_.find(key);
    if (changed != records_.end()) {
      if (changed->second != each.value) return Conflict();
      continue;
    }
    KSTATI_TRY(const bool found, Find(key));
    const bool holds = found ? each.value && found_ == *each.value : !each.value;
    if (!holds) return Conflict();
  }
  return {};
}

Result<std::vector<Stamp>> GroupBatch::MakeStamps(const Change& change) {
  std::vector<Stamp> stamps;
  Instant recorded_at = change.now;
  for (const CitizenChange& each : change.citizens) {
    KSTATI_TRY(const Stamp latest, LatestStamp(each.citizen));
    if (each.expected_version && *each.expected_version != latest.version) return Conflict();
    recorded_at = RecordingTime(latest.recorded_at, recorded_at);
    stamps.push_back({latest.version + 1, {}});
  }
  std::map<CitizenId, uint64_t> numbers;
  for (const Deed& each : change.deeds) {
    KSTATI_TRY(const Stamp latest, LatestDeed(each.citizen));
    recorded_at = RecordingTime(latest.recorded_at, recorded_at);
    stamps.push_back({latest.version + ++numbers[each.citizen], {}});
  }
  for (Stamp& stamp : stamps) stamp.recorded_at = recorded_at;
  return stamps;
}

void GroupBatch::Put(const CitizenChange& change, const Stamp& stamp) {
  const std::string bytes = EncodeStamp(stamp);
  PutRow(change, stamp, bytes);
  const std::string prefix = RecordKeyPrefix(change.citizen);
  for (const Write& write : change.writes) Put(write, prefix, bytes);
}

void GroupBatch::PutRow(const CitizenChange& change, const Stamp& stamp, const std::string& bytes) {
  std::string profile = change.profile.value_or("");
  if (!change.addition.empty()) profile.append(bytes).append(change.addition);
  const std::string row = Encode({stamp, change.sealed_key, change.profile.has_value(), profile});
  // What leaves nothing of the row before is put, so that nobody has to merge it.
  const bool whole = stamp.version == 1 || (change.sealed_key && change.profile);
  whole ? batch_.Put(RowKey(change.citizen), row) : batch_.Merge(RowKey(change.citizen), row);
  stamps_[change.citizen] = stamp;
}

void GroupBatch::Put(const Deed& deed, const Stamp& stamp) {
  const std::string entry = ledger::Encode({deed.kind, stamp.recorded_at, deed.citizen_commitment,
                                            stamp.version, deed.content_commitment});
  const uint64_t index = ledger_.size() + leaves_.size();
  leaves_.push_back(ledger::LeafHash(entry));
  batch_.Put(LedgerEntryKey(index), entry);
  batch_.Put(DeedStampKey(deed.citizen), EncodeStamp(stamp));
  batch_.Put(DeedPrefix(deed.citizen) + EncodeSequence(stamp.version),
             EncodeSequence(index) + deed.opening);
  deeds_[deed.citizen] = stamp;
}

void GroupBatch::Put(const Write& write, const std::string& prefix, const std::string& stamp) {
  const std::string key = prefix + write.key;
  std::optional<std::string>& value = records_[key];
  value = write.value && write.stamped ? stamp + *write.value : write.value;
  value ? batch_.Put(key, *value) : batch_.Delete(key);
}

}  // namespace kstati::profile
