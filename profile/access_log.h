// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
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

// Enters uses of people's data into the ledger, one entry each: at once, or in groups by a thread
// of its own. Safe from any thread.
// Invariants:
// 1. A use that was accepted is waiting, being written or on stable storage. None is dropped, but
//    those about people whose data were erased meanwhile, which no key could seal, and those that
//    the store refuses at the end of the process.
// 2. While the store refuses writes nothing is accepted, so that never more waits than what was
//    accepted before it began to.
// 3. A use whose write is in doubt is written again: rather twice in the ledger than never.
class AccessLog {
 public:
  struct Options {
    size_t waiting_max = 8'192;                 // then whoever enters one waits
    size_t group_max = 512;                     // uses in one write
    std::chrono::milliseconds delay{300};       // how long a use may wait for others
    std::chrono::milliseconds patience{5'000};  // how long anybody waits for room
  };

  // `store` and `clock` outlive it.
  AccessLog(Store& store, const Clock& clock, Options options);
  AccessLog(Store& store, const Clock& clock) : AccessLog(store, clock, Options()) {}
  // Writes what waits, unless the store refuses it: then the log says how many were lost.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // On stable storage when this returns: nothing may be shown before. The store's errors.
  Result<void> Enter(const std::vector<Use>& uses);
  // On stable storage within a second. The store's error when it refuses writes, kUnavailable when
  // there was no room for too long; the use is not entered then.
  Result<void> EnterSoon(Use use);
  // Returns when everything accepted before is on stable storage; the store's error when it
  // refuses.
  Result<void> Flush();

 private:
  void Run();
  std::map<size_t, std::vector<Use>> ByPartition(std::vector<Use> uses) const;
  // Uses of one partition, in one change.
  Result<void> Commit(const std::vector<Use>& uses);
  // The next group, which counts as being written; empty at the end.
  std::vector<Use> AwaitGroup(std::unique_lock<std::mutex>& lock);
  // Returns what the store refused, and why.
  std::vector<Use> WriteGroup(std::vector<Use> group, Result<void>& outcome);

  Store& store_;
  const Clock& clock_;
  const Options options_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable room_;  // also: something was written, or refused
  std::deque<Use> waiting_;
  size_t writing_ = 0;
  uint64_t accepted_ = 0;
  uint64_t written_ = 0;
  uint64_t refusals_ = 0;
  std::optional<Error> refused_;  // of the latest write
  std::optional<Error> latest_refusal_;
  bool hurry_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace kstati::profile
