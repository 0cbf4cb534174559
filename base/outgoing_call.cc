// SPDX-License-Identifier: Apache-2.0
#include "base/outgoing_call.h"

#include <utility>

namespace kstati {

CallDeadline::CallDeadline(std::chrono::steady_clock::time_point until, std::function<void()> stop)
    : thread_([this, until, stop = std::move(stop)] {
        std::unique_lock lock(mutex_);
        if (!done_.wait_until(lock, until, [this] { return over_; })) stop();
      }) {}

CallDeadline::~CallDeadline() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  done_.notify_one();
  thread_.join();
}

bool StaysOnThisMachine(std::string_view origin) {
  std::string_view host = origin.substr(kPlainHttp.size());
  host = host.substr(0, host.starts_with("[") ? host.find(']') + 1 : host.find_first_of(":/"));
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

}  // namespace kstati
