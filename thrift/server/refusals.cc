// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/refusals.h"

#include "base/log.h"

namespace kstati::thrift {

Refusals::~Refusals() {
  const std::lock_guard lock(mutex_);
  SettleAll();
}

void Refusals::Enter(std::string_view method, const std::string& caller, CitizenId citizen) {
  const std::lock_guard lock(mutex_);
  const Date today = world_.Today();
  if (today != day_ || attempts_.size() >= kPairsMax) {
    SettleAll();
    attempts_.clear();
    day_ = today;
  }
  const Pair pair(citizen, caller);
  Attempts& attempts = attempts_[pair];
  if (attempts.entered == kOwnEntriesMax) {
    ++attempts.more;
    return;
  }
  ++attempts.entered;
  EnterUse(pair, {{"call", std::string(method)}, {"refused", "denied"}});
}

void Refusals::Settle(CitizenId citizen) {
  const std::lock_guard lock(mutex_);
  for (auto it = attempts_.lower_bound({citizen, {}});
       it != attempts_.end() && it->first.first == citizen; ++it) {
    EnterMore(it->first, it->second);
  }
}

void Refusals::SettleAll() {
  for (auto& [pair, attempts] : attempts_) EnterMore(pair, attempts);
}

void Refusals::EnterMore(const Pair& pair, Attempts& attempts) {
  if (attempts.more == 0) return;
  if (EnterUse(pair, {{"refused", "denied"}, {"more", std::to_string(attempts.more)}})) {
    attempts.more = 0;
  }
}

bool Refusals::EnterUse(const Pair& pair, profile::DeedContent content) {
  const auto& [citizen, caller] = pair;
  content.emplace("caller", caller);
  const Result<void> entered =
      uses_.EnterSoon({citizen, profile::ledger::EntryKind::kAccess, std::move(content)});
  if (!entered) log::Failure("refusal_not_entered", {{"caller", caller}});
  return entered.has_value();
}

}  // namespace kstati::thrift
