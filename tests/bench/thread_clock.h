// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

namespace kstati::bench {

// CPU time of the calling thread, in microseconds.
inline double ThreadMicros() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace kstati::bench
