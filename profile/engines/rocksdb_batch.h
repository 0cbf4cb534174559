// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/ledger/appender.h"

namespace kstati::profile {

// The changes of one group, checked one after the other against the store and against those before
// them in the group, as one RocksDB batch. Only for the committer's thread, and only while nobody
// else writes.
class GroupBatch {
 public:
  // `sequence`: the number of the last log entry in the store. `ledger`: as it is in the store.
  GroupBatch(rocksdb::DB& db, uint64_t sequence, const ledger::Appender& ledger)
      : db_(db), sequence_(sequence), ledger_(ledger) {}

  // kConflict when an expectation does not hold, or the error of a read; then the batch is as it
  // was. The change must live as long as the batch.
  Result<void> Add(const Change& change);
  // As Engine::Restore.
  Result<void> Add(const StoreCopy& copy);

  // The finished batch. `signer` signs the checkpoint when the ledger grew.
  rocksdb::WriteBatch& Finish(const ledger::SigningKey* signer);
  uint64_t sequence() const { return sequence_; }  // of the last log entry once it is written
  const ledger::Appender& ledger() const { return ledger_; }     // once the batch is written
  const std::string& checkpoint() const { return checkpoint_; }  // empty when it did not grow

 private:
  using Stamps = std::unordered_map<CitizenId, Stamp>;

  Result<Stamp> LatestStamp(CitizenId citizen);
  Result<Stamp> LatestDeed(CitizenId citizen);
  Result<Stamp> Latest(const Stamps& made, CitizenId citizen, const std::string& key);
  Result<void> CheckConditions(const CitizenChange& change);
  // The stamps that the change gives to its citizens, in their order, and then to its deeds.
  Result<std::vector<Stamp>> MakeStamps(const Change& change);
  Result<void> Put(const CitizenCopy& copy);
  Result<void> DeleteAll(const std::string& prefix);
  void Put(const Deed& deed, const Stamp& stamp);
  void Put(const CitizenChange& change, const Stamp& stamp);
  void Put(const Write& write, const std::string& prefix, const std::string& stamp);

  rocksdb::DB& db_;
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
