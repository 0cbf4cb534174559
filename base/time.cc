// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/check.h"

namespace kstati {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

bool IsLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Reads exactly `count` digits at `position` and moves past them; -1 when there are none.
int TakeDigits(std::string_view text, size_t& position, size_t count) {
  if (position + count > text.size()) return -1;
  int value = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = text[position + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  position += count;
  return value;
}

bool TakeChar(std::string_view text, size_t& position, char expected) {
  if (position >= text.size() || text[position] != expected) return false;
  ++position;
  return true;
}

// "YYYY-MM-DD" at `position`.
std::optional<Date> TakeDate(std::string_view text, size_t& position) {
  const int year = TakeDigits(text, position, 4);
  if (year < 0 || !TakeChar(text, position, '-')) return std::nullopt;
  const int month = TakeDigits(text, position, 2);
  if (month < 0 || !TakeChar(text, position, '-')) return std::nullopt;
  const int day = TakeDigits(text, position, 2);
  if (day < 0 || !Date::Valid(year, month, day)) return std::nullopt;
  return Date::Of(year, month, day);
}

// "HH:MM:SS[.ffffff]" at `position`, as microseconds of the day.
std::optional<int64_t> TakeTimeOfDay(std::string_view text, size_t& position) {
  const int hour = TakeDigits(text, position, 2);
  if (hour < 0 || hour > 23 || !TakeChar(text, position, ':')) return std::nullopt;
  const int minute = TakeDigits(text, position, 2);
  if (minute < 0 || minute > 59 || !TakeChar(text, position, ':')) return std::nullopt;
  const int second = TakeDigits(text, position, 2);
  if (second < 0 || second > 59) return std::nullopt;
  int64_t micros = 0;
  if (TakeChar(text, position, '.')) {
    int64_t unit = kMicrosPerSecond / 10;
    int digits = 0;
    for (int digit; (digit = TakeDigits(text, position, 1)) >= 0; ++digits, unit /= 10) {
      micros += digit * unit;
    }
    if (digits == 0 || digits > 6) return std::nullopt;
  }
  return ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + micros;
}

// "Z" or "+hh:mm" at `position`, as seconds east of UTC.
std::optional<int64_t> TakeOffset(std::string_view text, size_t& position) {
  if (TakeChar(text, position, 'Z')) return 0;
  const bool west = position < text.size() && text[position] == '-';
  if (!west && (position >= text.size() || text[position] != '+')) return std::nullopt;
  ++position;
  const int hours = TakeDigits(text, position, 2);
  if (hours < 0 || hours > 14 || !TakeChar(text, position, ':')) return std::nullopt;
  const int minutes = TakeDigits(text, position, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  const int64_t seconds = (hours * 60 + minutes) * 60;
  return west ? -seconds : seconds;
}

}  // namespace

int DaysInMonth(int64_t year, int month) {
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

bool Date::Valid(int64_t year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= DaysInMonth(year, month);
}

// Counts years from March, so that the leap day ends the year (400-year cycle of 146,097 days).
Date Date::Of(int64_t year, int month, int day) {
  KSTATI_CHECK(Valid(year, month, day));
  const int64_t march_year = month <= 2 ? year - 1 : year;
  const int64_t era = FloorDivide(march_year, 400);
  const int64_t year_of_era = march_year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return Date{era * 146'097 + day_of_era - 719'468};
}

Date::Parts Date::parts() const {
  const int64_t shifted = days + 719'468;
  const int64_t era = FloorDivide(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

int Date::weekday() const {
  const int64_t since_monday = (days + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

Result<Date> Date::Parse(std::string_view text) {
  size_t position = 0;
  const std::optional<Date> date = TakeDate(text, position);
  if (!date || position != text.size()) {
    return Fail(ErrorCode::kInvalidArgument, "not a date", {},
                "write a date as YYYY-MM-DD, for example 2026-03-15");
  }
  return *date;
}

std::string Date::ToString() const {
  const Parts p = parts();
  std::array<char, 40> buffer{};
  const int size =
      std::snprintf(buffer.data(), buffer.size(), "%s%04lld-%02d-%02d", p.year < 0 ? "-" : "",
                    static_cast<long long>(p.year < 0 ? -p.year : p.year), p.month, p.day);
  return std::string(buffer.data(), static_cast<size_t>(size));
}

Date Date::AddMonths(int64_t count) const {
  const Parts p = parts();
  const int64_t month_index = p.year * 12 + (p.month - 1) + count;
  const int64_t year = FloorDivide(month_index, 12);
  const int month = static_cast<int>(month_index - year * 12) + 1;
  const int last = DaysInMonth(year, month);
  return Of(year, month, p.day < last ? p.day : last);
}

int64_t MonthsBetween(Date from, Date to) {
  const Date::Parts a = from.parts();
  const Date::Parts b = to.parts();
  int64_t months = (b.year - a.year) * 12 + (b.month - a.month);
  if (months > 0 && b.day < a.day) --months;
  if (months < 0 && b.day > a.day) ++months;
  return months;
}

Result<Instant> Instant::Parse(std::string_view text) {
  size_t position = 0;
  const std::optional<Date> date = TakeDate(text, position);
  if (date && TakeChar(text, position, 'T')) {
    const std::optional<int64_t> time = TakeTimeOfDay(text, position);
    const std::optional<int64_t> offset = time ? TakeOffset(text, position) : std::nullopt;
    if (offset && position == text.size()) {
      return Instant{(date->days * kSecondsPerDay - *offset) * kMicrosPerSecond + *time};
    }
  }
  return Fail(ErrorCode::kInvalidArgument, "not a moment in time", {},
              "write it as 2026-03-15T09:30:00Z or with an offset such as +03:00");
}

std::string Instant::ToString() const {
  const int64_t seconds = FloorDivide(micros, kMicrosPerSecond);
  const int64_t fraction = micros - seconds * kMicrosPerSecond;
  const Date date{FloorDivide(seconds, kSecondsPerDay)};
  const int64_t of_day = seconds - date.days * kSecondsPerDay;
  std::array<char, 32> buffer{};
  int size = std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d",
                           static_cast<int>(of_day / 3600), static_cast<int>(of_day / 60 % 60),
                           static_cast<int>(of_day % 60));
  std::string text = date.ToString() + std::string(buffer.data(), static_cast<size_t>(size));
  if (fraction != 0) {
    size = std::snprintf(buffer.data(), buffer.size(), ".%06d", static_cast<int>(fraction));
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text + "Z";
}

Result<Period> Period::Parse(std::string_view text) {
  Period period;
  size_t position = 0;
  bool any = false;
  bool good = TakeChar(text, position, 'P');
  while (good && position < text.size()) {
    int64_t count = 0;
    const auto [end, error] =
        std::from_chars(text.data() + position, text.data() + text.size(), count);
    position = static_cast<size_t>(end - text.data());
    good = error == std::errc() && count >= 0 && count <= 1'000'000 && position < text.size();
    if (!good) break;
    switch (text[position++]) {
      case 'Y': period.months += count * 12; break;
      case 'M': period.months += count; break;
      case 'W': period.days += count * 7; break;
      case 'D': period.days += count; break;
      default: good = false;
    }
    any = true;
  }
  if (!good || !any) {
    return Fail(ErrorCode::kInvalidArgument, "not a period", {},
                "write a period as P14Y, P18M or P10D");
  }
  return period;
}

}  // namespace kstati
