// SPDX-License-Identifier: Apache-2.0
#include "cases/scheduler.h"

#include <chrono>

#include "base/bytes.h"
#include "base/log.h"
#include "base/micros.h"
#include "cases/draft.h"
#include "cases/erasure.h"
#include "cases/pipeline.h"

namespace kstati::cases {
namespace {

constexpr size_t kCitizensAtOnce = 200;  // of a sweep: well under a second

}  // namespace

Scheduler::Scheduler(const World& world, const Desk& desk, Inquiries* inquiries,
                     int64_t step_seconds)
    : world_(world),
      desk_(desk),
      step_seconds_(step_seconds),
      hand_overs_(world, kHandOverLog, "hand_over"),
      erasures_(world, kErasureLog, "erasure"),
      inquiries_(world, inquiries),
      steps_(world, step_seconds,
             [this](CitizenId citizen, const CaseId& id) { inquiries_.Waits(citizen, id); }),
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
  hand_overs_.Run([this](std::string_view entry) { return HandOver(entry); });
  steps_.Run();
  const bool more = inquiries_.Run();
  erasures_.Run([this](std::string_view entry) { return Erase(entry); });
  return Sweep() || more;
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

WorkQueue::Outcome Scheduler::HandOver(std::string_view entry) const {
  ByteReader reader(entry);
  const CitizenId citizen(reader.Number());
  const CaseId id(reader.Text());
  const Instant started = reader.Moment();
  if (world_.Now().micros - started.micros < step_seconds_ * kMicrosPerSecond) {
    return WorkQueue::Outcome::kNotYet;
  }
  const Result<Case> handed = desk_.HandOver(citizen, id);
  const bool settled = handed || handed.error().code == ErrorCode::kConflict ||
                       handed.error().code == ErrorCode::kNotFound;
  return settled ? WorkQueue::Outcome::kDone : WorkQueue::Outcome::kFailed;
}

// Duties come due in the order in which they arose, as long as the law's time stays the same.
WorkQueue::Outcome Scheduler::Erase(std::string_view entry) const {
  const Result<QueuedErasure> queued = DecodeQueuedErasure(entry);
  if (!queued) return WorkQueue::Outcome::kFailed;
  if (world_.Today() < queued->due) return WorkQueue::Outcome::kNotYet;
  const Result<ErasureDuty> erased = desk_.Erase(queued->citizen, queued->consent);
  const bool settled = erased || erased.error().code == ErrorCode::kNotFound;
  return settled ? WorkQueue::Outcome::kDone : WorkQueue::Outcome::kFailed;
}

}  // namespace kstati::cases
