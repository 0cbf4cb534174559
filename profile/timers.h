// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/engines/engine.h"

namespace kstati::profile {

// A moment at which something about a citizen is due. What is due stands, sealed, in the citizen's
// records under the timer's name; the timer itself belongs to nobody and is not sealed, so that
// those that are due are found without opening anybody's data.
struct Timer {
  Instant at;
  CitizenId citizen;
  std::string name;
  auto operator<=>(const Timer&) const = default;
};

struct DueTimers {
  std::vector<Timer> due;       // ordered by moment within a home
  std::optional<Instant> next;  // the earliest of those that are not due
};

std::string TimerKey(const Timer& timer);
// nullopt for a key that TimerKey did not make.
std::optional<Timer> ParseTimerKey(std::string_view key);

// Whose records hold the citizen's timers, in the citizen's partition.
CitizenId HomeOfTimers(const Engine& engine, CitizenId citizen);

// Timers of the partition with moments <= `now`, at most `limit` from each of its homes. Reads no
// timer that is not due but the first of each home, however many there are.
Result<DueTimers> ReadDueTimers(const Engine& engine, size_t partition, Instant now, size_t limit);
// All timers of a partition, in no particular order.
Result<std::vector<Timer>> ReadAllTimers(const Engine& engine, size_t partition);

// Wakes who waits for timers when one is set that comes earlier. Safe from any thread; one waits.
class TimerBell {
 public:
  // A timer was set and committed.
  void Ring(Instant at);
  // Wakes the waiting one in any case.
  void Shake();

  // What Await compares with; take it before reading the timers.
  uint64_t rings() const { return rings_; }
  // Returns after `patience`, or when a timer before `next` was set since `rings` was taken.
  void Await(uint64_t rings, std::optional<Instant> next, std::chrono::microseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<uint64_t> rings_{0};
  Instant awaited_{INT64_MAX};  // until then nobody need be woken
  bool waiting_ = false;
};

}  // namespace kstati::profile
