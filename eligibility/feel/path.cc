// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/operators.h"

namespace kstati::eligibility::feel {
namespace {

Value Number(int64_t value) { return Value::Number(value); }

// nullopt when there is no such property.
std::optional<Value> OfDate(Date date, std::string_view name) {
  if (name == "year") return Number(date.parts().year);
  if (name == "month") return Number(date.parts().month);
  if (name == "day") return Number(date.parts().day);
  if (name == "weekday") return Number(date.weekday());
  return std::nullopt;
}

std::optional<Value> OfClock(int64_t nanos, const Zone& zone, std::string_view name) {
  const int64_t seconds = nanos / kNanosPerSecond;
  if (name == "hour") return Number(seconds / 3600);
  if (name == "minute") return Number(seconds / 60 % 60);
  if (name == "second") {
    const Decimal whole(seconds % 60);
    const auto fraction = Decimal(nanos % kNanosPerSecond).Divide(kNanosPerSecond);
    return Value::Number(*whole.Add(*fraction));
  }
  if (name == "time offset") {
    if (!zone.present) return Value::Null();
    return Value::OfNanos({Nanoseconds{zone.offset_seconds} * kNanosPerSecond});
  }
  if (name == "timezone") {
    return zone.name == kNoZoneName ? Value::Null() : Value::String(TextOf(zone.name));
  }
  return std::nullopt;
}

std::optional<Value> OfMonths(MonthsDuration duration, std::string_view name) {
  if (name == "years") return Number(duration.months / 12);
  if (name == "months") return Number(duration.months % 12);
  return std::nullopt;
}

std::optional<Value> OfNanos(TimeDuration duration, std::string_view name) {
  const Nanoseconds seconds = duration.nanos / kNanosPerSecond;
  if (name == "days") return Number(static_cast<int64_t>(seconds / kSecondsPerDay));
  if (name == "hours") return Number(static_cast<int64_t>(seconds / 3600 % 24));
  if (name == "minutes") return Number(static_cast<int64_t>(seconds / 60 % 60));
  if (name == "seconds") {
    const Decimal whole(static_cast<int64_t>(seconds % 60));
    const Decimal rest(static_cast<int64_t>(duration.nanos % kNanosPerSecond));
    return Value::Number(*whole.Add(*rest.Divide(kNanosPerSecond)));
  }
  return std::nullopt;
}

std::optional<Value> OfRange(const Range& range, std::string_view name) {
  if (name == "start") return range.start;
  const bool exact = !range.has_end && range.end_included;  // "(= 10)"
  if (name == "end") return exact ? range.start : range.end;
  if (name == "start included") return Value::Boolean(range.start_included);
  if (name == "end included") return Value::Boolean(range.end_included);
  return std::nullopt;
}

std::optional<Value> PropertyOf(const Value& value, std::string_view name) {
  switch (value.kind()) {
    case Kind::kDate: return OfDate(value.date(), name);
    case Kind::kTime: return OfClock(value.time().nanos, value.time().zone, name);
    case Kind::kDateTime: {
      const DateTime moment = value.date_time();
      auto of_date = OfDate(moment.date, name);
      return of_date ? of_date : OfClock(moment.nanos, moment.zone, name);
    }
    case Kind::kMonthsDuration: return OfMonths(value.months(), name);
    case Kind::kTimeDuration: return OfNanos(value.nanos(), name);
    case Kind::kRange: return OfRange(value.range(), name);
    case Kind::kContext: {
      const Value* entry = value.Find(name);
      return entry == nullptr ? std::nullopt : std::optional(*entry);
    }
    default: return std::nullopt;
  }
}

}  // namespace

Value PathOf(const Value& value, std::string_view name, std::string_view& problem) {
  if (value.is_null() || value.is_unknown()) return value;
  if (value.is(Kind::kList)) {
    std::vector<Value> items;
    items.reserve(value.list().size());
    for (const Value& item : value.list()) items.push_back(PathOf(item, name, problem));
    return Value::List(std::move(items));
  }
  if (auto property = PropertyOf(value, name)) return *std::move(property);
  problem = "there is no such entry or property";
  return Value::Null();
}

}  // namespace kstati::eligibility::feel
