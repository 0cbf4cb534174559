// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "eligibility/program.h"
#include "graph/catalogue.h"
#include "profile/fact.h"
#include "profile/household.h"
#include "profile/registry_event.h"

namespace kstati::recommender {

// Something that happened in a person's life, as the catalogue defines it.
struct LifeEvent {
  EventTypeId type;
  Date on;
  CitizenId subject;
  std::map<std::string, std::vector<CitizenId>> participants;  // role -> citizens
  profile::EventKey cause;
  bool inferred =
      false;  // guessed by a model: may only lead to suggestions, never to a case or a refusal
};

// Whether a registry has reported the person's death.
bool IsKnownDead(const profile::FactView& person);

// Life events that one registry event announces: by its type, by a fact that it turns, derived
// attributes that become true with it, and what the calendar would have brought on a day that is
// here or over when it becomes known (with the cause that DetectByDate gives it), as long as a
// situation is open for it. `before` and `after` are the subject's households without and with the
// event
// (`before.person` is null when the event made the profile).
// Only a real change counts: what was unknown before and is known now did not happen today, so a
// first report of an old state announces nothing, unless the attribute's registry is complete (no
// record was "no"). A change is what the facts say of the days, in whatever order they were told:
// it is found when the half that was missing is told, and when what hid it, or told of it, is taken
// back. An annulment (it supersedes and states nothing) announces nothing else; a correction
// announces its type again. A life event found by a change happens on the day of the change.
std::vector<LifeEvent> DetectLifeEvents(const profile::RegistryEvent& event,
                                        const profile::Household& before,
                                        const profile::Household& after,
                                        const eligibility::Program& program);

// Life events that the calendar brings to one living citizen on `on` (turns 14) or that become
// derivable that day (reaches the pension age), with cause ("kstati.calendar",
// "<type>.<date>.<digest of citizen>"). Other days than the household's own are read from its
// histories.
std::vector<LifeEvent> DetectByDate(const profile::Household& household, Date on,
                                    const eligibility::Program& program);

// The registry name under which events found by the calendar are recorded.
inline constexpr std::string_view kCalendarSource = "kstati.calendar";

// A life situation of one citizen.
struct OpenSituation {
  SituationId situation;
  CitizenId citizen;
  CitizenId about;  // the child, the deceased, or the citizen
  EventTypeId life_event;
  Date occurred_on;
  Date open_until;
  profile::EventKey cause;

  bool IsOpenOn(Date date) const { return occurred_on <= date && date <= open_until; }
};

// Whose situations a life event opens: the situation's concerned roles, and relatives of the
// subject by `subject_household` (the subject's). Where the situation names nobody whom this event
// knows, the event type's `concerns_relatives` stand in. A deceased person is never concerned. Each
// (situation, citizen, about) once; a situation whose time has already run out is returned too (see
// IsOpenOn).
std::vector<OpenSituation> FindSituations(const LifeEvent& event,
                                          const profile::Household& subject_household,
                                          const graph::Catalogue& catalogue);

// Stored form of an open situation (a record of kind "situation" with the citizen).
std::string Encode(const OpenSituation& situation);
Result<OpenSituation> DecodeSituation(std::string_view bytes);

}  // namespace kstati::recommender
