// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/temporal.h"

#include <array>
#include <cstdio>

namespace kstati::eligibility::feel {
namespace {

constexpr int32_t kLargestOffset = 18 * 3600;
constexpr int64_t kLargestShift = kLargestYear * 24;  // months between any two dates

Nanoseconds FloorDivide(Nanoseconds a, Nanoseconds b) { return a / b - (a % b < 0 ? 1 : 0); }

// A cursor over a text; every Take moves only when it succeeds.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return position_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[position_]; }
  bool Take(char c) {
    if (done() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  std::string_view TakeRest() {
    const std::string_view rest = text_.substr(position_);
    position_ = text_.size();
    return rest;
  }
  size_t CountDigits() const {
    size_t end = position_;
    while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') ++end;
    return end - position_;
  }
  // Between `least` and `most` digits, all that are there; `most` <= 18.
  std::optional<int64_t> TakeNumber(size_t least, size_t most) {
    const size_t count = CountDigits();
    if (count < least || count > most) return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i) value = value * 10 + (text_[position_++] - '0');
    return value;
  }
  // Digits after a point as nanoseconds; what is beyond nine digits is cut off.
  std::optional<int64_t> TakeFraction() {
    const size_t count = CountDigits();
    if (count == 0) return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < 9; ++i) {
      value = value * 10 + (i < count ? text_[position_ + i] - '0' : 0);
    }
    position_ += count;
    return value;
  }

 private:
  std::string_view text_;
  size_t position_ = 0;
};

std::optional<Date> TakeDate(Reader& reader) {
  const bool negative = reader.Take('-');
  const bool padded = reader.peek() == '0';
  const size_t digits = reader.CountDigits();
  const auto year = reader.TakeNumber(4, 9);
  if (!year || (padded && digits > 4) || !reader.Take('-')) return std::nullopt;
  const auto month = reader.TakeNumber(2, 2);
  if (!month || !reader.Take('-')) return std::nullopt;
  const auto day = reader.TakeNumber(2, 2);
  const int64_t signed_year = negative ? -*year : *year;
  if (!day || !Date::Valid(signed_year, static_cast<int>(*month), static_cast<int>(*day))) {
    return std::nullopt;
  }
  return Date::Of(signed_year, static_cast<int>(*month), static_cast<int>(*day));
}

// Nanoseconds since midnight; kNanosPerDay for 24:00:00.
std::optional<int64_t> TakeClock(Reader& reader) {
  const auto hour = reader.TakeNumber(2, 2);
  if (!hour || !reader.Take(':')) return std::nullopt;
  const auto minute = reader.TakeNumber(2, 2);
  if (!minute || *minute > 59 || !reader.Take(':')) return std::nullopt;
  const auto second = reader.TakeNumber(2, 2);
  if (!second || *second > 59) return std::nullopt;
  int64_t nanos = 0;
  if (reader.Take('.')) {
    const auto fraction = reader.TakeFraction();
    if (!fraction) return std::nullopt;
    nanos = *fraction;
  }
  nanos += ((*hour * 60 + *minute) * 60 + *second) * kNanosPerSecond;
  if (nanos > kNanosPerDay) return std::nullopt;
  return nanos;
}

// "", "Z", "+hh:mm", "+hh:mm:ss", "@Europe/Paris".
std::optional<Zone> TakeZone(Reader& reader) {
  if (reader.done()) return Zone{};
  if (reader.Take('Z')) return Zone{true, 0};
  if (reader.Take('@')) {
    const auto name = FindZone(reader.TakeRest());
    return name ? std::optional(Zone{true, OffsetAtLocal(*name, 0), *name}) : std::nullopt;
  }
  const bool west = reader.peek() == '-';
  if (!reader.Take('+') && !reader.Take('-')) return std::nullopt;
  const auto hours = reader.TakeNumber(2, 2);
  if (!hours || !reader.Take(':')) return std::nullopt;
  const auto minutes = reader.TakeNumber(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  int64_t seconds = 0;
  if (reader.Take(':')) {
    const auto given = reader.TakeNumber(2, 2);
    if (!given || *given > 59) return std::nullopt;
    seconds = *given;
  }
  const auto total = static_cast<int32_t>((*hours * 60 + *minutes) * 60 + seconds);
  if (total > kLargestOffset) return std::nullopt;
  return Zone{true, west ? -total : total};
}

template <class... Numbers>
std::string Format(const char* format, Numbers... numbers) {
  std::array<char, 96> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), format, numbers...);
  return std::string(buffer.data(), static_cast<size_t>(size));
}

// ".5" for 500,000,000; empty for zero.
std::string FractionText(int64_t nanos) {
  if (nanos == 0) return {};
  std::string text = Format(".%09lld", static_cast<long long>(nanos));
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string ClockText(int64_t nanos) {
  const int64_t seconds = nanos / kNanosPerSecond;
  return Format("%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60)) +
         FractionText(nanos % kNanosPerSecond);
}

std::string ZoneText(const Zone& zone) {
  if (!zone.present) return {};
  if (zone.name != kNoZoneName) return "@" + TextOf(zone.name);
  if (zone.offset_seconds == 0) return "Z";
  const int seconds = zone.offset_seconds < 0 ? -zone.offset_seconds : zone.offset_seconds;
  std::string text =
      Format("%c%02d:%02d", zone.offset_seconds < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 != 0) text += Format(":%02d", seconds % 60);
  return text;
}

std::string UnsignedText(Nanoseconds value) {
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return text;
}

const Date& LeastDate() {
  static const Date date = Date::Of(-kLargestYear, 1, 1);
  return date;
}

const Date& GreatestDate() {
  static const Date date = Date::Of(kLargestYear, 12, 31);
  return date;
}

}  // namespace

bool YearInRange(int64_t year) { return year >= -kLargestYear && year <= kLargestYear; }

Nanoseconds DateTime::Local() const { return Nanoseconds{date.days} * kNanosPerDay + nanos; }

std::optional<DateTime> DateTime::FromLocal(Nanoseconds local, Zone zone) {
  const Nanoseconds days = FloorDivide(local, kNanosPerDay);
  if (days < LeastDate().days || days > GreatestDate().days) return std::nullopt;
  if (zone.name != kNoZoneName) {
    const auto seconds = static_cast<int64_t>(FloorDivide(local, kNanosPerSecond));
    zone.offset_seconds = OffsetAtLocal(zone.name, seconds);
  }
  return DateTime{Date{static_cast<int64_t>(days)},
                  static_cast<int64_t>(local - days * kNanosPerDay), zone};
}

std::optional<DateTime> DateTime::FromUtc(Nanoseconds utc, Zone zone) {
  if (zone.name != kNoZoneName) {
    const auto seconds = static_cast<int64_t>(FloorDivide(utc, kNanosPerSecond));
    zone.offset_seconds = OffsetAtUtc(zone.name, seconds);
  }
  return FromLocal(utc + Nanoseconds{zone.offset_seconds} * kNanosPerSecond, zone);
}

std::optional<Date> AddMonthsChecked(Date date, int64_t months) {
  if (months < -kLargestShift || months > kLargestShift) return std::nullopt;
  const Date moved = date.AddMonths(months);
  if (moved < LeastDate() || moved > GreatestDate()) return std::nullopt;
  return moved;
}

std::optional<Date> AddDaysChecked(Date date, Nanoseconds days) {
  const Nanoseconds moved = Nanoseconds{date.days} + days;
  if (moved < LeastDate().days || moved > GreatestDate().days) return std::nullopt;
  return Date{static_cast<int64_t>(moved)};
}

std::optional<Date> ParseDate(std::string_view text) {
  Reader reader(text);
  const auto date = TakeDate(reader);
  return reader.done() ? date : std::nullopt;
}

std::optional<TimeOfDay> ParseTime(std::string_view text) {
  Reader reader(text);
  reader.Take('T');
  const auto nanos = TakeClock(reader);
  const auto zone = nanos ? TakeZone(reader) : std::nullopt;
  if (!zone || !reader.done()) return std::nullopt;
  return TimeOfDay{*nanos % kNanosPerDay, *zone};
}

std::optional<DateTime> ParseDateTime(std::string_view text) {
  Reader reader(text);
  const auto date = TakeDate(reader);
  if (!date) return std::nullopt;
  if (reader.done()) return DateTime{*date, 0, {}};
  if (!reader.Take('T')) return std::nullopt;
  const auto nanos = TakeClock(reader);
  const auto zone = nanos ? TakeZone(reader) : std::nullopt;
  if (!zone || !reader.done()) return std::nullopt;
  return DateTime::FromLocal(DateTime{*date, 0, {}}.Local() + *nanos, *zone);
}

std::optional<MonthsDuration> ParseMonthsDuration(std::string_view text) {
  Reader reader(text);
  const bool negative = reader.Take('-');
  if (!reader.Take('P') || reader.done()) return std::nullopt;
  int64_t months = 0;
  char last = '\0';
  while (!reader.done()) {
    const auto count = reader.TakeNumber(1, 16);
    if (!count) return std::nullopt;
    if (last == '\0' && reader.Take('Y')) {
      months += *count * 12;
      last = 'Y';
    } else if (last != 'M' && reader.Take('M')) {
      months += *count;
      last = 'M';
    } else {
      return std::nullopt;
    }
  }
  return MonthsDuration{negative ? -months : months};
}

namespace {

// "2H3M4.5S" after the T.
std::optional<Nanoseconds> TakeDurationClock(Reader& reader) {
  constexpr std::array<std::pair<char, int64_t>, 3> kUnits{{{'H', 3600}, {'M', 60}, {'S', 1}}};
  Nanoseconds nanos = 0;
  size_t unit = 0;
  if (reader.done()) return std::nullopt;
  while (!reader.done()) {
    const auto count = reader.TakeNumber(1, 18);
    if (!count) return std::nullopt;
    if (reader.Take('.')) {
      const auto fraction = reader.TakeFraction();
      if (!fraction || unit > 2 || !reader.Take('S') || !reader.done()) return std::nullopt;
      return nanos + Nanoseconds{*count} * kNanosPerSecond + *fraction;
    }
    while (unit < kUnits.size() && reader.peek() != kUnits[unit].first) ++unit;
    if (unit == kUnits.size()) return std::nullopt;
    reader.Take(kUnits[unit].first);
    nanos += Nanoseconds{*count} * kUnits[unit].second * kNanosPerSecond;
    ++unit;
  }
  return nanos;
}

}  // namespace

std::optional<TimeDuration> ParseTimeDuration(std::string_view text) {
  Reader reader(text);
  const bool negative = reader.Take('-');
  if (!reader.Take('P') || reader.done()) return std::nullopt;
  Nanoseconds nanos = 0;
  if (reader.peek() != 'T') {
    const auto days = reader.TakeNumber(1, 18);
    if (!days || !reader.Take('D')) return std::nullopt;
    nanos = Nanoseconds{*days} * kNanosPerDay;
  }
  if (!reader.done()) {
    if (!reader.Take('T')) return std::nullopt;
    const auto clock = TakeDurationClock(reader);
    if (!clock) return std::nullopt;
    nanos += *clock;
  }
  const TimeDuration duration{negative ? -nanos : nanos};
  return duration.InRange() ? std::optional(duration) : std::nullopt;
}

std::string ToText(Date date) { return date.ToString(); }

std::string ToText(const TimeOfDay& time) { return ClockText(time.nanos) + ZoneText(time.zone); }

std::string ToText(const DateTime& moment) {
  return ToText(moment.date) + "T" + ClockText(moment.nanos) + ZoneText(moment.zone);
}

std::string ToText(MonthsDuration duration) {
  const bool negative = duration.months < 0;
  const int64_t months = negative ? -duration.months : duration.months;
  std::string text = negative ? "-P" : "P";
  if (months >= 12) text += std::to_string(months / 12) + "Y";
  if (months % 12 != 0 || months == 0) text += std::to_string(months % 12) + "M";
  return text;
}

std::string ToText(TimeDuration duration) {
  if (duration.nanos == 0) return "PT0S";
  const Nanoseconds nanos = duration.nanos < 0 ? -duration.nanos : duration.nanos;
  std::string text = duration.nanos < 0 ? "-P" : "P";
  const Nanoseconds days = nanos / kNanosPerDay;
  if (days != 0) text += UnsignedText(days) + "D";
  const auto rest = static_cast<int64_t>(nanos % kNanosPerDay);
  if (rest == 0) return text;
  text += "T";
  const int64_t seconds = rest / kNanosPerSecond;
  const std::string fraction = FractionText(rest % kNanosPerSecond);
  if (seconds / 3600 != 0) text += std::to_string(seconds / 3600) + "H";
  if (seconds / 60 % 60 != 0) text += std::to_string(seconds / 60 % 60) + "M";
  if (seconds % 60 != 0 || !fraction.empty()) text += std::to_string(seconds % 60) + fraction + "S";
  return text;
}

}  // namespace kstati::eligibility::feel
