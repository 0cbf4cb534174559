// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "eligibility/decision.h"
#include "graph/chain.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// What a household's profile says about one citizen and one "about": the arguments of a decision.
// Keeps alive what the decision points to.
struct Viewpoint {
  std::shared_ptr<const profile::Household> household;
  std::shared_ptr<const profile::FactView> about;  // null: the citizen alone
  std::optional<Date> event_date;

  eligibility::Subject subject() const { return {household.get(), about, event_date}; }
};

// The documents and payments the person (or whom the situation is about) has.
std::set<AttributeId> HeldBy(const Viewpoint& viewpoint, const profile::Dictionary& dictionary);

// The chain of a situation for one citizen, with the decision behind every step.
struct DecidedChain {
  graph::Chain chain;
  std::vector<eligibility::Decision> decisions;  // parallel to chain.steps
};

DecidedChain BuildDecidedChain(const World& world, const graph::Situation& situation,
                               const Viewpoint& viewpoint, Date start);

// Starts the legal clock of a case at `now`, or when the founding facts reached the state where the
// regulation counts from them. Past the last loaded calendar year there is no due date but a note.
void StartClock(const World& world, const eligibility::Decision& decision, Instant now, Case& c);

// A case that a situation gives reason for, not yet opened.
struct Proposal {
  Case c;
  std::string reason;
};

// What follows from one citizen's situation: for each service of the chain, and each service of the
// situation that its life event triggers, that the person is entitled to, a case is started
// (proactive-act with a standing consent), offered (prepared, one confirmation) or announced. A
// "no" or an undetermined decision gives none; conditions that no machine evaluates never start by
// themselves.
Result<std::vector<Proposal>> Propose(Draft& draft, const recommender::OpenSituation& situation);

// The same for the situations that stand open around the people whose facts the event reports: a
// fact that was missing may decide what was left undetermined.
Result<std::vector<Proposal>> ProposeAgain(Draft& draft, const profile::RegistryEvent& event);

// One service is given once: of proposals for the same service about the same person the furthest
// going stays (started, offered, announced), of equals the first; none for which anybody concerned
// has an open case, or had one from the same life event.
Result<std::vector<Proposal>> KeepOnePerService(Draft& draft, std::vector<Proposal> proposals);

// The open and past situations of a citizen, latest first.
Result<std::vector<recommender::OpenSituation>> LoadSituations(const World& world,
                                                               CitizenId citizen);

}  // namespace kstati::cases
