// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "profile/access_queue.h"
#include "profile/store.h"

namespace kstati::profile {

// Enters uses of people's data into the ledger, one entry each: at once, or soon by a queue of each
// partition, so that one that is down keeps nobody from the others. Safe from any thread.
class AccessLog {
 public:
  using Options = AccessQueue::Options;  // of each partition

  // `store` and `clock` outlive it. Its end is that of its queues.
  AccessLog(Store& store, const Clock& clock, Options options);
  AccessLog(Store& store, const Clock& clock) : AccessLog(store, clock, Options()) {}

  // On stable storage when this returns: nothing may be shown before. The store's errors.
  Result<void> Enter(const std::vector<Use>& uses);
  // On stable storage within a second. The store's error when the citizen's partition refuses
  // writes, kUnavailable when there was no room for too long; the use is not entered then.
  Result<void> EnterSoon(Use use);
  // Returns when everything accepted before, but for what is set aside, is on stable storage; the
  // store's error when it refuses.
  Result<void> Flush();
  // The same for the citizen's partition; an error too when a use of this citizen's data is set
  // aside.
  Result<void> Flush(CitizenId citizen);

 private:
  AccessQueue& QueueOf(CitizenId citizen) { return *queues_[store_.engine().PartitionOf(citizen)]; }

  Store& store_;
  const Clock& clock_;
  std::vector<std::unique_ptr<AccessQueue>> queues_;  // by partition
};

}  // namespace kstati::profile
