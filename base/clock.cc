// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <date/tz.h>

#include <chrono>

namespace kstati {

Instant SystemClock::Now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

Date LocalDate(Instant instant, const std::string& zone) {
  const date::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(instant.micros)};
  const auto local = date::locate_zone(zone)->to_local(moment);
  return Date{date::floor<date::days>(local).time_since_epoch().count()};
}

Date LatestDate(Instant instant) { return LocalDate(instant, "Etc/GMT-14"); }

Instant StartOfDay(Date date, const std::string& zone) {
  const date::local_days local{date::days(date.days)};
  const auto moment = date::locate_zone(zone)->to_sys(local, date::choose::earliest);
  return Instant{
      std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch()).count()};
}

bool ZoneExists(const std::string& zone) {
  try {
    return date::locate_zone(zone) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace kstati
