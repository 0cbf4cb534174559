// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/issue.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati {

enum class TermUnit { kMinutes, kWorkingDays, kCalendarDays, kMonths };

std::string_view NameOf(TermUnit unit);
Result<TermUnit> ParseTermUnit(std::string_view name);

// The longest term in units: longer ones are mistakes, and sums of days stay far from overflow.
inline constexpr int64_t kLongestTerm = 100'000;

// A length of time as laws state it.
struct Term {
  int64_t value = 0;
  TermUnit unit = TermUnit::kWorkingDays;
};

// The working days of whole years. Refuses (kNotFound) every question that touches a year not
// loaded, so also all past the last one, since a guessed holiday would be a wrong legal term.
// Immutable; safe from any thread.
class WorkingCalendar {
 public:
  struct Year {
    int year = 0;
    std::set<Date> days_off;           // days off that fall on Monday to Friday
    std::set<Date> working_saturdays;  // and Sundays, if ever
    std::string verification;
  };

  WorkingCalendar() = default;
  explicit WorkingCalendar(std::vector<Year> years);

  bool empty() const { return years_.empty(); }
  int last_year() const;  // requires !empty()

  Result<bool> IsWorkingDay(Date date) const;
  // The last day of a term that starts on `start`. The day of the start does not count (Civil Code
  // art. 191); a term of months ends on the same day of the month or the month's last (art. 192); a
  // term of calendar days or months that ends on a day off ends on the next working day (art. 193);
  // minutes and no working days at all end on the same day.
  Result<Date> EndOfTerm(Date start, const Term& term) const;
  // Working days in (from, to]; negative when to < from.
  Result<int64_t> WorkingDaysBetween(Date from, Date to) const;

 private:
  // kNotFound unless every year from the day `first` to the day `last` is loaded.
  Result<void> RequireYears(Date first, Date last) const;
  Result<Date> WorkingDayAfter(Date date, int64_t offset) const;

  std::map<int, Year> years_;
  std::vector<Date> working_days_;  // of all years, ascending
};

// Reads calendars/*.yaml of a catalogue folder. A day in the wrong year or on the wrong weekday, a
// total that the days do not make and a year left out in the middle are issues.
WorkingCalendar LoadCalendar(const std::string& folder, std::vector<Issue>& issues);

}  // namespace kstati
