// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cases/world.h"
#include "profile/store.h"

namespace kstati::cases {

// A part of a sweep.
struct SweptCitizens {
  size_t life_events = 0;
  std::vector<std::pair<CitizenId, Error>> failed;  // who could not be swept, and why
  std::optional<CitizenId> next_after;              // where to go on; nullopt: nobody is left
};

// Finds the life events that the calendar brings on `days` to the next `citizens_max` citizens of
// the partition after `after`, and processes them as events of the source "kstati.calendar". One
// who fails keeps nobody else. Repeating changes nothing. `days` has an end.
Result<SweptCitizens> SweepCitizens(const World& world, size_t partition, DateInterval days,
                                    CitizenId after, size_t citizens_max);

// The last day up to which the calendar was swept for everybody; nullopt: never.
Result<std::optional<Date>> SweptThrough(const profile::Store& store);
// Everything up to `day` counts as swept.
void PutSweptThrough(profile::Transaction& transaction, Date day);

enum class SweepState { kNothingDue, kUnderWay, kFinished };

// Sweeps every day once, in each partition by itself: the store keeps how far it came for
// everybody, so that days on which nothing ran are made up for later. A store never swept begins
// with today; a day so long ago that every situation it could open has run out is left out. Who
// could not be swept (the data do not open, or a relative's partition is down) is set aside and
// tried again once in a minute; until then the store keeps that the day is not over, so that a new
// start tries everybody again. Not thread-safe.
class CalendarSweep {
 public:
  // `world` outlives the sweep.
  explicit CalendarSweep(const World& world) : world_(world) {}

  // Takes the next `citizens_max` citizens of each partition through all days that are due there.
  // An error leaves the partition where it was, and is returned when nothing else is under way.
  Result<SweepState> Step(size_t citizens_max);

  // Of the sweep under way, or the last one.
  size_t life_events() const { return life_events_; }
  // How many are to be tried again.
  size_t set_aside() const;

 private:
  struct Partition {
    std::optional<Date> swept;            // through this day, but for whom is set aside
    std::optional<DateInterval> days;     // of the sweep under way
    CitizenId after;                      // of the sweep under way
    std::map<CitizenId, Date> set_aside;  // and the first day not swept
    Instant tried_at;                     // those
  };

  Result<void> Begin();
  void BeginIn(Partition& partition) const;
  Result<SweepState> StepIn(size_t number, size_t citizens_max);
  void PutAside(Partition& partition, Date since,
                const std::vector<std::pair<CitizenId, Error>>& failed);
  void TryAgain(Partition& partition);
  Result<void> NoteProgress();

  const World& world_;
  std::vector<Partition> partitions_;  // empty: the mark was not read yet
  std::optional<Date> marked_;         // what the store keeps
  size_t life_events_ = 0;
};

}  // namespace kstati::cases
