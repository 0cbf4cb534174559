// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kstati {

// A civil date of the proleptic Gregorian calendar, as days since 1970-01-01.
// Own arithmetic on 64-bit days: years to +-999,999,999 as FEEL demands.
struct Date {
  int64_t days = 0;

  struct Parts {
    int64_t year;
    int month;  // 1..12
    int day;    // 1..31
  };

  // Requires a valid month and day; use Valid() on foreign input.
  static Date Of(int64_t year, int month, int day);
  static bool Valid(int64_t year, int month, int day);
  // "2026-03-15"; years of four digits only.
  static Result<Date> Parse(std::string_view text);

  Parts parts() const;
  int weekday() const;  // 1 Monday .. 7 Sunday
  std::string ToString() const;

  Date AddDays(int64_t count) const { return Date{days + count}; }
  // The same day of the month `count` months on, or the month's last day (31 Jan + 1 = 28 Feb).
  Date AddMonths(int64_t count) const;
  auto operator<=>(const Date&) const = default;
};

int DaysInMonth(int64_t year, int month);

// Whole months between two dates, negative when `to` is before `from`.
int64_t MonthsBetween(Date from, Date to);

// A moment, as microseconds since 1970-01-01T00:00:00Z.
struct Instant {
  int64_t micros = 0;

  // "2026-03-15T09:30:00Z", with up to six decimals of a second, Z or +hh:mm.
  static Result<Instant> Parse(std::string_view text);
  std::string ToString() const;  // always Z; decimals only when not zero
  auto operator<=>(const Instant&) const = default;
};

// Days [from, to]; `to` absent means without end. Both ends are inside.
struct DateInterval {
  Date from;
  std::optional<Date> to;

  bool Contains(Date date) const { return from <= date && (!to || date <= *to); }
  bool operator==(const DateInterval&) const = default;
};

// A calendar period as in ISO 8601: "P18M", "P14Y", "P10D", "P2W". No time part.
struct Period {
  int64_t months = 0;
  int64_t days = 0;

  static Result<Period> Parse(std::string_view text);
  Date After(Date date) const { return date.AddMonths(months).AddDays(days); }
  bool operator==(const Period&) const = default;
};

}  // namespace kstati
