// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "eligibility/feel/zone.h"

namespace kstati::eligibility::feel {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;
inline constexpr int64_t kLargestYear = 999'999'999;

// A signed count of nanoseconds; 64 bits would end after 292 years.
using Nanoseconds = __int128;

// How a time is tied to UTC: not at all, by an offset, or by the name of a place. With a name, the
// offset is the one that holds there at the date and time; for a time alone that of 1970-01-01.
struct Zone {
  bool present = false;
  int32_t offset_seconds = 0;  // east of UTC, less than a day
  ZoneName name = kNoZoneName;
  bool operator==(const Zone&) const = default;
};

struct TimeOfDay {
  int64_t nanos = 0;  // since midnight, 0 <= nanos < kNanosPerDay
  Zone zone;
  bool operator==(const TimeOfDay&) const = default;
};

struct DateTime {
  Date date;
  int64_t nanos = 0;
  Zone zone;
  bool operator==(const DateTime&) const = default;

  // Nanoseconds since 1970-01-01T00:00:00 in its own zone, or in UTC.
  Nanoseconds Local() const;
  Nanoseconds Utc() const { return Local() - Nanoseconds{zone.offset_seconds} * kNanosPerSecond; }
  // nullopt when the year is outside +-999,999,999. A named zone gets the offset of that day.
  static std::optional<DateTime> FromLocal(Nanoseconds local, Zone zone);
  static std::optional<DateTime> FromUtc(Nanoseconds utc, Zone zone);
};

// Bounds of durations, so that negation and sums of two cannot overflow.
inline constexpr int64_t kLargestMonths = 200'000'000'000'000'000;
inline constexpr Nanoseconds kLargestNanos =
    Nanoseconds{4'000'000'000'000'000'000} * kNanosPerSecond;

struct MonthsDuration {
  int64_t months = 0;  // at most kLargestMonths either way
  bool InRange() const { return months >= -kLargestMonths && months <= kLargestMonths; }
  auto operator<=>(const MonthsDuration&) const = default;
};

struct TimeDuration {
  Nanoseconds nanos = 0;  // at most kLargestNanos either way
  bool InRange() const { return nanos >= -kLargestNanos && nanos <= kLargestNanos; }
  auto operator<=>(const TimeDuration&) const = default;
};

// The lexical forms of XML Schema that FEEL accepts; nullopt for anything else.
std::optional<Date> ParseDate(std::string_view text);          // years of 4 to 9 digits
std::optional<TimeOfDay> ParseTime(std::string_view text);     // "23:59:00.5+03:00", "T10:00:00Z"
std::optional<DateTime> ParseDateTime(std::string_view text);  // also a bare date: midnight
std::optional<MonthsDuration> ParseMonthsDuration(std::string_view text);  // "-P1Y2M"
std::optional<TimeDuration> ParseTimeDuration(std::string_view text);      // "P1DT2H3M4.5S"

bool YearInRange(int64_t year);
// nullopt when the result leaves the range of years.
std::optional<Date> AddMonthsChecked(Date date, int64_t months);
std::optional<Date> AddDaysChecked(Date date, Nanoseconds days);

std::string ToText(Date date);
std::string ToText(const TimeOfDay& time);
std::string ToText(const DateTime& moment);
std::string ToText(MonthsDuration duration);  // "P1Y2M", "P0M"
std::string ToText(TimeDuration duration);    // "P1DT2H", "PT0S"

}  // namespace kstati::eligibility::feel
