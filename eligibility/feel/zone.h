// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kstati::eligibility::feel {

// The name of a place in the system's time zone database, such as "Europe/Paris".
using ZoneName = uint16_t;
inline constexpr ZoneName kNoZoneName = 0;

// nullopt when the database has no such name. Names keep their number for the life of the process.
// Any thread.
std::optional<ZoneName> FindZone(std::string_view name);
const std::string& TextOf(ZoneName name);

// Seconds east of UTC at a local or UTC time given in seconds since 1970-01-01T00:00:00. A local
// time that occurs twice is the earlier one, one that is skipped counts as before the change. The
// database ends in 2037: later years follow the rules of the year 28 or more before them that has
// the same calendar.
int32_t OffsetAtLocal(ZoneName name, int64_t local_seconds);
int32_t OffsetAtUtc(ZoneName name, int64_t utc_seconds);

}  // namespace kstati::eligibility::feel
