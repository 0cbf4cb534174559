// SPDX-License-Identifier: Apache-2.0
#include "cases/work_queue.h"

#include "base/log.h"

namespace kstati::cases {
namespace {

constexpr size_t kBatch = 1'000;
constexpr size_t kFailedMax = 100;  // of a partition

}  // namespace

void WorkQueue::Run(const Act& act) {
  partitions_.resize(world_.store->Partitions());
  for (size_t i = 0; i < partitions_.size(); ++i) Run(i, partitions_[i], act);
}

size_t WorkQueue::failed() const {
  size_t count = 0;
  for (const Partition& each : partitions_) count += each.failed.size();
  return count;
}

void WorkQueue::Run(size_t number, Partition& partition, const Act& act) {
  std::erase_if(partition.failed,
                [&](const std::string& entry) { return act(entry) == Outcome::kDone; });
  const auto entries = world_.store->ReadLog(number, log_, partition.cursor, kBatch);
  if (!entries) return;
  for (const profile::LogRecord& entry : *entries) {
    if (partition.failed.size() >= kFailedMax) return;
    const Outcome outcome = entry.value ? act(*entry.value) : Outcome::kDone;  // erased since
    if (outcome == Outcome::kNotYet) return;
    if (outcome == Outcome::kFailed) {
      log::Failure("work_failed", {{"queue", name_}, {"entry", entry.sequence}});
      partition.failed.push_back(*entry.value);
    }
    partition.cursor = entry.sequence;
  }
}

}  // namespace kstati::cases
