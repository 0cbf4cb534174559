// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace kstati {

// What moments are counted in: microseconds. A day of these has no clock changes in it.
inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

}  // namespace kstati
