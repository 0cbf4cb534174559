// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace kstati {

// "sweep: 120 of 400 (30%), 60/s, 0:04 left". `total` 0: unknown, no share and no remaining time.
std::string ProgressLine(const std::string& what, uint64_t done, uint64_t total,
                         std::chrono::duration<double> elapsed);

// Progress of long work on stderr: after one second, a line that rewrites itself when stderr is a
// terminal, else a plain line every ten seconds; with count, rate and remaining time. Advance is
// safe from any thread. `what` is ASCII.
class Progress {
 public:
  // `total` 0: unknown, no remaining time is shown.
  Progress(std::string what, uint64_t total);
  ~Progress();  // finishes the line if one was shown
  void Advance(uint64_t count = 1);

 private:
  using Steady = std::chrono::steady_clock;
  void Show(Steady::time_point now);

  std::mutex mutex_;
  std::string what_;
  uint64_t total_;
  uint64_t done_ = 0;
  bool terminal_;
  bool shown_ = false;
  Steady::time_point started_;
  Steady::time_point next_show_;
};

}  // namespace kstati
