// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/schedule/task.h"

namespace kstati::graph::schedule {

// One task on real days.
struct Scheduled {
  Date start;               // when it is not known: not before this day
  bool start_known = true;  // false: past the last loaded calendar
  bool has_begun = false;   // before the schedule
  std::optional<Date> finish;
  std::vector<Date> visits;           // those whose day is known
  std::optional<uint32_t> waits_for;  // what it needs last, after the start
  // The task may start as late as this and all is done when it is, if trips stay whole and in their
  // order. Absent when the finish is unknown, and when it has begun.
  std::optional<Date> latest_start;
  // Working days until then; of a task that has begun, by how many its result may come later.
  int64_t slack = 0;
  bool critical = false;  // no slack: a working day more here is one more in all
};

struct Trip {
  Date day;
  std::string place;
  std::vector<uint32_t> tasks;
};

// A document that is used after its last day.
struct Lapse {
  uint32_t giver = 0;
  uint32_t taker = 0;
  Date last_day;
};

struct Schedule {
  std::vector<Scheduled> tasks;
  std::vector<Trip> trips;
  std::optional<Date> finish;  // absent: past the last loaded calendar
  // No schedule is done more working days before: 0 when it is proven to be the first. Only with a
  // finish.
  int64_t days_more_at_most = 0;
  // No schedule of these tasks takes more trips less, however late it is done: 0 when the number of
  // trips is proven to be the least. Only with a finish.
  int64_t trips_more_at_most = 0;
  std::optional<uint32_t> bottleneck;  // of the tasks with the least slack the longest
  std::vector<Lapse> lapses;           // whatever is done, as far as was tried
  std::vector<uint32_t> late;          // tasks that begin after their begin_by
};

// Everything as early as one trip a day allows, and with as few trips as do not cost a day; what
// expires before it is used as late as costs no day. A task that needs visits names a place.
Schedule MakeSchedule(const std::vector<Task>& tasks, Date start);

// The last day to start so that nothing is late and all is done by `finish_by`, when there is one.
struct SafeStart {
  Date day;
  bool proven = true;  // no later day would do
};

// nullopt: not even `start` is safe, the calendar does not tell, or all has begun.
std::optional<SafeStart> LastSafeStart(const std::vector<Task>& tasks, Date start,
                                       std::optional<Date> finish_by);

}  // namespace kstati::graph::schedule
