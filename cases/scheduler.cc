// SPDX-License-Identifier: Apache-2.0
#include "cases/scheduler.h"

#include <chrono>

#include "base/bytes.h"
#include "base/log.h"
#include "cases/draft.h"

namespace kstati::cases {
namespace {

constexpr size_t kBatch = 1'000;
constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

Scheduler::Scheduler(const World& world, const Desk& desk, int64_t step_seconds)
    : world_(world), desk_(desk), step_seconds_(step_seconds), thread_([this] { Run(); }) {}

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
    StepOnce();
    lock.lock();
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
  }
}

void Scheduler::StepOnce() {
  HandOverDue();
  const Date today = world_.Today();
  if (today == swept_) return;
  if (const Result<size_t> found = SweepCalendar(world_, today)) {
    swept_ = today;
    log::Info("calendar_swept", {{"life_events", static_cast<uint64_t>(*found)}});
  } else {
    log::Failure("calendar_sweep_failed", {{"code", std::string(KindOf(found.error().code).name)}});
  }
}

// The cursor is only in memory: after a restart the queue is read again from its start, and cases
// that have moved on refuse the step.
void Scheduler::HandOverDue() {
  const Result<std::vector<profile::LogEntry>> entries =
      world_.store->ReadLog(kHandOverLog, cursor_, kBatch);
  if (!entries) return;
  for (const profile::LogEntry& entry : *entries) {
    ByteReader reader(entry.value);
    const CitizenId citizen(reader.Number());
    const CaseId id(reader.Text());
    const Instant started = reader.Moment();
    if (world_.Now().micros - started.micros < step_seconds_ * kMicrosPerSecond) return;
    const Result<Case> handed = desk_.HandOver(citizen, id);
    const bool settled = handed || handed.error().code == ErrorCode::kConflict ||
                         handed.error().code == ErrorCode::kConsentRequired ||
                         handed.error().code == ErrorCode::kNotFound;
    if (!settled) return;
    cursor_ = entry.sequence;
  }
}

}  // namespace kstati::cases
