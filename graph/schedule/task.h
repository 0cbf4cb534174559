// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/time.h"

namespace kstati::graph::schedule {

// Days since 1970-01-01, as in Date.
using Day = int64_t;

// Past what the calendar knows: after every known day.
inline constexpr Day kNoDay = std::numeric_limits<Day>::max();

// What another task gives to this one, or that this one must not begin before it.
struct Need {
  uint32_t giver = 0;               // its place in the list; before that of the taker
  std::optional<Period> valid_for;  // from the giver's finish; absent: without end
  bool begun = false;               // it is enough that the giver has begun
};

// Something that takes time. A task that needs no visit begins on any day; one that does begins
// with the first visit, ends with the last when there are several, and has at most one a day; they
// fall on working days.
struct Task {
  Term term;  // from the start to the result
  const WorkingCalendar* calendar = nullptr;
  int visits = 0;
  std::vector<std::string> places;  // where a visit may be, sorted; any of them
  std::vector<Need> needs;
  std::optional<Date> begin_by;  // the last day on which it may begin
  // Of one that has begun, which needs no visit and waits for nobody: its result is there on this
  // day, whatever else is done.
  std::optional<Day> done_on;
};

// When one task goes on.
struct TaskDays {
  Day start = 0;
  Day finish = 0;
  std::vector<Day> visits;  // ascending
};

}  // namespace kstati::graph::schedule
