// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "profile/fact.h"
#include "recommender/inference/inferred_event.h"

namespace kstati::recommender::inference {

// An event that a registry told of later than on the day it happened: for a while nobody knew.
struct ToldEvent {
  EventKind kind = EventKind::kMoved;
  Date on;
  Date told;  // after `on`; the event is known on that day
  bool operator==(const ToldEvent&) const = default;
};

// What the person's record tells of such events, by day and kind: facts that say something else
// than was known before, of a person known by then to whom it could happen. What a registry took
// back never happened. Days are those of the time zone.
std::vector<ToldEvent> ToldEventsOf(const profile::History& history, const std::string& time_zone);

// Whether one of the kind happened within kWindowDays before the day and was not told by then.
bool HappenedUntold(const std::vector<ToldEvent>& events, EventKind kind, Date on);

}  // namespace kstati::recommender::inference
