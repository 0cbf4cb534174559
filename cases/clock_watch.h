// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "cases/world.h"
#include "profile/timers.h"

namespace kstati::cases {

// Tells what is due of all clocks, in one commit for many; the earliest moment at which something
// more will be; nullopt: nothing will. An error leaves some untold: they are told by repeating.
Result<std::optional<Instant>> TellDueClocks(const World& world);

// Counts running clocks by the calendars that are loaded, where the store was last used with
// others. Not thread-safe.
class Recounting {
 public:
  // `world` outlives it.
  explicit Recounting(const World& world) : world_(world) {}

  // Takes the next clocks; whether there are more.
  Result<bool> Step();

 private:
  Result<void> Begin();

  const World& world_;
  bool begun_ = false;
  std::vector<profile::Timer> left_;
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
