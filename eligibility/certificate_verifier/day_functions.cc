// SPDX-License-Identifier: Apache-2.0
// FEEL's functions of days, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.8).
#include <array>

#include "eligibility/certificate_verifier/fitting.h"
#include "eligibility/certificate_verifier/functions.h"
#include "eligibility/certificate_verifier/moments.h"
#include "eligibility/feel/temporal.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::DateTime;
using eligibility::feel::kLargestYear;
using eligibility::feel::kNanosPerSecond;
using eligibility::feel::Nanoseconds;
using eligibility::feel::TimeOfDay;
using eligibility::feel::Zone;

Value DayOf(const Items& arguments, Formula&) {
  const Value from = Single(arguments[0]);
  if (IsMoment(from)) return Value::OfDate(DayOfMoment(from));
  const auto date =
      from.is(Kind::kString) ? eligibility::feel::ParseDate(from.string()) : std::nullopt;
  return date ? Value::OfDate(*date) : Value::Null();
}

Value DayOfParts(const Items& arguments, Formula&) {
  const auto year = arguments[0].number().ToInt64();
  const auto month = arguments[1].number().ToInt64();
  const auto day = arguments[2].number().ToInt64();
  const bool exists = year && month && day && *year >= -kLargestYear && *year <= kLargestYear &&
                      *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31 &&
                      Date::Valid(*year, static_cast<int>(*month), static_cast<int>(*day));
  if (!exists) return Value::Null();
  return Value::OfDate(Date::Of(*year, static_cast<int>(*month), static_cast<int>(*day)));
}

// A place has no offset of its own in a time alone: that of the first day of 1970 stands for it.
Zone WithoutDay(Zone zone) {
  const bool named = zone.name != eligibility::feel::kNoZoneName;
  if (named) zone.offset_seconds = eligibility::feel::OffsetAtLocal(zone.name, 0);
  return zone;
}

Value ClockOf(const Items& arguments, Formula&) {
  const Value from = Single(arguments[0]);
  if (from.is(Kind::kTime)) return from;
  if (from.is(Kind::kDate)) return Value::OfTime({0, {true, 0}});
  if (from.is(Kind::kDateTime)) {
    const DateTime moment = from.date_time();
    return Value::OfTime({moment.nanos, WithoutDay(moment.zone)});
  }
  const auto time =
      from.is(Kind::kString) ? eligibility::feel::ParseTime(from.string()) : std::nullopt;
  return time ? Value::OfTime(*time) : Value::Null();
}

// Hours, minutes, seconds with a fraction, and how far it is east of UTC.
Value ClockOfParts(const Items& arguments, Formula&) {
  constexpr int64_t kOffsetSecondsMax = 18 * 3600;
  const int64_t hour = arguments[0].number().ToInt64().value_or(-1);
  const int64_t minute = arguments[1].number().ToInt64().value_or(-1);
  const auto nanos = arguments[2].number().Multiply(kNanosPerSecond);
  const auto whole = nanos ? nanos->Round(0, Rounding::kDown) : std::nullopt;
  const int64_t rest = whole ? whole->ToInt64().value_or(-1) : -1;
  const bool exists = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && rest >= 0 &&
                      rest < 60 * kNanosPerSecond;
  if (!exists) return Value::Null();
  TimeOfDay time{(hour * 60 + minute) * 60 * kNanosPerSecond + rest, {}};
  if (arguments.size() > 3 && !arguments[3].is_null()) {
    const Nanoseconds offset = arguments[3].nanos().nanos / kNanosPerSecond;
    if (offset > kOffsetSecondsMax || offset < -kOffsetSecondsMax) return Value::Null();
    time.zone = {true, static_cast<int32_t>(offset)};
  }
  return Value::OfTime(time);
}

Value MomentOfText(const Items& arguments, Formula&) {
  const auto moment = eligibility::feel::ParseDateTime(arguments[0].string());
  return moment ? Value::OfDateTime(*moment) : Value::Null();
}

Value MomentOfParts(const Items& arguments, Formula&) {
  const TimeOfDay time = arguments[1].time();
  const DateTime local{DayOfMoment(arguments[0]), time.nanos, {}};
  const auto moment = DateTime::FromLocal(local.Local(), time.zone);
  return moment ? Value::OfDateTime(*moment) : Value::Null();
}

Value DurationOf(const Items& arguments, Formula&) {
  const std::string& text = arguments[0].string();
  if (const auto months = eligibility::feel::ParseMonthsDuration(text)) {
    return Value::OfMonths(*months);
  }
  const auto nanos = eligibility::feel::ParseTimeDuration(text);
  return nanos ? Value::OfNanos(*nanos) : Value::Null();
}

Value DayOfWeek(const Items& arguments, Formula&) {
  constexpr std::array<const char*, 7> kNames{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};
  const int weekday = DayOfMoment(arguments[0]).weekday();
  return Value::String(kNames.at(static_cast<size_t>(weekday - 1)));
}

Value MonthOfYear(const Items& arguments, Formula&) {
  constexpr std::array<const char*, 12> kNames{"January",   "February", "March",    "April",
                                               "May",       "June",     "July",     "August",
                                               "September", "October",  "November", "December"};
  const int month = DayOfMoment(arguments[0]).parts().month;
  return Value::String(kNames.at(static_cast<size_t>(month - 1)));
}

int64_t NumberInYear(Date date) { return date.days - Date::Of(date.parts().year, 1, 1).days + 1; }

Value DayOfYear(const Items& arguments, Formula&) {
  return Value::Number(NumberInYear(DayOfMoment(arguments[0])));
}

// A week belongs to the year of its Thursday.
Value WeekOfYear(const Items& arguments, Formula&) {
  const Date date = DayOfMoment(arguments[0]);
  return Value::Number((NumberInYear(date.AddDays(4 - date.weekday())) - 1) / 7 + 1);
}

Value MonthsOfSize(const Items& arguments, Formula&) {
  const Value& duration = arguments[0];
  return duration.months().months < 0 ? Negated(duration) : duration;
}

Value DaysOfSize(const Items& arguments, Formula&) {
  const Value& duration = arguments[0];
  return duration.nanos().nanos < 0 ? Negated(duration) : duration;
}

}  // namespace

const FunctionTable& DayFunctions() {
  static const FunctionTable functions{
      {"date", {"x", Open::kNowhere, DayOf}},
      {"date", {"nnn", Open::kNowhere, DayOfParts}},
      {"time", {"x", Open::kNowhere, ClockOf}},
      {"time", {"nnnu?", Open::kNowhere, ClockOfParts}},
      {"date and time", {"s", Open::kNowhere, MomentOfText}},
      {"date and time", {"dt", Open::kNowhere, MomentOfParts}},
      {"date and time", {"zt", Open::kNowhere, MomentOfParts}},
      {"duration", {"s", Open::kNowhere, DurationOf}},
      {"day of week", {"d", Open::kNowhere, DayOfWeek}},
      {"day of week", {"z", Open::kNowhere, DayOfWeek}},
      {"month of year", {"d", Open::kNowhere, MonthOfYear}},
      {"month of year", {"z", Open::kNowhere, MonthOfYear}},
      {"day of year", {"d", Open::kNowhere, DayOfYear}},
      {"day of year", {"z", Open::kNowhere, DayOfYear}},
      {"week of year", {"d", Open::kNowhere, WeekOfYear}},
      {"week of year", {"z", Open::kNowhere, WeekOfYear}},
      {"abs", {"m", Open::kNowhere, MonthsOfSize}},
      {"abs", {"u", Open::kNowhere, DaysOfSize}},
  };
  return functions;
}

}  // namespace kstati::certificate_verifier
