// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "profile/citizen_keys.h"
#include "profile/engines/engine.h"
#include "profile/formats/record_codec.h"
#include "profile/store.h"

namespace kstati::profile {

// One attempt to commit a transaction: what it expects of the store and what it writes. What it
// reads, it expects to stay; the engine refuses the change when it moved.
class CommitPlan {
 public:
  // `expect_new_event`: supposes that nobody concerned knows the event yet instead of looking,
  // which is right for nearly every event; the engine refuses when it is wrong.
  CommitPlan(const Transaction& transaction, const Engine& engine, CitizenKeys& keys,
             bool expect_new_event)
      : transaction_(transaction),
        engine_(engine),
        keys_(keys),
        expect_new_event_(expect_new_event) {}

  // kConflict when the event is recorded already; kNotFound when a citizen's data were erased.
  Result<Change> Make();

  // After Make: the citizens whose data change.
  std::vector<CitizenId> Touched() const;
  // After Make, of a spread event: all whose facts it reports, wherever they live.
  std::vector<CitizenId> Concerned() const;

 private:
  struct Part {
    CitizenChange change;
    std::optional<DataKey> key;
  };

  // The change of the citizen, made with the citizen's key when it is the first.
  Result<Part*> PartOf(CitizenId citizen);
  Result<void> ExpectVersions();
  Result<void> FoldProfile(CitizenId citizen, Part& part);
  Result<void> WriteRecords();
  Result<void> WriteLogs();
  Result<void> WriteTimers();
  Result<DataKey> KeyOfEntry(CitizenId citizen);

  Result<void> ExamineEvent();
  Result<void> ExamineSuperseded();
  Result<bool> IsErased(CitizenId citizen) const;
  // Writes the note of an event that had none, or only that it is superseded.
  Result<void> Note(const EventKey& event, const std::optional<EventId>& superseded_before,
                    Write note);
  // Those of `named` whom the event does not concern.
  std::vector<CitizenId> NotConcerned(const std::vector<CitizenId>& named) const;
  Result<void> WriteEvent();
  // What the event adds to the citizen's profile, or that it is to be delivered.
  Result<void> AddToProfile(CitizenId citizen);
  Result<void> KeepUntilFollowed();
  Result<void> ForgetFollowed();

  const Transaction& transaction_;
  const Engine& engine_;
  CitizenKeys& keys_;
  const bool expect_new_event_;
  Change change_;
  std::map<CitizenId, Part> parts_;
  std::vector<CitizenId> notified_;               // whom only the superseded event named
  std::optional<EventId> superseded_on_arrival_;  // as SpreadEvent's
};

}  // namespace kstati::profile
