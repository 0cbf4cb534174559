// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/calendar.h"
#include "base/time.h"

namespace kstati::graph::chains {

// Days of a calendar by number, from a first day on, which is 0; read as far as they are asked for.
// Past the last loaded year days are guessed, and are after all known ones. For one thread.
class DayCount {
 public:
  // `calendar` must outlive it.
  DayCount(const WorkingCalendar& calendar, Date first) : calendar_(&calendar), first_(first) {}

  // As WorkingCalendar::EndOfTerm. Starting later never ends sooner.
  int64_t EndOf(int64_t start, const Term& term);
  // Working days after the first one, up to and with `day`.
  int64_t WorkingDaysUpTo(int64_t day);

 private:
  bool Read();
  bool Knows(int64_t day);
  int64_t Guess(int64_t start, const Term& term) const;

  const WorkingCalendar* calendar_;
  Date first_;
  std::vector<int64_t> up_to_;     // by day: how many working days after the first one
  std::vector<int64_t> working_;   // days but the first one, ascending
  bool first_is_working_ = false;  // whether day 0 is
  bool is_read_ = false;           // up to the end of the calendar
};

// No term takes fewer calendar days, whenever it begins.
int64_t LeastDays(const Term& term);

}  // namespace kstati::graph::chains
