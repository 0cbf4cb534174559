// SPDX-License-Identifier: Apache-2.0
#include "base/calendar.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"

namespace kstati {
namespace {

constexpr std::array<std::pair<TermUnit, std::string_view>, 4> kUnitNames{{
    {TermUnit::kMinutes, "minutes"},
    {TermUnit::kWorkingDays, "working_days"},
    {TermUnit::kCalendarDays, "calendar_days"},
    {TermUnit::kMonths, "months"},
}};

constexpr int kSaturday = 6;

int YearOf(Date date) { return static_cast<int>(date.parts().year); }

tl::unexpected<Error> NotLoaded(int year) {
  const std::string name = std::to_string(year);
  return Fail(ErrorCode::kNotFound, "the production calendar of " + name + " is not loaded", {},
              "add calendars/" + name + ".yaml to the catalogue");
}

bool IsWorkingDayOf(const WorkingCalendar::Year& year, Date date) {
  if (date.weekday() >= kSaturday) return year.working_saturdays.contains(date);
  return !year.days_off.contains(date);
}

}  // namespace

std::string_view NameOf(TermUnit unit) {
  for (const auto& [known, name] : kUnitNames) {
    if (known == unit) return name;
  }
  KSTATI_CHECK(false);
  return {};
}

Result<TermUnit> ParseTermUnit(std::string_view name) {
  for (const auto& [unit, known] : kUnitNames) {
    if (known == name) return unit;
  }
  return Fail(ErrorCode::kInvalidArgument, "not a unit of a legal term", {},
              "write minutes, working_days, calendar_days or months");
}

WorkingCalendar::WorkingCalendar(std::vector<Year> years) {
  for (Year& year : years) years_.emplace(year.year, std::move(year));
  for (const auto& [number, year] : years_) {
    const Date end = Date::Of(number + 1, 1, 1);
    for (Date day = Date::Of(number, 1, 1); day < end; day = day.AddDays(1)) {
      if (IsWorkingDayOf(year, day)) working_days_.push_back(day);
    }
  }
}

int WorkingCalendar::last_year() const {
  KSTATI_CHECK(!years_.empty());
  return years_.rbegin()->first;
}

Result<void> WorkingCalendar::RequireYears(Date first, Date last) const {
  const int last_needed = YearOf(last);
  for (int year = YearOf(first); year <= last_needed; ++year) {
    if (!years_.contains(year)) return NotLoaded(year);
  }
  return {};
}

Result<bool> WorkingCalendar::IsWorkingDay(Date date) const {
  KSTATI_TRY_VOID(RequireYears(date, date));
  return std::binary_search(working_days_.begin(), working_days_.end(), date);
}

// The working day that is `offset` places after the last working day on or before `date`.
Result<Date> WorkingCalendar::WorkingDayAfter(Date date, int64_t offset) const {
  const auto after = std::upper_bound(working_days_.begin(), working_days_.end(), date);
  if (working_days_.end() - after < offset) {
    return NotLoaded(years_.empty() ? YearOf(date) : last_year() + 1);
  }
  const Date end = *(after + (offset - 1));
  KSTATI_TRY_VOID(RequireYears(date, end));
  return end;
}

Result<Date> WorkingCalendar::EndOfTerm(Date start, const Term& term) const {
  if (term.value < 0 || term.value > kLongestTerm) {
    return Fail(ErrorCode::kInvalidArgument, "a term is negative or too long", {},
                "terms are counted from 0 to " + std::to_string(kLongestTerm) + " units");
  }
  if (term.unit == TermUnit::kMinutes) return start;
  KSTATI_TRY_VOID(RequireYears(start, start));
  if (term.unit == TermUnit::kWorkingDays) {
    if (term.value == 0) return start;
    return WorkingDayAfter(start, term.value);
  }
  const bool months = term.unit == TermUnit::kMonths;
  const Date end = months ? start.AddMonths(term.value) : start.AddDays(term.value);
  KSTATI_TRY_VOID(RequireYears(start, end));
  if (std::binary_search(working_days_.begin(), working_days_.end(), end)) return end;
  return WorkingDayAfter(end, 1);
}

Result<int64_t> WorkingCalendar::WorkingDaysBetween(Date from, Date to) const {
  KSTATI_TRY_VOID(RequireYears(std::min(from, to), std::max(from, to)));
  const auto up_to = [&](Date date) {
    return std::upper_bound(working_days_.begin(), working_days_.end(), date);
  };
  return up_to(to) - up_to(from);
}

}  // namespace kstati
