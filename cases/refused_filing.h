// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/fact.h"

namespace kstati::cases {

class Draft;

// An application that was turned away since the rules said "no": no case was made. Kept, the last
// one for a service about a person, until a correction of what the "no" rests on makes it good.
struct RefusedFiling {
  CitizenId citizen;
  CitizenId about;
  ServiceId service;
  Instant at;
  std::set<profile::EventKey> rests_on;  // the events that reported what the "no" rests on
};

std::string Encode(const RefusedFiling& filing);
Result<RefusedFiling> DecodeRefusedFiling(std::string_view bytes);

void Keep(Draft& draft, const RefusedFiling& filing);

// Decides again what of the citizen's was turned away because of an event that is superseded: what
// is no "no" any more is offered, so that one confirmation starts it, unless the person has applied
// again meanwhile.
Result<void> CorrectRefusedFilings(Draft& draft, CitizenId citizen,
                                   const profile::EventKey& superseded);

inline constexpr std::string_view kRefusedFilingRecord = "refused_filing";

}  // namespace kstati::cases
