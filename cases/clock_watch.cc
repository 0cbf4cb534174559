// SPDX-License-Identifier: Apache-2.0
#include "cases/clock_watch.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "base/log.h"
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

// All in one commit; where one of them is in the way, each by itself.
Result<void> TellTogether(const World& world, std::span<const profile::Timer> timers) {
  const auto all = [&]() -> Result<void> {
    Draft draft(world, world.Now());
    for (const profile::Timer& timer : timers) KSTATI_TRY_VOID(TellOfClock(draft, timer));
    return draft.Commit();
  };
  if (timers.size() > 1 && all()) return {};
  Result<void> outcome;
  for (const profile::Timer& timer : timers) {
    const Result<void> told = TellOne(world, timer);
    if (!told) outcome = told;
  }
  return outcome;
}

Result<bool> RecountOne(const World& world, const profile::Timer& timer) {
  return Retry(world, [&](Draft& draft) -> Result<bool> {
    return RecountClock(draft, timer.citizen, CaseId(timer.name));
  });
}

// All that is due in a partition; the moment of the next one there.
Result<std::optional<Instant>> TellDueIn(const World& world, size_t partition) {
  for (;;) {
    KSTATI_TRY(const profile::DueTimers timers,
               world.store->ReadTimers(partition, world.Now(), kTogether));
    if (timers.due.empty()) return timers.next;
    const std::span<const profile::Timer> due(timers.due);
    Result<void> outcome;
    for (size_t first = 0; first < due.size(); first += kTogether) {
      const Result<void> told =
          TellTogether(world, due.subspan(first, std::min(kTogether, due.size() - first)));
      if (!told) outcome = told;
    }
    if (!outcome) return Fail(outcome.error());
  }
}

}  // namespace

Result<std::optional<Instant>> TellDueClocks(const World& world) {
  std::optional<Instant> next;
  std::optional<Error> failed;  // and the other partitions are told all the same
  for (size_t partition = 0; partition < world.store->Partitions(); ++partition) {
    const Result<std::optional<Instant>> there = TellDueIn(world, partition);
    if (!there) {
      failed = there.error();
    } else if (*there) {
      next = next ? std::min(*next, **there) : *there;
    }
  }
  if (failed) return Fail(*failed);
  return next;
}

Result<void> Recounting::Begin() {
  KSTATI_TRY(const std::optional<std::string> counted_by, world_.store->GetMark(kCalendarMark));
  begun_ = true;
  const std::string version = world_.VersionOfCalendars();
  if (counted_by == version) return {};
  for (size_t partition = 0; partition < world_.store->Partitions(); ++partition) {
    KSTATI_TRY(const std::vector<profile::Timer> timers, world_.store->AllTimers(partition));
    left_.insert(left_.end(), timers.begin(), timers.end());
  }
  if (!left_.empty()) return {};
  profile::Transaction transaction(world_.Now());
  transaction.PutMark(kCalendarMark, version);
  return world_.store->Commit(transaction);
}

Result<bool> Recounting::Step() {
  if (!begun_) KSTATI_TRY_VOID(Begin());
  if (left_.empty()) return false;
  const size_t together = std::min(kTogether, left_.size());
  for (size_t i = 0; i < together; ++i) {
    const Result<bool> recounted = RecountOne(world_, left_.back());
    if (!recounted && !IsErased(recounted.error())) return Fail(recounted.error());
    left_.pop_back();
  }
  if (!left_.empty()) return true;
  profile::Transaction transaction(world_.Now());
  transaction.PutMark(kCalendarMark, world_.VersionOfCalendars());
  KSTATI_TRY_VOID(world_.store->Commit(transaction));
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
  Recounting recounting(world_);
  while (!stop_) {
    const uint64_t rings = bell.rings();
    const Result<std::optional<Instant>> next = TellDueClocks(world_);
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
