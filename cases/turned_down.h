// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace kstati::cases {

// A record of what a person declined among suggestions: by service, the day.
inline constexpr std::string_view kTurnedDownRecord = "turned_down";

}  // namespace kstati::cases
