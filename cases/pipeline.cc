// SPDX-License-Identifier: Apache-2.0
#include "cases/pipeline.h"

#include <algorithm>

#include "base/log.h"
#include "cases/correcting.h"
#include "cases/deciding.h"
#include "cases/draft.h"
#include "cases/household_cases.h"
#include "cases/intake.h"
#include "cases/openings.h"
#include "cases/pre_check.h"
#include "cases/reconsidering.h"
#include "cases/regulation_entry.h"
#include "cases/results.h"
#include "cases/single_application.h"

namespace kstati::cases {
namespace {

using recommender::LifeEvent;
using recommender::OpenSituation;

Result<std::vector<LifeEvent>> FindLifeEvents(Draft& draft, const profile::RegistryEvent& event) {
  KSTATI_TRY(const bool known, draft.Knows(event.subject));
  if (!known) return std::vector<LifeEvent>();
  KSTATI_TRY(const profile::Household before, draft.HouseholdBefore(event.subject));
  KSTATI_TRY(const auto after, draft.HouseholdOf(event.subject));
  return recommender::DetectLifeEvents(event, before, *after, *draft.world().program);
}

Result<std::vector<OpenSituation>> FindSituations(Draft& draft, const LifeEvent& event) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(event.subject));
  return recommender::FindSituations(event, *household, draft.world().catalogue());
}

// Why nothing of a situation was considered.
void NoteNotConsidered(Draft& draft, const OpenSituation& situation, TriggerReason reason) {
  draft.Note(situation.citizen, SituationKey(situation),
             {draft.now(), situation.cause, ServiceId(), situation.about, reason, {}});
}

TriggerReason ReasonOf(const Case& c) {
  if (c.status == Status::kStarted) return TriggerReason::kStarted;
  return c.status == Status::kOffered ? TriggerReason::kOffered : TriggerReason::kAnnounced;
}

// What is offered to others yields to what starts; the applicant's own offer is what starts. Offers
// from earlier life events end in any case.
Result<void> TakeThePlaceOfOffers(Draft& draft, Proposal& proposal) {
  for (Case& offer : proposal.overtaken) {
    KSTATI_TRY_VOID(draft.Act(offer, Action::kAnnul, std::string(kLaterEvent)));
  }
  if (proposal.c.status != Status::kStarted) return {};
  for (Case& offer : proposal.instead_of) {
    if (offer.id != proposal.c.id) {
      KSTATI_TRY_VOID(draft.Act(offer, Action::kAnnul, "case.reason.started_for_household"));
      continue;
    }
    proposal.c.opened_at = offer.opened_at;
    proposal.c.history = std::move(offer.history);
    proposal.c.refused = std::move(offer.refused);
    proposal.c.refused_steps = offer.refused_steps;
  }
  return {};
}

Result<void> OpenAll(Draft& draft, std::vector<Proposal> proposals) {
  for (Proposal& proposal : proposals) {
    KSTATI_TRY_VOID(TakeThePlaceOfOffers(draft, proposal));
    const Case& c = proposal.c;
    if (!c.id.empty() && c.history.empty()) continue;  // an offer, as it is already
    draft.Note(c.citizen, proposal.situation_key,
               {draft.now(), c.cause, c.service, c.about, ReasonOf(c), {}});
    KSTATI_TRY(const Case opened, draft.Open(std::move(proposal.c), std::move(proposal.reason)));
    NoteRegulation(draft, opened, proposal.decision);
    if (!proposal.pre_checked || opened.status != Status::kStarted) continue;
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, opened));
    KSTATI_TRY_VOID(TakePreChecks(draft, viewpoint, opened));
  }
  return {};
}

// What follows from the event of the draft; see the picture in pipeline.h.
Result<void> Decide(Draft& draft, const profile::RegistryEvent& event, Outcome& outcome) {
  KSTATI_TRY_VOID(CloseByResults(draft, event));
  KSTATI_TRY(outcome.life_events, FindLifeEvents(draft, event));
  KSTATI_TRY_VOID(Correct(draft, event, outcome.life_events));
  KSTATI_TRY_VOID(EndForTheDead(draft, event));
  KSTATI_TRY_VOID(Reconsider(draft, event));
  KSTATI_TRY_VOID(ProceedAfter(draft, event));
  KSTATI_TRY_VOID(FollowApplications(draft, event));

  KSTATI_TRY(std::vector<Proposal> proposals, ProposeAgain(draft, event));
  for (const LifeEvent& life_event : outcome.life_events) {
    KSTATI_TRY(std::vector<Proposal> found, FollowLifeEvent(draft, life_event, outcome.situations));
    std::move(found.begin(), found.end(), std::back_inserter(proposals));
  }
  KSTATI_TRY(proposals, KeepOnePerService(draft, std::move(proposals)));
  KSTATI_TRY_VOID(OpenAll(draft, std::move(proposals)));
  outcome.cases = draft.changed_cases();
  return {};
}

// What was superseded before it came states nothing, and nothing follows from it but that what it
// supersedes in turn does not count.
Result<void> DecideOnSuperseded(Draft& draft, profile::RegistryEvent event, Outcome& outcome) {
  if (!event.supersedes) return {};
  event.type = EventTypeId(std::string(profile::kFactsOnly));
  event.facts.clear();
  event.relations.clear();
  event.implied_relations.clear();
  event.participants.clear();
  return Decide(draft, event, outcome);
}

bool LostRace(const Error& error) {
  return error.code == ErrorCode::kConflict && error.place != kContentConflict;
}

// One attempt to decide what follows from an event that everyone has.
Result<Outcome> DecideAfterwards(const World& world, const profile::SpreadEvent& spread) {
  Instant now = world.Now();
  for (const CitizenId citizen : profile::ConcernedBy(spread.event)) {
    const Result<profile::History> history = world.store->Load(citizen);
    // Recorded times may be ahead of a clock that jumped back.
    if (history) now.micros = std::max(now.micros, history->last_known_at.micros);
  }
  Draft draft(world, now);
  draft.Follow(spread.event);
  Outcome outcome;
  outcome.recorded_at = now;
  KSTATI_TRY_VOID(spread.superseded_on_arrival ? DecideOnSuperseded(draft, spread.event, outcome)
                                               : Decide(draft, spread.event, outcome));
  KSTATI_TRY_VOID(draft.Commit());
  return outcome;
}

// Follows an event that was taken, and lets it go.
Result<Outcome> FollowTaken(const World& world, const profile::EventPlace& place) {
  const auto follow = [&]() -> Result<Outcome> {
    KSTATI_TRY(const std::optional<profile::SpreadEvent> spread,
               world.store->Deliver(place, world.Now()));
    if (!spread) return Outcome{};
    return Repeat(world, [&] { return DecideAfterwards(world, *spread); }, LostRace);
  };
  Result<Outcome> outcome = follow();
  if (!outcome) world.store->LetGo(place);
  return outcome;
}

// Records an event about several partitions. It is acknowledged also when a partition that it
// reports to is down.
Result<Outcome> RecordSpread(const World& world, const profile::RegistryEvent& event) {
  Draft draft(world, world.Now());
  draft.RecordSpread(event);
  KSTATI_TRY_VOID(CheckKnownCitizens(draft, event));
  KSTATI_TRY_VOID(draft.Commit());
  Result<Outcome> outcome = FollowTaken(world, {event.subject, event.key});
  if (outcome) return outcome;
  log::Failure("event_under_way", {{"code", std::string(KindOf(outcome.error().code).name)}});
  Outcome recorded;
  recorded.under_way = true;
  recorded.recorded_at = draft.now();
  return recorded;
}

// The flow, once.
Result<Outcome> Attempt(const World& world, const profile::RegistryEvent& event) {
  Outcome outcome;
  KSTATI_TRY(outcome.repeated, IsRepeated(world, event));
  if (outcome.repeated) return outcome;
  KSTATI_TRY_VOID(CheckSubjectOfSuperseded(world, event));

  Draft draft(world, world.Now());
  draft.Record(event);
  if (draft.IsSpread()) return RecordSpread(world, event);
  KSTATI_TRY_VOID(CheckKnownCitizens(draft, event));
  outcome.recorded_at = draft.now();
  KSTATI_TRY(const bool superseded,
             world.store->IsSupersededBeforeArrival(event.subject, event.key));
  KSTATI_TRY_VOID(superseded ? DecideOnSuperseded(draft, event, outcome)
                             : Decide(draft, event, outcome));
  if (draft.IsSpread()) return RecordSpread(world, event);
  KSTATI_TRY_VOID(draft.Commit());
  return outcome;
}

}  // namespace

Result<std::vector<Proposal>> FollowLifeEvent(Draft& draft, const LifeEvent& event,
                                              std::vector<OpenSituation>& opened) {
  std::vector<Proposal> proposals;
  KSTATI_TRY(const std::vector<OpenSituation> situations, FindSituations(draft, event));
  for (const OpenSituation& situation : situations) {
    KSTATI_TRY(const bool known, draft.Knows(situation.citizen));
    if (!known) continue;
    if (event.inferred) {  // a guess may lead to suggestions, never to a case
      NoteNotConsidered(draft, situation, TriggerReason::kInferred);
      continue;
    }
    draft.PutRecord(situation.citizen, kSituationRecord, SituationKey(situation),
                    recommender::Encode(situation));
    opened.push_back(situation);
    if (!situation.IsOpenOn(draft.today())) {
      draft.Enter(situation.citizen, profile::ledger::EntryKind::kMessageSuppressed,
                  {{"situation", situation.situation.text()}, {"why", "too_late"}});
      NoteNotConsidered(draft, situation, TriggerReason::kTooLate);
      continue;
    }
    KSTATI_TRY(std::vector<Proposal> found, Propose(draft, situation));
    std::move(found.begin(), found.end(), std::back_inserter(proposals));
  }
  return proposals;
}

Result<Outcome> ProcessRegistryEvent(const World& world, const profile::RegistryEvent& event) {
  if (Result<void> valid = CheckEvent(world, event); !valid) {
    return Fail(AtPlace(std::move(valid).error(), "event " + event.key.ToString()));
  }
  return ProcessCheckedEvent(world, event);
}

Result<Outcome> ProcessCheckedEvent(const World& world, profile::RegistryEvent event) {
  ImplyRelations(world, event);
  Result<Outcome> outcome = Repeat(world, [&] { return Attempt(world, event); }, LostRace);
  if (!outcome) return Fail(AtPlace(outcome.error(), "event " + event.key.ToString()));
  return outcome;
}

size_t FollowEvents(const World& world) {
  size_t left = 0;
  if (const Result<void> caught_up = world.store->CatchUp(world.Now()); !caught_up) {
    log::Failure("catching_up", {{"code", std::string(KindOf(caught_up.error().code).name)}});
  }
  for (const profile::EventPlace& place : world.store->NotFollowed()) {
    if (!world.store->Take(place)) continue;
    const Result<Outcome> outcome = FollowTaken(world, place);
    if (outcome) continue;
    ++left;
    log::Failure("event_under_way", {{"code", std::string(KindOf(outcome.error().code).name)}});
  }
  return left;
}

}  // namespace kstati::cases
