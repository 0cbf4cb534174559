// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/engines/engine.h"
#include "profile/formats/record_codec.h"
#include "profile/store.h"

namespace kstati::profile {

// One attempt to commit a transaction: what it expects of the store and what it writes. Reads the
// versions of everyone touched; the engine then refuses the change when any of them moved.
class CommitPlan {
 public:
  // `expect_new_event`: supposes that the event is not known yet instead of looking, which is right
  // for nearly every event; the engine refuses when it is wrong.
  CommitPlan(const Transaction& transaction, const Snapshot& snapshot, bool expect_new_event)
      : transaction_(transaction), snapshot_(snapshot), expect_new_event_(expect_new_event) {}

  // kConflict when the transaction rests on an old version or its event is recorded.
  Result<Change> Make();

  // After Make: the citizens whose data change.
  const std::vector<CitizenId>& touched() const { return touched_; }

 private:
  struct Standing {
    CitizenId citizen;
    VersionRecord record;
  };

  Result<void> CheckDependencies();
  Result<void> ExamineEvent();
  Result<void> ExamineSuperseded();
  Result<std::vector<CitizenId>> NamedOnlyBy(const EventRecord& superseded);
  // Reads the version once and expects it to stay.
  Result<VersionRecord> ReadVersion(CitizenId citizen);
  // Reads the value and expects it to stay.
  Result<std::optional<std::string>> ReadExpected(std::string key);
  Result<void> WriteVersions();
  void WriteEvent();
  void WriteEntry(CitizenId citizen, const std::string& event_bytes);
  uint64_t NextVersion(CitizenId citizen) const;

  const Transaction& transaction_;
  const Snapshot& snapshot_;
  const bool expect_new_event_;
  Change change_;
  std::vector<Standing> standings_;
  std::vector<CitizenId> touched_;
  std::vector<CitizenId> notified_;  // whom only the superseded event named
  bool superseded_on_arrival_ = false;
  Instant known_at_;
};

}  // namespace kstati::profile
