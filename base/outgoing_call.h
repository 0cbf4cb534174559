// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

namespace kstati {

// Breaks a call of another system off at a moment, however slowly the other side drips: then `stop`
// is called, once, on a thread of its own. Not after the destructor.
class CallDeadline {
 public:
  CallDeadline(std::chrono::steady_clock::time_point until, std::function<void()> stop);
  ~CallDeadline();
  CallDeadline(const CallDeadline&) = delete;
  CallDeadline& operator=(const CallDeadline&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;
};

inline constexpr std::string_view kPlainHttp = "http://";

// Whether an origin that begins with kPlainHttp leads to this machine alone, so that nobody can
// listen.
bool StaysOnThisMachine(std::string_view origin);

}  // namespace kstati
