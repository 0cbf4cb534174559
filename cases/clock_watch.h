// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <vector>

#include "base/result.h"
#include "cases/world.h"
#include "profile/timers.h"

namespace kstati::cases {

// Clocks that do not open now, since somebody's data are damaged or the key is not at hand: they
// keep nobody waiting behind them, are told of in the process's log, without naming anybody, and in
// a metric, and are tried again once in a minute. Only in memory. Not thread-safe.
class ClocksSetAside {
 public:
  // False when too many are set aside: then it is not they that are in trouble.
  bool Add(const profile::Timer& timer, Instant now, const Error& why);
  // Once in a minute all of them, which are set aside no longer; else none.
  std::set<profile::Timer> TakeAgain(Instant now);

  bool Contains(const profile::Timer& timer) const { return timers_.contains(timer); }
  size_t size() const { return timers_.size(); }

 private:
  std::set<profile::Timer> timers_;
  std::set<profile::Timer> told_of_;
  Instant tried_at_;
};

// Tells what is due of all clocks. Not thread-safe.
class Telling {
 public:
  // `world` outlives it.
  explicit Telling(const World& world) : world_(world) {}

  // All that is due, in one commit for many; the earliest moment at which something more will be;
  // nullopt: nothing will. An error is the store's and leaves some untold: they are told by
  // repeating.
  Result<std::optional<Instant>> Step();
  size_t set_aside() const { return aside_.size(); }

 private:
  Result<std::optional<Instant>> StepIn(size_t partition);
  Result<void> TellTogether(std::span<const profile::Timer> timers);

  const World& world_;
  ClocksSetAside aside_;
};

// The same, once.
Result<std::optional<Instant>> TellDueClocks(const World& world);

// Counts running clocks by the calendars that are loaded, where the store was last used with
// others. It is done when all are counted: a new start counts again while some are set aside. Not
// thread-safe.
class Recounting {
 public:
  // `world` outlives it.
  explicit Recounting(const World& world) : world_(world) {}

  // Takes the next clocks; whether there are more to be taken now.
  Result<bool> Step();
  size_t set_aside() const { return aside_.size(); }

 private:
  Result<void> Begin();
  Result<void> Finish();

  const World& world_;
  bool begun_ = false;
  std::vector<profile::Timer> left_;
  ClocksSetAside aside_;
};

// Tells of clocks as soon as there is something to tell, in one thread from construction to
// destruction; after a restart at once what became true meanwhile. Sleeps until the next timer, or
// until an earlier one is set.
class ClockWatch {
 public:
  // `world` outlives it.
  explicit ClockWatch(const World& world);
  ~ClockWatch();

 private:
  void Run();

  const World& world_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace kstati::cases
