// SPDX-License-Identifier: Apache-2.0
#include "cases/due_steps.h"

#include "base/log.h"
#include "base/micros.h"
#include "cases/deciding.h"

namespace kstati::cases {
namespace {

constexpr size_t kBatch = 1'000;

// Whether there is nothing more to do about the step, whatever came of it.
bool IsSettled(const Result<Case>& taken) {
  if (taken || taken.error().code == ErrorCode::kConflict ||
      taken.error().code == ErrorCode::kNotFound) {
    return true;
  }
  log::Failure("case_not_decided", {{"code", std::string(KindOf(taken.error().code).name)}});
  return false;
}

}  // namespace

DueSteps::DueSteps(const World& world, int64_t step_seconds, OnWait on_wait)
    : world_(world),
      step_seconds_(step_seconds),
      on_wait_(std::move(on_wait)),
      decisions_(world, kDecideLog, "decision"),
      set_aside_(world, kWaitLog, "wait") {}

void DueSteps::Run() {
  decisions_.Run([this](std::string_view entry) { return Decide(entry); });
  read_.resize(world_.store->Partitions());
  for (size_t partition = 0; partition < read_.size(); ++partition) ReadWaits(partition);
  EndWaits();
}

WorkQueue::Outcome DueSteps::Decide(std::string_view entry) const {
  const Result<QueuedCase> queued = DecodeQueuedCase(entry);
  if (!queued) return WorkQueue::Outcome::kFailed;
  const int64_t waited = world_.Now().micros - queued->since.micros;
  if (waited < step_seconds_ * kMicrosPerSecond) return WorkQueue::Outcome::kNotYet;
  const bool settled = IsSettled(DecideCase(world_, queued->citizen, queued->id, Wait::kGoesOn));
  return settled ? WorkQueue::Outcome::kDone : WorkQueue::Outcome::kFailed;
}

void DueSteps::ReadWaits(size_t partition) {
  set_aside_.TryAgain(partition, [this](const profile::LogRecord& entry) {
    Hold(entry);
    return true;
  });
  for (;;) {
    const auto entries = world_.store->ReadLog(partition, kWaitLog, read_[partition], kBatch);
    if (!entries) return set_aside_.NoteRefusal(partition, entries.error());
    if (entries->empty()) return;
    for (const profile::LogRecord& entry : *entries) {
      const bool is_kept =
          entry.unreadable && !set_aside_.Add(partition, entry.sequence, *entry.unreadable);
      if (is_kept) return;
      Hold(entry);
      read_[partition] = entry.sequence;
    }
  }
}

void DueSteps::Hold(const profile::LogRecord& entry) {
  if (!entry.value) return;
  const Result<QueuedCase> queued = DecodeQueuedCase(*entry.value);
  if (!queued || !queued->until) return;
  waiting_.emplace(*queued->until, std::pair(queued->citizen, queued->id));
  if (on_wait_) on_wait_(queued->citizen, queued->id);
}

// The last day of a wait still counts.
void DueSteps::EndWaits() {
  const Date today = world_.Today();
  for (auto next = waiting_.begin(); next != waiting_.end() && next->first < today;) {
    const auto [citizen, id] = next->second;
    const bool settled = IsSettled(DecideCase(world_, citizen, id, Wait::kIsOver));
    next = settled ? waiting_.erase(next) : std::next(next);
  }
}

}  // namespace kstati::cases
