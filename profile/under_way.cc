// SPDX-License-Identifier: Apache-2.0
#include "profile/under_way.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"

namespace kstati::profile {
namespace {

constexpr std::chrono::seconds kPatience{1};  // a delivery takes milliseconds

void Lower(std::map<CitizenId, int>& counts, CitizenId citizen) {
  const auto found = counts.find(citizen);
  KSTATI_CHECK(found != counts.end());
  if (--found->second == 0) counts.erase(found);
}

}  // namespace

UnderWay::Acting::~Acting() {
  if (owner_ == nullptr) return;
  {
    const std::lock_guard lock(owner_->mutex_);
    for (const CitizenId citizen : citizens_) Lower(owner_->acting_, citizen);
  }
  owner_->changed_.notify_all();
}

Result<UnderWay::Acting> UnderWay::Act(std::vector<CitizenId> citizens) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [&] { return IsFree(citizens); })) {
    return Fail(ErrorCode::kUnavailable, "facts about a person are still under way",
                "facts under way", "repeat in a moment");
  }
  for (const CitizenId citizen : citizens) ++acting_[citizen];
  return Acting(*this, std::move(citizens));
}

bool UnderWay::IsFree(const std::vector<CitizenId>& citizens) const {
  return std::ranges::none_of(citizens, [&](CitizenId each) { return facts_.contains(each); });
}

Result<void> UnderWay::Begin(const EventPlace& event, const std::vector<CitizenId>& citizens) {
  std::unique_lock lock(mutex_);
  if (events_.contains(event)) {
    return Fail(ErrorCode::kConflict, "the event is under way already",
                "event " + event.key.ToString(), "repeat in a moment");
  }
  events_[event].citizens = citizens;
  for (const CitizenId citizen : citizens) ++facts_[citizen];
  // Whoever acts now began before the event; nobody else begins.
  changed_.wait(lock, [&] {
    return std::ranges::none_of(citizens, [&](CitizenId each) { return acting_.contains(each); });
  });
  return {};
}

void UnderWay::Forget(State& state) {
  for (const CitizenId citizen : state.citizens) Lower(facts_, citizen);
  state.citizens.clear();
}

void UnderWay::Arrive(const EventPlace& event) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = events_.find(event); found != events_.end()) Forget(found->second);
  }
  changed_.notify_all();
}

void UnderWay::End(const EventPlace& event) {
  Arrive(event);
  const std::lock_guard lock(mutex_);
  events_.erase(event);
}

bool UnderWay::Take(const EventPlace& event) {
  const std::lock_guard lock(mutex_);
  const auto found = events_.find(event);
  if (found == events_.end() || found->second.worked_at) return false;
  found->second.worked_at = true;
  return true;
}

void UnderWay::Leave(const EventPlace& event) {
  const std::lock_guard lock(mutex_);
  if (const auto found = events_.find(event); found != events_.end()) {
    found->second.worked_at = false;
  }
}

std::vector<EventPlace> UnderWay::Waiting() const {
  const std::lock_guard lock(mutex_);
  std::vector<EventPlace> waiting;
  for (const auto& [event, state] : events_) {
    if (!state.worked_at) waiting.push_back(event);
  }
  return waiting;
}

}  // namespace kstati::profile
