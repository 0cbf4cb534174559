// SPDX-License-Identifier: Apache-2.0
#include "delivery/schedule.h"

#include <date/tz.h>

#include <algorithm>

namespace kstati::delivery {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kHours = 24;
constexpr int kMinutes = 60;

std::optional<int> MinuteOf(std::string_view text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  if (!digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour >= kHours || minute >= kMinutes) return std::nullopt;
  return hour * kMinutes + minute;
}

}  // namespace

seconds Retries::After(int failed) const {
  seconds pause = first;
  for (int i = 1; i < failed && pause < longest; ++i) pause *= 2;
  return std::min(pause, longest);
}

Result<QuietHours> QuietHours::Parse(std::string_view from, std::string_view to, std::string zone) {
  QuietHours quiet;
  if (from.empty() && to.empty()) return quiet;
  const std::optional<int> start = MinuteOf(from);
  const std::optional<int> end = MinuteOf(to);
  if (!start || !end || *start == *end) {
    return Fail(ErrorCode::kInvalidArgument, "the quiet hours cannot be read",
                "delivery.quiet_from, delivery.quiet_to",
                "write two different times, as 22:00 and 08:00, or leave both empty");
  }
  quiet.from_minute_ = *start;
  quiet.to_minute_ = *end;
  quiet.zone_ = std::move(zone);
  return quiet;
}

// By the clock on the wall: where clocks are put back or forward, the night is longer or shorter.
std::optional<Instant> QuietHours::EndAfter(Instant now) const {
  if (from_minute_ == to_minute_) return std::nullopt;
  const date::time_zone* zone = date::locate_zone(zone_);
  const auto local = zone->to_local(date::sys_time<microseconds>(microseconds(now.micros)));
  date::local_days day = date::floor<date::days>(local);
  const auto minute = date::floor<minutes>(local - day).count();
  const bool over_midnight = to_minute_ < from_minute_;
  const bool quiet = over_midnight ? minute >= from_minute_ || minute < to_minute_
                                   : minute >= from_minute_ && minute < to_minute_;
  if (!quiet) return std::nullopt;
  if (over_midnight && minute >= from_minute_) day += date::days(1);
  const auto end = zone->to_sys(day + minutes(to_minute_), date::choose::latest);
  const auto micros = std::chrono::duration_cast<microseconds>(end.time_since_epoch()).count();
  // Where the clock shows the end twice, the second time counts, so the end lies ahead.
  return Instant{std::max<int64_t>(micros, now.micros + 1)};
}

}  // namespace kstati::delivery
