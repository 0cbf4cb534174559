// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>

#include "base/ids.h"
#include "base/time.h"
#include "recommender/yielding.h"

namespace kstati::recommender {

// Whether the person turned a service about somebody down (about number 0: about whomever) less
// than kTurnedDownDays ago, and nothing that began later, `since`, gives a new reason for it.
bool IsTurnedDown(const std::map<ServiceAbout, Date>& turned_down, const ServiceId& service,
                  CitizenId about, std::optional<Date> since, Date on);

}  // namespace kstati::recommender
