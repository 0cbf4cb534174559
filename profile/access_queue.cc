// SPDX-License-Identifier: Apache-2.0
#include "profile/access_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"

namespace kstati::profile {
namespace {

constexpr auto kPauseAfterRefusal = std::chrono::milliseconds(200);

metrics::Counter& CountOfUses(std::string_view how) {
  return metrics::CounterOf("kstati_profile_uses_total",
                            "Uses of people's data: entered into the ledger, about a number "
                            "without data, or set aside since the data do not open",
                            "how", how);
}

}  // namespace

Result<void> EnterUses(Store& store, Instant now, const std::vector<Use>& uses) {
  Transaction transaction(now);
  for (const Use& use : uses) {
    transaction.Enter(use.citizen, use.kind, use.content);
    if (!use.log.empty()) transaction.AppendLog(use.citizen, use.log, use.entry);
  }
  KSTATI_TRY_VOID(store.Commit(transaction));
  static metrics::Counter& count = CountOfUses("entered");
  count.Add(static_cast<double>(uses.size()));
  return {};
}

AccessQueue::AccessQueue(Store& store, const Clock& clock, Options options)
    : store_(store), clock_(clock), options_(options), thread_([this] { Run(); }) {}

AccessQueue::~AccessQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  thread_.join();
}

Result<void> AccessQueue::Put(Use use) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return waiting_.size() + writing_ < options_.waiting_max; };
  room_.wait_for(lock, options_.patience, [&] { return refused_ || has_room(); });
  if (refused_) return Fail(*refused_);
  if (!has_room()) {
    return Fail(ErrorCode::kUnavailable, "uses of people's data cannot be entered fast enough", {},
                "ask again later");
  }
  const auto aside = set_aside_.find(use.citizen);
  if (aside != set_aside_.end() && set_aside_count_ >= options_.waiting_max) {
    return Fail(aside->second.why);
  }
  waiting_.push_back(std::move(use));
  ++accepted_;
  const bool wake = waiting_.size() == 1 || waiting_.size() == options_.group_max;
  lock.unlock();
  if (wake) work_.notify_one();
  return {};
}

Result<void> AccessQueue::Flush(std::optional<CitizenId> citizen) {
  std::unique_lock lock(mutex_);
  const uint64_t until = accepted_;
  const uint64_t refusals = refusals_;
  if (settled_ < until) {
    hurry_ = true;
    work_.notify_one();
    room_.wait(lock, [&] { return settled_ >= until || refusals_ > refusals; });
    // What was written may have come after what was refused.
    if (refusals_ != refusals) return Fail(*latest_refusal_);
  }
  const auto aside = citizen ? set_aside_.find(*citizen) : set_aside_.end();
  if (aside == set_aside_.end()) return {};
  return Fail(aside->second.why);
}

std::vector<Use> AccessQueue::AwaitGroup(std::unique_lock<std::mutex>& lock) {
  const auto is_work = [this] { return stopping_ || !waiting_.empty(); };
  if (set_aside_.empty()) {
    work_.wait(lock, is_work);
  } else {
    work_.wait_until(lock, again_at_, is_work);
    if (std::chrono::steady_clock::now() >= again_at_) TakeBackSetAside();
  }
  work_.wait_for(lock, options_.delay,
                 [this] { return stopping_ || hurry_ || waiting_.size() >= options_.group_max; });
  if (stopping_ && waiting_.empty() && !last_try_) {
    last_try_ = true;
    TakeBackSetAside();
  }
  writing_ = std::min(waiting_.size(), options_.group_max);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(writing_);
  std::vector<Use> group(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return group;
}

// Before what came later, as far as it is about the same people.
void AccessQueue::TakeBackSetAside() {
  std::vector<Use> uses;
  for (auto& [citizen, aside] : set_aside_) std::ranges::move(aside.uses, std::back_inserter(uses));
  set_aside_.clear();
  settled_ -= set_aside_count_;
  set_aside_count_ = 0;
  waiting_.insert(waiting_.begin(), std::move_iterator(uses.begin()),
                  std::move_iterator(uses.end()));
}

AccessQueue::Written AccessQueue::WriteGroup(std::vector<Use> group) {
  Written written;
  const Result<void> entered = EnterUses(store_, clock_.Now(), group);
  if (entered) return written;
  const ErrorCode code = entered.error().code;
  const bool may_be_of_one =
      code == ErrorCode::kNotFound || code == ErrorCode::kCorrupt || code == ErrorCode::kDenied;
  if (!may_be_of_one) {
    written.why = entered.error();
    written.refused = std::move(group);
    return written;
  }
  for (Use& use : group) WriteOne(std::move(use), written);
  return written;
}

void AccessQueue::WriteOne(Use use, Written& written) {
  if (written.why) return written.refused.push_back(std::move(use));
  const Result<void> entered = EnterUses(store_, clock_.Now(), {use});
  if (entered) return;
  if (entered.error().code == ErrorCode::kNotFound) {
    static metrics::Counter& count = CountOfUses("about_nobody");
    count.Add();
    log::Warning("use_about_nobody");
    return;
  }
  // Where the citizen's data do open it is the store that refuses.
  const Result<History> opened = store_.Load(use.citizen);
  const bool of_one = !opened && (opened.error().code == ErrorCode::kCorrupt ||
                                  opened.error().code == ErrorCode::kDenied);
  if (of_one)
    return static_cast<void>(written.set_aside.emplace_back(std::move(use), opened.error()));
  written.why = entered.error();
  written.refused.push_back(std::move(use));
}

void AccessQueue::PutAside(std::vector<std::pair<Use, Error>> uses) {
  for (auto& [use, why] : uses) {
    static metrics::Counter& count = CountOfUses("set_aside");
    count.Add();
    log::Failure("use_set_aside", {{"code", std::string(KindOf(why.code).name)}});
    if (set_aside_.empty()) again_at_ = std::chrono::steady_clock::now() + options_.again;
    SetAside& aside = set_aside_[use.citizen];
    aside.why = std::move(why);
    aside.uses.push_back(std::move(use));
    ++set_aside_count_;
  }
}

void AccessQueue::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    std::vector<Use> group = AwaitGroup(lock);
    if (group.empty() && !stopping_) continue;
    if (group.empty()) break;
    lock.unlock();
    Written written = WriteGroup(std::move(group));
    lock.lock();
    settled_ += writing_ - written.refused.size();
    writing_ = 0;
    waiting_.insert(waiting_.begin(), std::move_iterator(written.refused.begin()),
                    std::move_iterator(written.refused.end()));
    PutAside(std::move(written.set_aside));
    refused_ = written.why;
    hurry_ = hurry_ && !written.why && !waiting_.empty();
    if (written.why) {
      ++refusals_;
      latest_refusal_ = written.why;
    }
    room_.notify_all();
    if (!refused_) continue;
    log::Failure("uses_refused", {{"code", std::string(KindOf(refused_->code).name)}});
    if (stopping_) break;
    work_.wait_for(lock, kPauseAfterRefusal, [this] { return stopping_; });
  }
  const uint64_t lost = waiting_.size() + set_aside_count_;
  if (lost > 0) log::Failure("uses_lost", {{"count", lost}});
}

}  // namespace kstati::profile
