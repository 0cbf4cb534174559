// SPDX-License-Identifier: Apache-2.0
#include "cases/reading.h"

#include <utility>

#include "cases/openings.h"
#include "cases/past.h"

namespace kstati::cases {
namespace {

using recommender::OpenSituation;

std::optional<Date> EventDate(const std::vector<OpenSituation>& situations, CitizenId about) {
  for (const OpenSituation& situation : situations) {
    if (situation.about == about) return situation.occurred_on;
  }
  return std::nullopt;
}

}  // namespace

Result<const graph::Situation*> RequireSituation(const World& world, const SituationId& id) {
  if (const graph::Situation* situation = world.catalogue().FindSituation(id)) return situation;
  return Fail(ErrorCode::kNotFound, "there is no life situation " + id.text(), "situation",
              "the call `catalogueSituations` lists them");
}

void Tell(const Draft& draft, std::vector<CitizenId>* read) {
  if (read != nullptr) *read = draft.Read();
}

Draft DraftAt(const World& world, const LookAt& as_of) {
  return as_of ? Draft(world, *as_of) : Draft(world, world.Now());
}

Result<Reading> Read(Draft& draft, CitizenId citizen, const LookAt& as_of) {
  Reading reading;
  KSTATI_TRY(reading.household, draft.HouseholdOf(citizen));
  KSTATI_TRY(reading.situations, LoadSituations(draft.world(), citizen));
  if (as_of) {
    KSTATI_TRY(reading.situations,
               KnownSituations(*draft.world().store, *as_of, std::move(reading.situations)));
  }
  return reading;
}

Result<Viewpoint> ViewpointOf(Draft& draft, const Reading& reading, CitizenId about) {
  Viewpoint viewpoint;
  viewpoint.household = reading.household;
  if (about != reading.household->person->citizen()) {
    viewpoint.about = reading.household->Find(about);
    if (!viewpoint.about) {
      KSTATI_TRY(const auto other, draft.HouseholdOf(about));
      viewpoint.about = other->person;
    }
  }
  viewpoint.event_date = EventDate(reading.situations, about);
  return viewpoint;
}

}  // namespace kstati::cases
