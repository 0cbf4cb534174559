// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/ledger/appender.h"

namespace kstati::profile {

// The latest stamps of the citizens who changed lately, so that a commit seldom has to read one.
// Only for the committer's thread.
class RecentStamps {
 public:
  const Stamp* Find(CitizenId citizen) const {
    const Slot& slot = slots_[citizen.number() % kSlots];
    return slot.citizen == citizen ? &slot.stamp : nullptr;
  }
  void Keep(CitizenId citizen, const Stamp& stamp) {
    slots_[citizen.number() % kSlots] = {citizen, stamp};
  }
  void Forget() { std::fill(slots_.begin(), slots_.end(), Slot()); }

 private:
  static constexpr size_t kSlots = 1 << 17;  // 3 MiB

  struct Slot {
    CitizenId citizen;  // 0: none
    Stamp stamp;
  };
  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
};

// The changes of one group, checked one after the other against the store and against those before
// them in the group, as one RocksDB batch. Only for the committer's thread, and only while nobody
// else writes.
class GroupBatch {
 public:
  // `sequence`: the number of the last log entry in the store. `ledger`: as it is in the store.
  // `recent`: stamps that are in the store; more are added.
  GroupBatch(rocksdb::DB& db, uint64_t sequence, const ledger::Appender& ledger,
             RecentStamps& recent)
      : db_(db), recent_(recent), sequence_(sequence), ledger_(ledger) {}

  // kConflict when an expectation does not hold, or the error of a read; then the batch is as it
  // was. The change must live as long as the batch.
  Result<void> Add(const Change& change);
  // As Engine::Restore.
  Result<void> Add(const StoreCopy& copy);

  // The finished batch. `signer` signs the checkpoint when the ledger grew.
  rocksdb::WriteBatch& Finish(const ledger::SigningKey* signer);
  // Call once the batch is written.
  void KeepStamps();
  uint64_t sequence() const { return sequence_; }  // of the last log entry once it is written
  const ledger::Appender& ledger() const { return ledger_; }     // once the batch is written
  const std::string& checkpoint() const { return checkpoint_; }  // empty when it did not grow

 private:
  using Stamps = std::unordered_map<CitizenId, Stamp>;

  Result<Stamp> LatestStamp(CitizenId citizen);
  Result<Stamp> LatestDeed(CitizenId citizen);
  // Whether the store has the key; then found_ is its value.
  Result<bool> Find(const std::string& key);
  Result<void> CheckConditions(const CitizenChange& change);
  // The stamps that the change gives to its citizens, in their order, and then to its deeds.
  Result<std::vector<Stamp>> MakeStamps(const Change& change);
  Result<void> Put(const CitizenCopy& copy);
  Result<void> DeleteAll(const std::string& prefix);
  void Put(const Deed& deed, const Stamp& stamp);
  void Put(const CitizenChange& change, const Stamp& stamp);
  void PutRow(const CitizenChange& change, const Stamp& stamp, const std::string& bytes);
  void Put(const Write& write, const std::string& prefix, const std::string& stamp);

  rocksdb::DB& db_;
  RecentStamps& recent_;
  uint64_t sequence_;
  const uint64_t first_sequence_ = sequence_;
  rocksdb::WriteBatch batch_;
  rocksdb::PinnableSlice found_;
  ledger::Appender ledger_;
  std::vector<ledger::Hash> leaves_;
  std::string checkpoint_;
  // What the changes added so far will leave.
  Stamps stamps_;
  Stamps deeds_;
  std::unordered_map<std::string, std::optional<std::string>> records_;
};

}  // namespace kstati::profile
