// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.h"
#include "cases/world.h"
#include "profile/store.h"

namespace kstati::cases {

// A part of a sweep.
struct SweptCitizens {
  size_t life_events = 0;
  std::optional<CitizenId> next_after;  // where to go on; nullopt: nobody is left
};

// Finds the life events that the calendar brings on `days` to the next `citizens_max` citizens
// after `after`, and processes them as events of the source "kstati.calendar". Repeating changes
// nothing. `days` has an end.
Result<SweptCitizens> SweepCitizens(const World& world, DateInterval days, CitizenId after,
                                    size_t citizens_max);

// The last day up to which the calendar was swept for everybody; nullopt: never.
Result<std::optional<Date>> SweptThrough(const profile::Store& store);
// Everything up to `day` counts as swept.
void PutSweptThrough(profile::Transaction& transaction, Date day);

enum class SweepState { kNothingDue, kUnderWay, kFinished };

// Sweeps every day once: the store keeps how far it came, so that days on which nothing ran are
// made up for later. A store never swept begins with today; a day so long ago that every situation
// it could open has run out is left out. Not thread-safe.
class CalendarSweep {
 public:
  // `world` outlives the sweep.
  explicit CalendarSweep(const World& world) : world_(world) {}

  // Takes the next `citizens_max` citizens through all days that are due. An error leaves the sweep
  // where it was: the next step tries the same citizens again.
  Result<SweepState> Step(size_t citizens_max);

  // Of the sweep under way, or the last one.
  size_t life_events() const { return life_events_; }

 private:
  Result<void> Begin();

  const World& world_;
  std::optional<Date> swept_;         // through this day; nullopt: not read yet, or never
  std::optional<DateInterval> days_;  // of the sweep under way
  CitizenId after_;
  size_t life_events_ = 0;
};

}  // namespace kstati::cases
