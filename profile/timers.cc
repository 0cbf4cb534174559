// SPDX-License-Identifier: Apache-2.0
#include "profile/timers.h"

#include <algorithm>

#include "base/big_endian.h"

namespace kstati::profile {
namespace {

constexpr std::string_view kTimerPrefix = "t";
constexpr size_t kNumber = sizeof(uint64_t);
constexpr uint64_t kHomes = 8;              // so that commits of different people seldom meet
constexpr uint64_t kHomeSpacing = 1 << 16;  // among so many numbers each partition has one
constexpr uint64_t kFirstPlace = 64;        // behind the homes of events
constexpr uint64_t kSignBit = 1ull << 63;   // flipped, moments before 1970 sort first

CitizenId HomeIn(const Engine& engine, size_t partition, uint64_t home) {
  CitizenId citizen(kLastCitizen.number() + (kFirstPlace + home) * kHomeSpacing);
  while (engine.PartitionOf(citizen) != partition) citizen = CitizenId(citizen.number() + 1);
  return citizen;
}

}  // namespace

std::string TimerKey(const Timer& timer) {
  std::string key(kTimerPrefix);
  AppendBigEndian(static_cast<uint64_t>(timer.at.micros) ^ kSignBit, key);
  AppendBigEndian(static_cast<uint64_t>(timer.citizen.number()), key);
  return key.append(timer.name);
}

std::optional<Timer> ParseTimerKey(std::string_view key) {
  if (!key.starts_with(kTimerPrefix) || key.size() < kTimerPrefix.size() + 2 * kNumber) {
    return std::nullopt;
  }
  key.remove_prefix(kTimerPrefix.size());
  Timer timer;
  const uint64_t moment = BigEndianIn<uint64_t>(key.substr(0, kNumber)) ^ kSignBit;
  timer.at = Instant{static_cast<int64_t>(moment)};
  timer.citizen = CitizenId(BigEndianIn<uint64_t>(key.substr(kNumber, kNumber)));
  timer.name = key.substr(2 * kNumber);
  return timer;
}

CitizenId HomeOfTimers(const Engine& engine, CitizenId citizen) {
  return HomeIn(engine, engine.PartitionOf(citizen), citizen.number() % kHomes);
}

Result<DueTimers> ReadDueTimers(const Engine& engine, size_t partition, Instant now, size_t limit) {
  DueTimers found;
  for (uint64_t home = 0; home < kHomes; ++home) {
    size_t left = limit;
    const auto visit = [&](std::string_view key, std::string_view) {
      std::optional<Timer> timer = ParseTimerKey(key);
      if (!timer) return true;
      if (timer->at > now || left == 0) {
        found.next = found.next ? std::min(*found.next, timer->at) : timer->at;
        return false;
      }
      --left;
      found.due.push_back(std::move(*timer));
      return true;
    };
    KSTATI_TRY_VOID(engine.Scan(HomeIn(engine, partition, home), kTimerPrefix, visit));
  }
  return found;
}

Result<std::vector<Timer>> ReadAllTimers(const Engine& engine, size_t partition) {
  KSTATI_TRY(DueTimers all, ReadDueTimers(engine, partition, Instant{INT64_MAX}, SIZE_MAX));
  return std::move(all.due);
}

void TimerBell::Ring(Instant at) {
  const std::lock_guard lock(mutex_);
  ++rings_;
  if (waiting_ && at < awaited_) wake_.notify_one();
}

void TimerBell::Shake() {
  const std::lock_guard lock(mutex_);
  ++rings_;
  awaited_ = Instant{INT64_MIN};
  wake_.notify_one();
}

void TimerBell::Await(uint64_t rings, std::optional<Instant> next,
                      std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  if (rings_ != rings) return;
  awaited_ = next.value_or(Instant{INT64_MAX});
  waiting_ = true;
  wake_.wait_for(lock, patience);
  waiting_ = false;
}

}  // namespace kstati::profile
