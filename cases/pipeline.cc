// SPDX-License-Identifier: Apache-2.0
#include "cases/pipeline.h"

#include <algorithm>

#include "cases/draft.h"
#include "cases/intake.h"
#include "cases/openings.h"
#include "cases/results.h"

namespace kstati::cases {
namespace {

using recommender::LifeEvent;
using recommender::OpenSituation;

Result<std::vector<LifeEvent>> FindLifeEvents(Draft& draft, const profile::RegistryEvent& event) {
  KSTATI_TRY(const profile::Household before, draft.HouseholdBefore(event.subject));
  KSTATI_TRY(const auto after, draft.HouseholdOf(event.subject));
  return recommender::DetectLifeEvents(event, before, *after, *draft.world().program);
}

Result<std::vector<OpenSituation>> FindSituations(Draft& draft, const LifeEvent& event) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(event.subject));
  return recommender::FindSituations(event, *household, draft.world().catalogue());
}

std::string SituationKey(const OpenSituation& situation) {
  return situation.situation.text() + "." + situation.about.ToString() + "." +
         situation.occurred_on.ToString();
}

// The flow, once; see the picture in pipeline.h.
Result<Outcome> Attempt(const World& world, const profile::RegistryEvent& event) {
  Draft draft(world, world.Now());
  Outcome outcome;
  KSTATI_TRY(outcome.repeated, IsRepeated(world, event));
  if (outcome.repeated) return outcome;

  KSTATI_TRY_VOID(CheckKnownCitizens(draft, event));
  draft.Record(event);
  KSTATI_TRY(const bool superseded,
             world.store->IsSupersededBeforeArrival(event.subject, event.key));
  if (superseded) {  // kept, but it never counted: nothing follows from it
    outcome.recorded_at = draft.now();
    KSTATI_TRY_VOID(draft.Commit());
    return outcome;
  }
  KSTATI_TRY_VOID(CloseByResults(draft, event));

  KSTATI_TRY(std::vector<Proposal> proposals, ProposeAgain(draft, event));
  KSTATI_TRY(outcome.life_events, FindLifeEvents(draft, event));
  for (const LifeEvent& life_event : outcome.life_events) {
    if (life_event.inferred) continue;  // a guess may lead to suggestions, never to a case
    KSTATI_TRY(const std::vector<OpenSituation> situations, FindSituations(draft, life_event));
    for (const OpenSituation& situation : situations) {
      draft.PutRecord(situation.citizen, kSituationRecord, SituationKey(situation),
                      recommender::Encode(situation));
      outcome.situations.push_back(situation);
      if (!situation.IsOpenOn(draft.today())) {
        draft.Enter(situation.citizen, profile::ledger::EntryKind::kMessageSuppressed,
                    {{"situation", situation.situation.text()}, {"why", "too_late"}});
        continue;
      }
      KSTATI_TRY(std::vector<Proposal> found, Propose(draft, situation));
      std::move(found.begin(), found.end(), std::back_inserter(proposals));
    }
  }
  KSTATI_TRY(proposals, KeepOnePerService(draft, std::move(proposals)));
  for (Proposal& proposal : proposals) {
    KSTATI_TRY_VOID(draft.Open(std::move(proposal.c), std::move(proposal.reason)));
  }
  outcome.cases = draft.changed_cases();
  outcome.recorded_at = draft.now();
  KSTATI_TRY_VOID(draft.Commit());
  return outcome;
}

}  // namespace

Result<Outcome> ProcessRegistryEvent(const World& world, const profile::RegistryEvent& event) {
  if (Result<void> valid = CheckEvent(world, event); !valid) {
    return Fail(AtPlace(std::move(valid).error(), "event " + event.key.ToString()));
  }
  return ProcessCheckedEvent(world, event);
}

Result<Outcome> ProcessCheckedEvent(const World& world, profile::RegistryEvent event) {
  ImplyRelations(world, event);
  const auto lost_race = [](const Error& error) {
    return error.code == ErrorCode::kConflict && error.place != kContentConflict;
  };
  Result<Outcome> outcome = Repeat(world, [&] { return Attempt(world, event); }, lost_race);
  if (!outcome) return Fail(AtPlace(outcome.error(), "event " + event.key.ToString()));
  return outcome;
}

}  // namespace kstati::cases
