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
  batch_.Put(RowKey(copy.citizen, RowPart::kStamp), EncodeStamp(copy.row.stamp));
  batch_.Put(RowKey(copy.citizen, RowPart::kSealedKey), copy.row.sealed_key);
  batch_.Put(RowKey(copy.citizen, RowPart::kProfile), copy.row.profile);
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
  return Latest(stamps_, citizen, RowKey(citizen, RowPart::kStamp));
}

Result<Stamp> GroupBatch::LatestDeed(CitizenId citizen) {
  return Latest(deeds_, citizen, DeedStampKey(citizen));
}

Result<Stamp> GroupBatch::Latest(const Stamps& made, CitizenId citizen, const std::string& key) {
  const auto changed = made.find(citizen);
  if (changed != made.end()) return changed->second;
  const rocksdb::Status status = db_.Get({}, db_.DefaultColumnFamily(), key, &found_);
  if (status.IsNotFound()) return Stamp{};
  if (!status.ok()) return Fail(FromStatus(status));
  const Result<Stamp> stamp = DecodeStamp(ViewOf(found_));
  found_.Reset();
  return stamp;
}

Result<void> GroupBatch::CheckConditions(const CitizenChange& change) {
  for (const Condition& each : change.conditions) {
    const std::string key = RecordKeyPrefix(change.citizen) + each.key;
    const auto changed = records_.find(key);
    if (changed != records_.end()) {
      if (changed->second != each.value) return Conflict();
      continue;
    }
    const rocksdb::Status status = db_.Get({}, db_.DefaultColumnFamily(), key, &found_);
    if (!status.ok() && !status.IsNotFound()) return Fail(FromStatus(status));
    const bool holds = status.IsNotFound() ? !each.value : each.value && found_ == *each.value;
    found_.Reset();
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
  batch_.Put(RowKey(change.citizen, RowPart::kStamp), bytes);
  if (change.sealed_key) {
    batch_.Put(RowKey(change.citizen, RowPart::kSealedKey), *change.sealed_key);
  }
  if (change.profile) batch_.Put(RowKey(change.citizen, RowPart::kProfile), *change.profile);
  if (!change.addition.empty()) {
    batch_.Merge(RowKey(change.citizen, RowPart::kProfile), bytes + change.addition);
  }
  const std::string prefix = RecordKeyPrefix(change.citizen);
  for (const Write& write : change.writes) Put(write, prefix, bytes);
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
