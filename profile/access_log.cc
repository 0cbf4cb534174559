// SPDX-License-Identifier: Apache-2.0
#include "profile/access_log.h"

#include <utility>

namespace kstati::profile {

AccessLog::AccessLog(Store& store, const Clock& clock, Options options)
    : store_(store), clock_(clock) {
  for (size_t partition = 0; partition < store.Partitions(); ++partition) {
    queues_.push_back(std::make_unique<AccessQueue>(store, clock, options));
  }
}

Result<void> AccessLog::Enter(const std::vector<Use>& uses) {
  std::map<size_t, std::vector<Use>> parts;
  for (const Use& use : uses) parts[store_.engine().PartitionOf(use.citizen)].push_back(use);
  for (const auto& [partition, part] : parts) {
    KSTATI_TRY_VOID(EnterUses(store_, clock_.Now(), part));
  }
  return {};
}

Result<void> AccessLog::EnterSoon(Use use) {
  AccessQueue& queue = QueueOf(use.citizen);
  return queue.Put(std::move(use));
}

Result<void> AccessLog::Flush() {
  for (const auto& queue : queues_) KSTATI_TRY_VOID(queue->Flush());
  return {};
}

Result<void> AccessLog::Flush(CitizenId citizen) { return QueueOf(citizen).Flush(citizen); }

}  // namespace kstati::profile
