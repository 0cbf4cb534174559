// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cases/world.h"
#include "recommender/past.h"
#include "recommender/suggest.h"

namespace kstati::cases {

class Draft;

// What the person did with services: a record for each service and whom it was about.
inline constexpr std::string_view kDealingRecord = "dealing";
std::string DealingId(const recommender::Dealing& dealing);

// What earlier versions kept of a decline among suggestions: by service, the day.
inline constexpr std::string_view kTurnedDownRecord = "turned_down";

Result<recommender::Past> PastOf(const profile::Store& store, CitizenId citizen);

// What the person turned down, and when last; about number 0: about whomever.
Result<std::map<recommender::ServiceAbout, Date>> TurnedDownBy(const World& world,
                                                               CitizenId citizen,
                                                               const recommender::Past& past);

// Whether the person turned the service down about this person, or about whomever, from `since` on.
Result<bool> DeclinedSince(const profile::Store& store, CitizenId citizen, const ServiceId& service,
                           CitizenId about, Instant since);

// The person took the service up: kept with what is known of the person, and among the feedback.
Result<void> NoteAccepted(Draft& draft, CitizenId citizen, const ServiceId& service,
                          CitizenId about);

// Adds to what is kept, at the draft's moment.
Result<void> NoteTaken(Draft& draft, CitizenId citizen, const ServiceId& service, CitizenId about);
Result<void> NoteDeclined(Draft& draft, CitizenId citizen, const ServiceId& service,
                          CitizenId about);

}  // namespace kstati::cases
