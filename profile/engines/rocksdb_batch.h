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

namespace kstati::profile {

// The changes of one group, checked one after the other against the store and against those before
// them in the group, as one RocksDB batch. Only for the committer's thread, and only while nobody
// else writes.
class GroupBatch {
 public:
  // `sequence`: the number of the last log entry in the store.
  GroupBatch(rocksdb::DB& db, uint64_t sequence) : db_(db), sequence_(sequence) {}

  // kConflict when an expectation does not hold, or the error of a read; then the batch is as it
  // was. The change must live as long as the batch.
  Result<void> Add(const Change& change);

  // The finished batch.
  rocksdb::WriteBatch& Finish();
  uint64_t sequence() const { return sequence_; }  // of the last log entry once it is written

 private:
  Result<Stamp> LatestStamp(CitizenId citizen);
  Result<void> CheckConditions(const CitizenChange& change);
  // The stamps that the change gives to its citizens, in their order.
  Result<std::vector<Stamp>> MakeStamps(const Change& change);
  void Put(const CitizenChange& change, const Stamp& stamp);
  void Put(const Write& write, const std::string& prefix, const std::string& stamp);

  rocksdb::DB& db_;
  uint64_t sequence_;
  const uint64_t first_sequence_ = sequence_;
  rocksdb::WriteBatch batch_;
  rocksdb::PinnableSlice found_;
  // What the changes added so far will leave.
  std::unordered_map<CitizenId, Stamp> stamps_;
  std::unordered_map<std::string, std::optional<std::string>> records_;
};

}  // namespace kstati::profile
