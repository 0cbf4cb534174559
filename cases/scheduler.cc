// SPDX-License-Identifier: Apache-2.0
#include "cases/scheduler.h"

#include <chrono>

#include "base/bytes.h"
#include "base/log.h"
#include "cases/draft.h"
#include "cases/erasure.h"
#include "cases/pipeline.h"

namespace kstati::cases {
namespace {

constexpr size_t kBatch = 1'000;
constexpr size_t kCitizensAtOnce = 200;  // of a sweep: well under a second
constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

Scheduler::Scheduler(const World& world, const Desk& desk, int64_t step_seconds)
    : world_(world),
      desk_(desk),
      step_seconds_(step_seconds),
      steps_(world, step_seconds),
      sweep_(world),
      thread_([this] { Run(); }) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Scheduler::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    const bool more = StepOnce();
    lock.lock();
    if (!more) wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
  }
}

bool Scheduler::StepOnce() {
  FollowEvents(world_);
  HandOverDue();
  steps_.Run();
  EraseDue();
  return Sweep();
}

// In small steps, so that hand-overs and the end of the process need not wait for a whole sweep.
bool Scheduler::Sweep() {
  const Result<SweepState> state = sweep_.Step(kCitizensAtOnce);
  if (!state) {
    log::Failure("calendar_sweep_failed", {{"code", std::string(KindOf(state.error().code).name)}});
    return false;
  }
  if (*state == SweepState::kFinished) {
    log::Info("calendar_swept", {{"life_events", static_cast<uint64_t>(sweep_.life_events())}});
  }
  return *state == SweepState::kUnderWay;
}

// The cursors are only in memory: after a restart the queues are read again from their start, and
// cases that have moved on refuse the step.
void Scheduler::HandOverDue() {
  cursors_.resize(world_.store->Partitions());
  for (size_t partition = 0; partition < cursors_.size(); ++partition) HandOverDue(partition);
}

void Scheduler::HandOverDue(size_t partition) {
  uint64_t& cursor = cursors_[partition];
  const Result<std::vector<profile::LogRecord>> entries =
      world_.store->ReadLog(partition, kHandOverLog, cursor, kBatch);
  if (!entries) return;
  for (const profile::LogRecord& entry : *entries) {
    if (!entry.value) {  // erased since
      cursor = entry.sequence;
      continue;
    }
    ByteReader reader(*entry.value);
    const CitizenId citizen(reader.Number());
    const CaseId id(reader.Text());
    const Instant started = reader.Moment();
    if (world_.Now().micros - started.micros < step_seconds_ * kMicrosPerSecond) return;
    const Result<Case> handed = desk_.HandOver(citizen, id);
    const bool settled = handed || handed.error().code == ErrorCode::kConflict ||
                         handed.error().code == ErrorCode::kNotFound;
    if (!settled) return;
    cursor = entry.sequence;
  }
}

// Duties come due in the order in which they arose, as long as the law's time stays the same. As
// above, after a restart the queues are read from their start; what is done stays done.
void Scheduler::EraseDue() {
  erasure_cursors_.resize(world_.store->Partitions());
  for (size_t partition = 0; partition < erasure_cursors_.size(); ++partition) EraseDue(partition);
}

void Scheduler::EraseDue(size_t partition) {
  uint64_t& cursor = erasure_cursors_[partition];
  const Result<std::vector<profile::LogRecord>> entries =
      world_.store->ReadLog(partition, kErasureLog, cursor, kBatch);
  if (!entries) return;
  for (const profile::LogRecord& entry : *entries) {
    if (entry.value) {
      const Result<QueuedErasure> queued = DecodeQueuedErasure(*entry.value);
      if (!queued || world_.Today() < queued->due) return;
      const Result<ErasureDuty> erased = desk_.Erase(queued->citizen, queued->consent);
      if (!erased && erased.error().code != ErrorCode::kNotFound) {
        log::Failure("erasure_failed", {{"code", std::string(KindOf(erased.error().code).name)}});
        return;
      }
    }
    cursor = entry.sequence;
  }
}

}  // namespace kstati::cases
