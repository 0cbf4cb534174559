// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kstati::graph::search {

// When services are done, where that depends on the day on which they begin. One that begins later
// is never done sooner, and none takes fewer days than the problem says.
class Timetable {
 public:
  virtual ~Timetable() = default;
  // The day on which a service of the problem that begins on `start` is done; both from 0 on.
  virtual int64_t EndOf(uint32_t service, int64_t start) const = 0;
};

}  // namespace kstati::graph::search
