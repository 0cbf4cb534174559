// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/zone.h"

#include <date/tz.h>

#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>

#include "base/check.h"
#include "base/time.h"

namespace kstati::eligibility::feel {
namespace {

// Zones met so far, numbered from 1.
class Registry {
 public:
  std::optional<ZoneName> Find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    const date::time_zone* zone = Locate(name);
    if (zone == nullptr) return std::nullopt;
    entries_.push_back({std::string(name), zone});
    const auto number = static_cast<ZoneName>(entries_.size());
    numbers_.emplace(std::string(name), number);
    return number;
  }

  struct Entry {
    std::string name;
    const date::time_zone* zone = nullptr;
  };
  const Entry& At(ZoneName name) {
    const std::lock_guard lock(mutex_);
    KSTATI_CHECK(name != kNoZoneName && name <= entries_.size());
    return entries_[name - 1U];
  }

 private:
  // The library throws for a name that is not there.
  static const date::time_zone* Locate(std::string_view name) {
    try {
      return date::locate_zone(std::string(name));
    } catch (const std::runtime_error&) {
      return nullptr;
    }
  }

  std::mutex mutex_;
  std::map<std::string, ZoneName, std::less<>> numbers_;
  std::deque<Entry> entries_;  // a deque: entries stay in place
};

Registry& Zones() {
  static auto* const registry = new Registry;
  return *registry;
}

constexpr int64_t kSecondsOfDay = 86'400;
constexpr int64_t kLastYear = 2037;
constexpr int64_t kFirstYear = 1800;  // before all of the database: local mean time

// The same second of a year that the database covers and that has the same calendar.
int64_t Covered(int64_t seconds) {
  const int64_t day = seconds / kSecondsOfDay - (seconds % kSecondsOfDay < 0 ? 1 : 0);
  const auto parts = Date{day}.parts();
  int64_t year = parts.year;
  if (year < kFirstYear) year = kFirstYear;
  if (year > kLastYear) {
    // The calendar repeats after 400 years, and between two centuries after 28.
    const bool leap = Date::Valid(year, 2, 29);
    const int weekday = Date::Of(year, 1, 1).weekday();
    year = kLastYear;
    while (Date::Valid(year, 2, 29) != leap || Date::Of(year, 1, 1).weekday() != weekday) --year;
  }
  if (year == parts.year) return seconds;
  const int month_day = year == kFirstYear && parts.month == 2 && parts.day == 29 ? 28 : parts.day;
  const Date moved = Date::Of(year, parts.month, month_day);
  return moved.days * kSecondsOfDay + (seconds - day * kSecondsOfDay);
}

}  // namespace

std::optional<ZoneName> FindZone(std::string_view name) { return Zones().Find(name); }

const std::string& TextOf(ZoneName name) { return Zones().At(name).name; }

int32_t OffsetAtLocal(ZoneName name, int64_t local_seconds) {
  const date::local_seconds at{std::chrono::seconds(Covered(local_seconds))};
  const date::local_info info = Zones().At(name).zone->get_info(at);
  return static_cast<int32_t>(info.first.offset.count());
}

int32_t OffsetAtUtc(ZoneName name, int64_t utc_seconds) {
  const date::sys_seconds at{std::chrono::seconds(Covered(utc_seconds))};
  return static_cast<int32_t>(Zones().At(name).zone->get_info(at).offset.count());
}

}  // namespace kstati::eligibility::feel
