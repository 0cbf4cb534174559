// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/working_time.h"

#include <time.h>

#include <algorithm>

namespace kstati::graph::chains {

std::chrono::microseconds WorkingTime::Worked() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

WorkingTime::WorkingTime(search::Deadline deadline) {
  if (deadline) end_ = Worked() + *deadline;
}

search::Deadline WorkingTime::left() const {
  if (!end_) return std::nullopt;
  return std::max(*end_ - Worked(), kLeastTime);
}

bool WorkingTime::is_over() const { return end_ && Worked() >= *end_; }

}  // namespace kstati::graph::chains
