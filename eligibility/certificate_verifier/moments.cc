// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/moments.h"

#include "eligibility/certificate_verifier/functions.h"
#include "eligibility/feel/temporal.h"

namespace kstati::certificate_verifier {
namespace {

using eligibility::feel::DateTime;
using eligibility::feel::kLargestYear;
using eligibility::feel::kNanosPerDay;
using eligibility::feel::kNanosPerSecond;
using eligibility::feel::kSecondsPerDay;
using eligibility::feel::Nanoseconds;
using eligibility::feel::TimeOfDay;
using eligibility::feel::UnionOfUnknowns;
using eligibility::feel::Zone;

Value Days(Nanoseconds nanos) {
  const eligibility::feel::TimeDuration duration{nanos};
  return duration.InRange() ? Value::OfNanos(duration) : Value::Null();
}

Value DateOrNull(Date date) {
  const int64_t year = date.parts().year;
  return year >= -kLargestYear && year <= kLargestYear ? Value::OfDate(date) : Value::Null();
}

Value MonthsLater(Date date, int64_t months) {
  constexpr int64_t kMonthsMax = 24 * kLargestYear;
  if (months > kMonthsMax || months < -kMonthsMax) return Value::Null();
  return DateOrNull(date.AddMonths(months));
}

Value NanosLater(Date date, Nanoseconds nanos) {
  constexpr int64_t kDaysMax = 2 * 366 * kLargestYear;
  const Nanoseconds days = nanos / kNanosPerDay - (nanos % kNanosPerDay < 0 ? 1 : 0);
  if (days > kDaysMax || days < -kDaysMax) return Value::Null();
  return DateOrNull(date.AddDays(static_cast<int64_t>(days)));
}

// The local time is kept: a place that changes its clocks in between has another offset then.
Value AtLocal(Nanoseconds local, Zone zone) {
  const std::optional<DateTime> moment = DateTime::FromLocal(local, zone);
  return moment ? Value::OfDateTime(*moment) : Value::Null();
}

// A date counts as its midnight in UTC.
DateTime AsDateTime(const Value& moment) {
  return moment.is(Kind::kDate) ? DateTime{moment.date(), 0, {true, 0}} : moment.date_time();
}

int64_t SecondOf(const Value& clock) {
  if (clock.is(Kind::kTime)) {
    const TimeOfDay time = clock.time();
    return time.nanos / kNanosPerSecond - time.zone.offset_seconds;
  }
  const DateTime moment = clock.date_time();
  return moment.date.days * kSecondsPerDay + moment.nanos / kNanosPerSecond -
         moment.zone.offset_seconds;
}

Zone ZoneOf(const Value& clock) {
  return clock.is(Kind::kTime) ? clock.time().zone : clock.date_time().zone;
}

std::optional<Value> PartOfDate(Date date, const std::string& name) {
  if (name == "year") return Value::Number(date.parts().year);
  if (name == "month") return Value::Number(date.parts().month);
  if (name == "day") return Value::Number(date.parts().day);
  if (name == "weekday") return Value::Number(date.weekday());
  return std::nullopt;
}

std::optional<Value> PartOfZone(const Zone& zone, const std::string& name) {
  if (name == "time offset") {
    return zone.present ? Days(Nanoseconds{zone.offset_seconds} * kNanosPerSecond) : Value::Null();
  }
  if (name != "timezone") return std::nullopt;
  const bool named = zone.name != eligibility::feel::kNoZoneName;
  return named ? Value::String(eligibility::feel::TextOf(zone.name)) : Value::Null();
}

std::optional<Value> PartOfClock(int64_t nanos, const std::string& name) {
  constexpr int64_t kNanosPerMinute = 60 * kNanosPerSecond;
  if (name == "hour") return Value::Number(nanos / (60 * kNanosPerMinute));
  if (name == "minute") return Value::Number(nanos / kNanosPerMinute % 60);
  if (name != "second") return std::nullopt;
  return NumberOrNull(Decimal(nanos % kNanosPerMinute).Divide(kNanosPerSecond));
}

}  // namespace

bool IsMoment(const Value& value) { return value.is(Kind::kDate) || value.is(Kind::kDateTime); }

Date DayOfMoment(const Value& moment) {
  return moment.is(Kind::kDate) ? moment.date() : moment.date_time().date;
}

std::optional<int> OrderOfClocks(const Value& a, const Value& b) {
  if (ZoneOf(a).present != ZoneOf(b).present) return std::nullopt;
  const int64_t distance = SecondOf(a) - SecondOf(b);
  return distance < 0 ? -1 : distance > 0 ? 1 : 0;
}

Value ShiftedMoment(const Value& from, const Value& by, int sign) {
  const bool months = by.is(Kind::kMonthsDuration);
  const int64_t month_count = months ? by.months().months * sign : 0;
  const Nanoseconds nanos = months ? 0 : by.nanos().nanos * sign;
  if (from.is(Kind::kDate)) {
    return months ? MonthsLater(from.date(), month_count) : NanosLater(from.date(), nanos);
  }
  if (from.is(Kind::kTime)) {
    if (months) return Value::Null();
    TimeOfDay time = from.time();
    const auto rest = static_cast<int64_t>((time.nanos + nanos % kNanosPerDay) % kNanosPerDay);
    time.nanos = rest < 0 ? rest + kNanosPerDay : rest;
    return Value::OfTime(time);
  }
  const DateTime moment = from.date_time();
  if (!months) return AtLocal(moment.Local() + nanos, moment.zone);
  const Value date = MonthsLater(moment.date, month_count);
  if (date.is_null()) return date;
  return AtLocal(DateTime{date.date(), moment.nanos, {}}.Local(), moment.zone);
}

Value TimeBetween(const Value& a, const Value& b) {
  if (a.is(Kind::kTime)) {
    if (ZoneOf(a).present != ZoneOf(b).present) return Value::Null();
    const int64_t shift = ZoneOf(b).offset_seconds - ZoneOf(a).offset_seconds;
    return Days(Nanoseconds{a.time().nanos - b.time().nanos} +
                Nanoseconds{shift} * kNanosPerSecond);
  }
  const DateTime later = AsDateTime(a);
  const DateTime earlier = AsDateTime(b);
  if (later.zone.present != earlier.zone.present) return Value::Null();
  return Days(later.Utc() - earlier.Utc());
}

std::optional<Value> PartOfMoment(const Value& value, const std::string& name) {
  if (IsMoment(value)) {
    std::optional<Value> part = PartOfDate(DayOfMoment(value), name);
    if (part || value.is(Kind::kDate)) return part;
  }
  const int64_t nanos = value.is(Kind::kTime) ? value.time().nanos : value.date_time().nanos;
  std::optional<Value> part = PartOfClock(nanos, name);
  return part ? part : PartOfZone(ZoneOf(value), name);
}

Value MonthsFromTo(const Value& first, const Value& second) {
  const Value from = Single(first);
  const Value to = Single(second);
  const auto fits = [](const Value& value) { return value.is_unknown() || IsMoment(value); };
  if (!fits(from) || !fits(to)) return Value::Null();
  if (EitherUnknown(from, to)) return UnionOfUnknowns(from, to);
  return Months(MonthsBetween(DayOfMoment(from), DayOfMoment(to)));
}

}  // namespace kstati::certificate_verifier
