// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/temporal.h"

#include <array>

#include "eligibility/feel/builtin.h"

namespace kstati::eligibility::feel {
namespace {

using Arguments = std::span<const Value>;

std::optional<int64_t> Whole(const Value& value) { return value.number().ToInt64(); }

// The day of a date or a date and time.
Date DayOf(const Value& value) {
  return value.is(Kind::kDate) ? value.date() : value.date_time().date;
}

Value DateFromParts(Arguments arguments, CallContext& call) {
  const auto year = Whole(arguments[0]);
  const auto month = Whole(arguments[1]);
  const auto day = Whole(arguments[2]);
  const bool valid = year && month && day && YearInRange(*year) && *month >= 1 && *month <= 12 &&
                     *day >= 1 && *day <= 31 &&
                     Date::Valid(*year, static_cast<int>(*month), static_cast<int>(*day));
  if (!valid) return call.Fail("there is no such day");
  return Value::OfDate(Date::Of(*year, static_cast<int>(*month), static_cast<int>(*day)));
}

Value MakeDate(Arguments arguments, CallContext& call) {
  if (arguments.size() == 3) return DateFromParts(arguments, call);
  if (!arguments[0].is(Kind::kString)) return Value::OfDate(DayOf(arguments[0]));
  const auto date = ParseDate(arguments[0].string());
  return date ? Value::OfDate(*date) : call.Fail("this is not a date; write it as YYYY-MM-DD");
}

Value TimeFromParts(Arguments arguments, CallContext& call) {
  const int64_t hour = Whole(arguments[0]).value_or(-1);
  const int64_t minute = Whole(arguments[1]).value_or(-1);
  const auto nanos = arguments[2].number().Multiply(kNanosPerSecond);
  const auto cut = nanos ? nanos->Round(0, Rounding::kDown) : std::nullopt;
  const int64_t second = cut ? cut->ToInt64().value_or(-1) : -1;
  const bool valid = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                     second < 60 * kNanosPerSecond;
  if (!valid) return call.Fail("there is no such time");
  TimeOfDay time{(hour * 60 + minute) * 60 * kNanosPerSecond + second, {}};
  if (arguments.size() > 3 && !arguments[3].is_null()) {
    const Nanoseconds offset = arguments[3].nanos().nanos / kNanosPerSecond;
    constexpr int kLargestOffset = 18 * 3600;
    if (offset > kLargestOffset || offset < -kLargestOffset) {
      return call.Fail("an offset is at most 18 hours");
    }
    time.zone = {true, static_cast<int32_t>(offset)};
  }
  return Value::OfTime(time);
}

// A named place has no offset of its own in a time alone.
Value TimeOf(const DateTime& moment) {
  Zone zone = moment.zone;
  if (zone.name != kNoZoneName) zone.offset_seconds = OffsetAtLocal(zone.name, 0);
  return Value::OfTime({moment.nanos, zone});
}

Value MakeTime(Arguments arguments, CallContext& call) {
  if (arguments.size() > 1) return TimeFromParts(arguments, call);
  const Value& from = arguments[0];
  switch (from.kind()) {
    case Kind::kTime: return from;
    case Kind::kDate: return Value::OfTime({0, {true, 0}});
    case Kind::kDateTime: return TimeOf(from.date_time());
    default: break;
  }
  const auto time = ParseTime(from.string());
  return time ? Value::OfTime(*time) : call.Fail("this is not a time; write it as hh:mm:ss");
}

Value MakeDateTime(Arguments arguments, CallContext& call) {
  if (arguments.size() == 2) {
    const TimeOfDay time = arguments[1].time();
    const DateTime local{DayOf(arguments[0]), time.nanos, {}};
    const auto moment = DateTime::FromLocal(local.Local(), time.zone);
    return moment ? Value::OfDateTime(*moment) : call.Fail("the date is out of range");
  }
  const auto moment = ParseDateTime(arguments[0].string());
  return moment ? Value::OfDateTime(*moment)
                : call.Fail("this is not a date and time; write it as YYYY-MM-DDThh:mm:ss");
}

Value MakeDuration(Arguments arguments, CallContext& call) {
  const std::string& text = arguments[0].string();
  if (const auto months = ParseMonthsDuration(text)) return Value::OfMonths(*months);
  if (const auto nanos = ParseTimeDuration(text)) return Value::OfNanos(*nanos);
  return call.Fail("this is not a duration; write it as P1Y2M or P10DT2H");
}

Value MonthsFromTo(Arguments arguments, CallContext&) {
  return Value::OfMonths({MonthsBetween(DayOf(arguments[0]), DayOf(arguments[1]))});
}

Value Today(Arguments, CallContext& call) { return Value::OfDate(call.environment().today); }
Value Now(Arguments, CallContext& call) { return Value::OfDateTime(call.environment().now); }

Value DayOfWeek(Arguments arguments, CallContext&) {
  constexpr std::array<const char*, 7> kNames{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};
  return Value::String(kNames[static_cast<size_t>(DayOf(arguments[0]).weekday() - 1)]);
}

Value MonthOfYear(Arguments arguments, CallContext&) {
  constexpr std::array<const char*, 12> kNames{"January",   "February", "March",    "April",
                                               "May",       "June",     "July",     "August",
                                               "September", "October",  "November", "December"};
  return Value::String(kNames[static_cast<size_t>(DayOf(arguments[0]).parts().month - 1)]);
}

int64_t DayNumber(Date date) { return date.days - Date::Of(date.parts().year, 1, 1).days + 1; }

Value DayOfYear(Arguments arguments, CallContext&) {
  return Value::Number(DayNumber(DayOf(arguments[0])));
}

// ISO 8601: a week belongs to the year that has its Thursday.
Value WeekOfYear(Arguments arguments, CallContext&) {
  const Date day = DayOf(arguments[0]);
  const Date thursday = day.AddDays(4 - day.weekday());
  return Value::Number((DayNumber(thursday) - 1) / 7 + 1);
}

Builtin Make(std::string_view name, std::string_view parameters, Type result, BuiltinFunction run) {
  return {.name = name, .parameters = parameters, .result = std::move(result), .run = run};
}

}  // namespace

std::vector<Builtin> TemporalBuiltins() {
  constexpr std::string_view kDay = "date:d | date:z";
  return {
      Make("date", "from:s | from:d | from:z | year:n, month:n, day:n", Type::Date(), MakeDate),
      Make("time", "from:s | from:t | from:z | from:d | hour:n, minute:n, second:n, offset?:u",
           Type::Of(Kind::kTime), MakeTime),
      Make("date and time", "from:s | date:d, time:t | date:z, time:t", Type::Of(Kind::kDateTime),
           MakeDateTime),
      Make("duration", "from:s", Type::Any(), MakeDuration),
      Make("years and months duration", "from:d, to:d | from:d, to:z | from:z, to:d | from:z, to:z",
           Type::Of(Kind::kMonthsDuration), MonthsFromTo),
      {.name = "today", .parameters = "", .result = Type::Date(), .run = Today, .pure = false},
      {.name = "now",
       .parameters = "",
       .result = Type::Of(Kind::kDateTime),
       .run = Now,
       .pure = false},
      Make("day of week", kDay, Type::String(), DayOfWeek),
      Make("month of year", kDay, Type::String(), MonthOfYear),
      Make("day of year", kDay, Type::Number(), DayOfYear),
      Make("week of year", kDay, Type::Number(), WeekOfYear),
  };
}

}  // namespace kstati::eligibility::feel
