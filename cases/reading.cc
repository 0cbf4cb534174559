// SPDX-License-Identifier: Apache-2.0
#include "cases/reading.h"

#include <algorithm>
#include <utility>

#include "cases/openings.h"
#include "cases/past.h"

namespace kstati::cases {
namespace {

using recommender::OpenSituation;

bool IsMeantFor(const graph::Regulation& regulation, const EventTypeId& event) {
  const auto& triggers = regulation.triggers;
  const bool triggered = std::ranges::find(triggers, event) != triggers.end();
  return triggered || (regulation.apply_within && regulation.apply_within->event == event);
}

bool IsNamedIn(const World& world, const SituationId& id, const ServiceId& service) {
  const graph::Situation* situation = world.catalogue().FindSituation(id);
  return situation != nullptr &&
         std::ranges::find(situation->services, service) != situation->services.end();
}

std::optional<Date> EventDate(const World& world, const graph::Service* service,
                              const std::vector<OpenSituation>& situations, CitizenId about,
                              Date on) {
  if (service != nullptr) {
    const OpenSituation* found = SituationFor(world, *service, situations, about, on);
    return found == nullptr ? std::nullopt : std::optional(found->occurred_on);
  }
  const auto latest = std::ranges::find(situations, about, &OpenSituation::about);
  return latest == situations.end() ? std::nullopt : std::optional(latest->occurred_on);
}

}  // namespace

const OpenSituation* SituationFor(const World& world, const graph::Service& service,
                                  const std::vector<OpenSituation>& situations, CitizenId about,
                                  Date on) {
  const graph::Regulation* regulation = service.RegulationOn(on);
  if (regulation == nullptr) return nullptr;
  const OpenSituation* named = nullptr;
  for (const OpenSituation& situation : situations) {
    const bool same = situation.about == about;
    const bool fits = same || service.about == graph::About::kPerson;
    if (fits && IsMeantFor(*regulation, situation.life_event)) return &situation;
    const bool names = same && IsNamedIn(world, situation.situation, service.id);
    if (named == nullptr && names) named = &situation;
  }
  return named;
}

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

Result<Viewpoint> ViewpointOf(Draft& draft, const Reading& reading, CitizenId about,
                              const graph::Service* service) {
  Viewpoint viewpoint;
  viewpoint.household = reading.household;
  if (about != reading.household->person->citizen()) {
    viewpoint.about = reading.household->Find(about);
    if (!viewpoint.about) {
      KSTATI_TRY(const auto other, draft.HouseholdOf(about));
      viewpoint.about = other->person;
    }
  }
  viewpoint.event_date =
      EventDate(draft.world(), service, reading.situations, about, draft.today());
  return viewpoint;
}

}  // namespace kstati::cases
