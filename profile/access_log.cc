// SPDX-License-Identifier: Apache-2.0
#include "profile/access_log.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"

namespace kstati::profile {
namespace {

constexpr auto kPauseAfterRefusal = std::chrono::milliseconds(200);

metrics::Counter& CountOfUses() {
  return metrics::CounterOf("kstati_profile_uses_total",
                            "Uses of people's data that were entered into the ledger", "how",
                            "entered");
}

}  // namespace

AccessLog::AccessLog(Store& store, const Clock& clock, Options options)
    : store_(store), clock_(clock), options_(options), thread_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

Result<void> AccessLog::Enter(const std::vector<Use>& uses) {
  for (const auto& [partition, part] : ByPartition(uses)) KSTATI_TRY_VOID(Commit(part));
  return {};
}

std::map<size_t, std::vector<Use>> AccessLog::ByPartition(std::vector<Use> uses) const {
  std::map<size_t, std::vector<Use>> parts;
  for (Use& use : uses) {
    parts[store_.engine().PartitionOf(use.citizen)].push_back(std::move(use));
  }
  return parts;
}

Result<void> AccessLog::Commit(const std::vector<Use>& uses) {
  Transaction transaction(clock_.Now());
  for (const Use& use : uses) {
    transaction.Enter(use.citizen, use.kind, use.content);
    if (!use.log.empty()) transaction.AppendLog(use.citizen, use.log, use.entry);
  }
  KSTATI_TRY_VOID(store_.Commit(transaction));
  static metrics::Counter& count = CountOfUses();
  count.Add(static_cast<double>(uses.size()));
  return {};
}

Result<void> AccessLog::EnterSoon(Use use) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return waiting_.size() + writing_ < options_.waiting_max; };
  room_.wait_for(lock, options_.patience, [&] { return refused_ || has_room(); });
  if (refused_) return Fail(*refused_);
  if (!has_room()) {
    return Fail(ErrorCode::kUnavailable, "uses of people's data cannot be entered fast enough", {},
                "ask again later");
  }
  waiting_.push_back(std::move(use));
  ++accepted_;
  const bool wake = waiting_.size() == 1 || waiting_.size() == options_.group_max;
  lock.unlock();
  if (wake) work_.notify_one();
  return {};
}

Result<void> AccessLog::Flush() {
  std::unique_lock lock(mutex_);
  const uint64_t until = accepted_;
  const uint64_t refusals = refusals_;
  if (written_ >= until) return {};
  hurry_ = true;
  work_.notify_one();
  room_.wait(lock, [&] { return written_ >= until || refusals_ > refusals; });
  // What was written may have come after what was refused.
  if (refusals_ == refusals) return {};
  return Fail(*latest_refusal_);
}

std::vector<Use> AccessLog::AwaitGroup(std::unique_lock<std::mutex>& lock) {
  work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  work_.wait_for(lock, options_.delay,
                 [this] { return stopping_ || hurry_ || waiting_.size() >= options_.group_max; });
  writing_ = std::min(waiting_.size(), options_.group_max);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(writing_);
  std::vector<Use> group(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return group;
}

std::vector<Use> AccessLog::WriteGroup(std::vector<Use> group, Result<void>& outcome) {
  std::vector<Use> refused;
  const auto write = [&](const std::vector<Use>& uses) {
    const Result<void> written = Commit(uses);
    if (written || written.error().code == ErrorCode::kNotFound) return written.has_value();
    outcome = written;
    refused.insert(refused.end(), uses.begin(), uses.end());
    return true;
  };
  for (const auto& [partition, uses] : ByPartition(std::move(group))) {
    if (write(uses)) continue;
    // Among them is somebody whose data were erased.
    for (const Use& use : uses) write({use});
  }
  return refused;
}

void AccessLog::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    std::vector<Use> group = AwaitGroup(lock);
    if (group.empty()) return;
    lock.unlock();
    Result<void> outcome;
    std::vector<Use> left = WriteGroup(std::move(group), outcome);
    lock.lock();
    written_ += writing_ - left.size();
    writing_ = 0;
    waiting_.insert(waiting_.begin(), std::move_iterator(left.begin()),
                    std::move_iterator(left.end()));
    refused_ = outcome ? std::nullopt : std::optional(outcome.error());
    hurry_ = hurry_ && outcome && !waiting_.empty();
    if (!outcome) {
      ++refusals_;
      latest_refusal_ = outcome.error();
    }
    room_.notify_all();
    if (outcome) continue;
    log::Failure("uses_refused", {{"code", std::string(KindOf(refused_->code).name)}});
    if (stopping_) {
      log::Failure("uses_lost", {{"count", std::to_string(waiting_.size())}});
      return;
    }
    work_.wait_for(lock, kPauseAfterRefusal, [this] { return stopping_; });
  }
}

}  // namespace kstati::profile
