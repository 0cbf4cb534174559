// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "graph/search/deadline.h"

namespace kstati::graph::chains {

// The least that a search gets: enough for some chain.
inline constexpr std::chrono::microseconds kLeastTime{200};

// What one call may work, in all its searches together. What its thread works counts, waiting
// aside: a busy machine should not make chains worse. For one thread.
class WorkingTime {
 public:
  // Runs from now on.
  explicit WorkingTime(search::Deadline deadline);

  // Absent: no end. Never less than kLeastTime.
  search::Deadline left() const;
  bool is_over() const;

  // By this thread, since it began.
  static std::chrono::microseconds Worked();

 private:
  search::Deadline end_;
};

}  // namespace kstati::graph::chains
