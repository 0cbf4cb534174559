// SPDX-License-Identifier: Apache-2.0
#include "recommender/turned_down.h"

#include <algorithm>
#include <array>

#include "recommender/suggest.h"

namespace kstati::recommender {

bool IsTurnedDown(const std::map<ServiceAbout, Date>& turned_down, const ServiceId& service,
                  CitizenId about, std::optional<Date> since, Date on) {
  return std::ranges::any_of(std::array{about, CitizenId()}, [&](const CitizenId& whom) {
    const auto found = turned_down.find({service, whom});
    if (found == turned_down.end()) return false;
    const int64_t days = on.days - found->second.days;
    if (days < 0 || days >= kTurnedDownDays) return false;
    return !since || *since <= found->second;
  });
}

}  // namespace kstati::recommender
