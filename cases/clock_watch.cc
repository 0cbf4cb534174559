// SPDX-License-Identifier: Apache-2.0
#include "cases/clock_watch.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/metrics.h"
#include "base/micros.h"
#include "cases/clock.h"
#include "cases/clock_keeping.h"
#include "cases/consenting.h"

namespace kstati::cases {
namespace {

using std::chrono::microseconds;

constexpr size_t kTogether = 128;  // told by one commit: its sync is paid once
constexpr std::string_view kCalendarMark = "clock_calendar";
constexpr microseconds kLongestSleep = std::chrono::seconds(60);  // so long a set clock is missed
constexpr microseconds kAfterFailure = std::chrono::seconds(1);
constexpr size_t kClocksSetAsideMax = 10'000;  // then it is not they that are in trouble
constexpr int64_t kTryClocksAgainAfter = kMicrosPerMinute;

bool IsErased(const Error& error) { return error.code == ErrorCode::kNotFound; }

Result<void> ForgetTimer(const World& world, const profile::Timer& timer) {
  profile::Transaction transaction(world.Now());
  transaction.StopTimer(timer);
  return world.store->Commit(transaction);
}

Result<void> TellOne(const World& world, const profile::Timer& timer) {
  const Result<void> told =
      Retry(world, [&](Draft& draft) -> Result<void> { return TellOfClock(draft, timer); });
  if (!told && IsErased(told.error())) return ForgetTimer(world, timer);
  return told;
}

Result<bool> RecountOne(const World& world, const profile::Timer& timer) {
  return Retry(world, [&](Draft& draft) -> Result<bool> {
    return RecountClock(draft, timer.citizen, CaseId(timer.name));
  });
}

// The store itself, and not one person's data.
bool IsOfTheStore(const Error& error) { return error.code == ErrorCode::kUnavailable; }

}  // namespace

bool ClocksSetAside::Add(const profile::Timer& timer, Instant now, const Error& why) {
  if (timers_.size() >= kClocksSetAsideMax) return false;
  if (timers_.empty()) tried_at_ = now;
  timers_.insert(timer);
  if (!told_of_.insert(timer).second) return true;
  metrics::CounterOf("kstati_cases_clocks_set_aside_total",
                     "Legal clocks that could not be told of or counted anew, to be tried again")
      .Add();
  log::Failure("clock_set_aside", {{"code", std::string(KindOf(why.code).name)}});
  return true;
}

std::set<profile::Timer> ClocksSetAside::TakeAgain(Instant now) {
  const bool is_time = std::abs(now.micros - tried_at_.micros) >= kTryClocksAgainAfter;
  if (timers_.empty() || !is_time) return {};
  told_of_ = timers_;
  return std::exchange(timers_, {});
}

Result<std::optional<Instant>> Telling::Step() {
  aside_.TakeAgain(world_.Now());
  std::optional<Instant> next;
  std::optional<Error> failed;  // and the other partitions are told all the same
  for (size_t partition = 0; partition < world_.store->Partitions(); ++partition) {
    const Result<std::optional<Instant>> there = StepIn(partition);
    if (!there) {
      failed = there.error();
    } else if (*there) {
      next = next ? std::min(*next, **there) : *there;
    }
  }
  if (failed) return Fail(*failed);
  return next;
}

// All that is due in a partition; the moment of the next one there.
Result<std::optional<Instant>> Telling::StepIn(size_t partition) {
  for (;;) {
    const size_t at_once = kTogether + aside_.size();  // those that are set aside are in the way
    KSTATI_TRY(profile::DueTimers timers,
               world_.store->ReadTimers(partition, world_.Now(), at_once));
    std::erase_if(timers.due,
                  [this](const profile::Timer& timer) { return aside_.Contains(timer); });
    if (timers.due.empty()) return timers.next;
    const std::span<const profile::Timer> due(timers.due);
    for (size_t first = 0; first < due.size(); first += kTogether) {
      KSTATI_TRY_VOID(TellTogether(due.subspan(first, std::min(kTogether, due.size() - first))));
    }
  }
}

// All in one commit; where one of them is in the way, each by itself.
Result<void> Telling::TellTogether(std::span<const profile::Timer> timers) {
  const auto all = [&]() -> Result<void> {
    Draft draft(world_, world_.Now());
    for (const profile::Timer& timer : timers) KSTATI_TRY_VOID(TellOfClock(draft, timer));
    return draft.Commit();
  };
  if (timers.size() > 1 && all()) return {};
  for (const profile::Timer& timer : timers) {
    const Result<void> told = TellOne(world_, timer);
    if (told) continue;
    const bool is_aside =
        !IsOfTheStore(told.error()) && aside_.Add(timer, world_.Now(), told.error());
    if (!is_aside) return Fail(told.error());
  }
  return {};
}

Result<std::optional<Instant>> TellDueClocks(const World& world) { return Telling(world).Step(); }

Result<void> Recounting::Begin() {
  KSTATI_TRY(const std::optional<std::string> counted_by, world_.store->GetMark(kCalendarMark));
  left_.clear();
  if (counted_by != world_.VersionOfCalendars()) {
    for (size_t partition = 0; partition < world_.store->Partitions(); ++partition) {
      KSTATI_TRY(const std::vector<profile::Timer> timers, world_.store->AllTimers(partition));
      left_.insert(left_.end(), timers.begin(), timers.end());
    }
    if (left_.empty()) KSTATI_TRY_VOID(Finish());
  }
  begun_ = true;
  return {};
}

Result<void> Recounting::Finish() {
  profile::Transaction transaction(world_.Now());
  transaction.PutMark(kCalendarMark, world_.VersionOfCalendars());
  return world_.store->Commit(transaction);
}

Result<bool> Recounting::Step() {
  if (!begun_) KSTATI_TRY_VOID(Begin());
  const std::set<profile::Timer> again = aside_.TakeAgain(world_.Now());
  left_.insert(left_.end(), again.begin(), again.end());
  if (left_.empty()) return false;
  const size_t together = std::min(kTogether, left_.size());
  for (size_t i = 0; i < together; ++i) {
    const Result<bool> recounted = RecountOne(world_, left_.back());
    const bool passed = recounted || IsErased(recounted.error()) ||
                        (!IsOfTheStore(recounted.error()) &&
                         aside_.Add(left_.back(), world_.Now(), recounted.error()));
    if (!passed) return Fail(recounted.error());
    left_.pop_back();
  }
  if (!left_.empty()) return true;
  if (aside_.size() == 0) KSTATI_TRY_VOID(Finish());
  return false;
}

ClockWatch::ClockWatch(const World& world) : world_(world), thread_([this] { Run(); }) {}

ClockWatch::~ClockWatch() {
  stop_ = true;
  world_.store->timer_bell().Shake();
  thread_.join();
}

void ClockWatch::Run() {
  profile::TimerBell& bell = world_.store->timer_bell();
  Telling telling(world_);
  Recounting recounting(world_);
  while (!stop_) {
    const uint64_t rings = bell.rings();
    const Result<std::optional<Instant>> next = telling.Step();
    const Result<bool> more = recounting.Step();
    if (next && more && *more) continue;
    microseconds sleep = kLongestSleep;
    if (!next || !more) {
      const Error& error = next ? more.error() : next.error();
      log::Failure("clocks_not_told", {{"code", std::string(KindOf(error.code).name)}});
      sleep = kAfterFailure;
    } else if (*next) {
      const int64_t left = (*next)->micros - world_.Now().micros;
      sleep = std::clamp(microseconds(std::max<int64_t>(left, 0)), microseconds(0), kLongestSleep);
    }
    bell.Await(rings, next ? *next : std::nullopt, sleep);
  }
}

}  // namespace kstati::cases
