// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "profile/store.h"

namespace kstati::profile {

// One use of a citizen's data, with all that the citizen is told of it.
struct Use {
  CitizenId citizen;
  ledger::EntryKind kind = ledger::EntryKind::kAccess;
  DeedContent content;
  // An entry about the citizen for a log, written with the use; none when `log` is empty.
  std::string log = {};
  std::string entry = {};
};

// Enters the uses into the ledger, all of people of one partition, in one change; counts them.
Result<void> EnterUses(Store& store, Instant now, const std::vector<Use>& uses);

// Uses of the data of people of one partition on their way into its ledger, in groups by a thread
// of its own. Safe from any thread.
// Invariants:
// 1. A use that was accepted is waiting, being written, set aside or on stable storage. None is
//    dropped, but those about people of whom nothing is kept (erased, or without a profile), which
//    no key could seal, and those that the store refuses at the end of the process.
// 2. While the partition refuses writes nothing is accepted, so that never more waits than what was
//    accepted before it began to.
// 3. A use whose write is in doubt is written again: rather twice in the ledger than never.
// 4. Whose data do not open (damaged, or the key is not at hand) keeps nobody else from anything:
//    uses of these data are set aside and tried again now and then.
class AccessQueue {
 public:
  struct Options {
    size_t waiting_max = 8'192;                 // then whoever enters one waits; as many set aside
    size_t group_max = 512;                     // uses in one write
    std::chrono::milliseconds delay{300};       // how long a use may wait for others
    std::chrono::milliseconds patience{5'000};  // how long anybody waits for room
    std::chrono::milliseconds again{60'000};    // until what was set aside is tried again
  };

  // `store` and `clock` outlive it.
  AccessQueue(Store& store, const Clock& clock, Options options);
  // Writes what waits and what was set aside, unless the store refuses it: then the log says how
  // many were lost.
  ~AccessQueue();
  AccessQueue(const AccessQueue&) = delete;
  AccessQueue& operator=(const AccessQueue&) = delete;

  // As AccessLog::EnterSoon.
  Result<void> Put(Use use);
  // Returns when everything accepted before is written or set aside; the store's error when it
  // refuses, and when a use of this citizen's data is set aside.
  Result<void> Flush(std::optional<CitizenId> citizen = std::nullopt);

 private:
  struct SetAside {
    std::vector<Use> uses;
    Error why;
  };
  // What became of a group.
  struct Written {
    std::vector<Use> refused;                      // by the store; in the order of the group
    std::optional<Error> why;                      // it refuses
    std::vector<std::pair<Use, Error>> set_aside;  // and why
  };

  void Run();
  // The next group, which counts as being written; empty at the end.
  std::vector<Use> AwaitGroup(std::unique_lock<std::mutex>& lock);
  Written WriteGroup(std::vector<Use> group);
  void WriteOne(Use use, Written& written);
  void TakeBackSetAside();
  void PutAside(std::vector<std::pair<Use, Error>> uses);

  Store& store_;
  const Clock& clock_;
  const Options options_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;  // also: something was written, or refused
  std::deque<Use> waiting_;
  size_t writing_ = 0;
  uint64_t accepted_ = 0;
  uint64_t settled_ = 0;  // written, dropped, or set aside
  uint64_t refusals_ = 0;
  std::optional<Error> refused_;  // of the latest write
  std::optional<Error> latest_refusal_;
  std::map<CitizenId, SetAside> set_aside_;
  size_t set_aside_count_ = 0;
  std::chrono::steady_clock::time_point again_at_;  // while any are set aside
  bool hurry_ = false;
  bool stopping_ = false;
  bool last_try_ = false;  // at the end, of what was set aside
  std::thread thread_;
};

}  // namespace kstati::profile
