// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "profile/ledger/appender.h"
#include "profile/ledger/documents.h"
#include "profile/ledger/entry.h"
#include "tests/unit/ledger/small_tree.h"
#include "tests/unit/ledger/test_key.h"

namespace kstati::profile::ledger {

// A log of acts about three citizens, as its owner has it: entries, tree, salts and contents. The
// same size always gives the same log.
class SmallLog {
 public:
  explicit SmallLog(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) Add(i);
  }

  uint64_t size() const { return entries_.size(); }
  const SmallTree& tree() const { return tree_; }
  const Entry& entry(uint64_t index) const { return entries_[index]; }

  std::string Checkpoint(uint64_t size) const {
    return SignCheckpoint({size, *RootAt(size, tree_)}, TestKey());
  }

  Receipt ReceiptOf(uint64_t index, uint64_t size) const {
    return {Encode(entries_[index]),
            CitizenOf(index),
            CitizenSalt(CitizenOf(index)),
            ContentOf(index),
            ContentSalt(index),
            index,
            *InclusionProof(index, size, tree_),
            Checkpoint(size)};
  }

  std::string Consistency(uint64_t first, uint64_t second) const {
    return ConsistencyJson(Checkpoint(first), Checkpoint(second),
                           *ConsistencyProof(first, second, tree_));
  }

  // The whole log, with a checkpoint after every third entry and at the end.
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    for (uint64_t i = 0; i < size(); ++i) {
      lines.push_back(EntryLine(i, Encode(entries_[i])));
      if ((i + 1) % 3 == 0 || i + 1 == size()) lines.push_back(CheckpointLine(Checkpoint(i + 1)));
    }
    return lines;
  }

  static CitizenId CitizenOf(uint64_t index) { return CitizenId(17 + 2 * index % 7 % 3); }
  static Salt CitizenSalt(CitizenId citizen) { return Sha256("citizen", citizen.ToString()).bytes; }
  static Salt ContentSalt(uint64_t index) { return Sha256("content", std::to_string(index)).bytes; }
  static std::string ContentOf(uint64_t index) {
    return "{\"by\":\"ф" + std::to_string(index) + "\",\"why\":\"a \\\"reason\\\"\\n\"}\t\x1F";
  }

 private:
  void Add(uint64_t index) {
    const CitizenId citizen = CitizenOf(index);
    entries_.push_back({static_cast<EntryKind>(1 + index % 9),
                        Instant{1'773'565'200'000'000 + static_cast<int64_t>(index) * 1'000'001},
                        CitizenCommitment(citizen, CitizenSalt(citizen)), ++numbers_[citizen],
                        ContentCommitment(ContentOf(index), ContentSalt(index))});
    tree_.Add(Encode(entries_.back()));
  }

  std::vector<Entry> entries_;
  std::map<CitizenId, uint64_t> numbers_;
  SmallTree tree_;
};

}  // namespace kstati::profile::ledger
