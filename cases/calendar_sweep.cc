// SPDX-License-Identifier: Apache-2.0
#include "cases/draft.h"
#include "cases/pipeline.h"

namespace kstati::cases {
namespace {

// A life event found by the calendar, as an event that can be recorded and deduplicated.
profile::RegistryEvent AsRegistryEvent(const recommender::LifeEvent& life_event) {
  profile::RegistryEvent event;
  event.key = life_event.cause;
  event.type = life_event.type;
  event.subject = life_event.subject;
  event.occurred_on = life_event.on;
  event.participants = life_event.participants;
  return event;
}

Result<size_t> SweepCitizen(const World& world, CitizenId citizen, Date on) {
  Draft draft(world, world.Now());
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  size_t found = 0;
  for (const recommender::LifeEvent& life_event :
       recommender::DetectByDate(*household, on, *world.program)) {
    KSTATI_TRY_VOID(ProcessCheckedEvent(world, AsRegistryEvent(life_event)));
    ++found;
  }
  return found;
}

}  // namespace

Result<size_t> SweepCalendar(const World& world, Date on) {
  size_t found = 0;
  Result<void> swept;
  KSTATI_TRY_VOID(world.store->ForEachCitizen(CitizenId(0), [&](CitizenId citizen) {
    Result<size_t> of_citizen = SweepCitizen(world, citizen, on);
    if (!of_citizen) {
      swept = Fail(std::move(of_citizen).error());
      return false;
    }
    found += *of_citizen;
    return true;
  }));
  if (!swept) return Fail(swept.error());
  return found;
}

}  // namespace kstati::cases
