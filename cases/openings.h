// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/data_needs.h"
#include "cases/decided_chain.h"
#include "cases/draft.h"
#include "eligibility/decision.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// Starts the legal clock of a case at `begin`, by the calendar that is kept for the service where
// the applicant lives; it stays the case's wherever the person moves. Past the last loaded calendar
// year there is no due date but a note.
void StartClock(const World& world, const eligibility::Decision& decision,
                const Viewpoint& viewpoint, Instant begin, Case& c);

// What a citizen's consents are asked with.
struct ConsentsAtHand {
  const std::vector<profile::Consent>& consents;
  bool represented;  // the law gives the citizen a representative
  SituationId situation;
};

// A consent on which a service may go as far as it was asked, and the categories of data that it is
// then decided on.
struct Allowed {
  ConsentId consent;
  Categories categories;
};

// The first consent that lets the state go as far as `mode` with the decided service; nullopt: none
// does. One that names categories allows what can be decided on data of these categories alone.
std::optional<Allowed> FindAllowed(Draft& draft, const eligibility::Decision& decision,
                                   const Viewpoint& viewpoint, const ConsentsAtHand& at_hand,
                                   profile::ConsentMode mode);

// Whether nothing new would come of it. A service that takes what it gives replaces it (a passport
// at 45).
bool HasAllOutputs(const graph::Regulation& regulation, const std::set<AttributeId>& held);

// For whom a service is given once: whom it is about, or each applicant where a death gives
// everybody a right of their own, as to a survivor's pension. A burial is the deceased's.
CitizenId ReceiverOf(const Draft& draft, const Case& c);

// A case that a situation gives reason for, not yet opened.
struct Proposal {
  Case c;
  std::string reason;
  std::string situation_key;
  eligibility::Decision decision;  // behind it
  bool pre_checked = false;        // the applicant has pre-checks; one may bind
  Date occurred_on = {};           // the life event of the situation
  // Offers that it takes the place of when it starts; the applicant's own goes on.
  std::vector<Case> instead_of = {};
  // Offers from earlier life events, which end when it is opened.
  std::vector<Case> overtaken = {};
};

// Why an offer ended when a later life event gave reason for the same.
inline constexpr std::string_view kLaterEvent = "case.reason.later_event";

// What follows from one citizen's situation: for each service of the chain, and each service of the
// situation that its life event triggers, that the person is entitled to, a case is started
// (proactive-act with a standing consent), offered (prepared, one confirmation) or announced. A
// "no" or an undetermined decision gives none; conditions that no machine evaluates never start by
// themselves.
Result<std::vector<Proposal>> Propose(Draft& draft, const recommender::OpenSituation& situation);

// The same for the situations that stand open around the people whom the event's facts and
// relations name, as far as one of these facts matters there: one that was missing may decide what
// was undetermined. Also around what ended since its applicant died by the event.
Result<std::vector<Proposal>> ProposeAgain(Draft& draft, const profile::RegistryEvent& event);

// One service is given once, but for what a death gives each applicant for themself: of proposals
// for the same service about the same person the furthest going stays (started, offered,
// announced), of equals the first; none for which anybody concerned has an open case, or had one
// from the same life event; none that the law does not give beside others
// (cases/exclusive_openings.h), and none that starts what waits for its turn in an application of
// the person (cases/single_application.h). An offer that nobody has confirmed keeps nothing away:
// what starts by itself takes its place, and so does what a later life event gives reason for.
Result<std::vector<Proposal>> KeepOnePerService(Draft& draft, std::vector<Proposal> proposals);

// The day of the life event behind a case, or on which it was opened.
Result<Date> DayBehind(Draft& draft, const Case& c);

// The open and past situations of a citizen, latest first.
Result<std::vector<recommender::OpenSituation>> LoadSituations(const World& world,
                                                               CitizenId citizen);
// The same without those that the draft removes.
Result<std::vector<recommender::OpenSituation>> SituationsIn(Draft& draft, CitizenId citizen);
// The id under which a situation is kept with its citizen.
std::string SituationKey(const recommender::OpenSituation& situation);

}  // namespace kstati::cases
