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
  set_aside_.TryAgain(number, [&](const profile::LogRecord& entry) {
    return partition.failed.size() < kFailedMax && Work(partition, entry, act);
  });
  const auto entries = world_.store->ReadLog(number, log_, partition.cursor, kBatch);
  if (!entries) return set_aside_.NoteRefusal(number, entries.error());
  for (const profile::LogRecord& entry : *entries) {
    if (partition.failed.size() >= kFailedMax) return;
    const bool over = entry.unreadable ? set_aside_.Add(number, entry.sequence, *entry.unreadable)
                                       : Work(partition, entry, act);
    if (!over) return;
    partition.cursor = entry.sequence;
  }
}

bool WorkQueue::Work(Partition& partition, const profile::LogRecord& entry, const Act& act) {
  const Outcome outcome = entry.value ? act(*entry.value) : Outcome::kDone;  // erased since
  if (outcome == Outcome::kFailed) {
    log::Failure("work_failed", {{"queue", name_}, {"entry", entry.sequence}});
    partition.failed.push_back(*entry.value);
  }
  return outcome != Outcome::kNotYet;
}

}  // namespace kstati::cases
