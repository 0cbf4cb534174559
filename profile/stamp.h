// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace kstati::profile {

// What the store gives to every change of a citizen: `version` counts them from 1, and
// `recorded_at` never goes back, whatever the clock does.
struct Stamp {
  uint64_t version = 0;
  Instant recorded_at;
  auto operator<=>(const Stamp&) const = default;
};

// The bytes of a stamp: version and microseconds, eight bytes each, the highest first.
inline constexpr size_t kStampBytes = 16;
std::string EncodeStamp(const Stamp& stamp);
// Takes the stamp from the front of the bytes; nullopt when they are too short.
std::optional<Stamp> TakeStamp(std::string_view& bytes);

// The moment to record a change at, when the clock says `now` and the latest change was recorded at
// `last`: `now`, or just after `last` when the clock jumped back.
Instant RecordingTime(Instant last, Instant now);

}  // namespace kstati::profile
