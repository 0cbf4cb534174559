// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/world.h"
#include "eligibility/decision.h"
#include "graph/chain.h"
#include "graph/schedule/schedule.h"
#include "recommender/suggest.h"
#include "recommender/yielding.h"

namespace kstati::cases {

// What a household's profile says about one citizen and one "about": the arguments of a decision.
// Keeps alive what the decision points to.
struct Viewpoint {
  std::shared_ptr<const profile::Household> household;
  std::shared_ptr<const profile::FactView> about;  // null: the citizen alone
  std::optional<Date> event_date;
  // The day of the event that opened the situation in question; absent: it is not open.
  std::optional<Date> opened_on = {};

  eligibility::Subject subject() const { return {household.get(), about, event_date}; }
};

// Whom it is about: the citizen alone, or somebody else.
inline CitizenId AboutIn(const Viewpoint& viewpoint) {
  return viewpoint.about ? viewpoint.about->citizen() : viewpoint.household->person->citizen();
}

// From where a situation is seen: `own`, and when the situation is about the person alone also from
// each living child and ward, since it may name services about them.
std::vector<Viewpoint> ViewpointsOf(const graph::Situation& situation, const Viewpoint& own);

// Whether the service is for whomever the viewpoint is about: nothing about a child or a deceased
// where nobody is in that role, nothing that would give the person what somebody else lacks, and
// none of another region than the person is known to live in.
bool Fits(const graph::Service& service, const graph::Situation& situation,
          const Viewpoint& viewpoint, const World& world, Date on);

// Where the applicant lives, whose fees, figures and calendars count; empty when it is not known.
std::string RegionOf(const World& world, const Viewpoint& viewpoint);

// The documents and payments the person (or whom the situation is about) has.
std::set<AttributeId> HeldBy(const Viewpoint& viewpoint, const profile::Dictionary& dictionary);

// The last day of each that expires.
std::map<AttributeId, Date> ExpiriesOf(const Viewpoint& viewpoint,
                                       const profile::Dictionary& dictionary);

// The documents and payments that they had, and that have ended.
std::set<AttributeId> EndedFor(const Viewpoint& viewpoint, const profile::Dictionary& dictionary);

// Goals of which the person needs a new one: those that the situation renews. What was given since
// its event or, where it is not open, within the time that it lasts, is new.
std::set<AttributeId> RenewedIn(const graph::Situation& situation, const Viewpoint& viewpoint,
                                const profile::Dictionary& dictionary, Date on);

// What they have and need no new one of.
std::set<AttributeId> HeldForGood(const graph::Situation& situation, const Viewpoint& viewpoint,
                                  const profile::Dictionary& dictionary, Date on);

// A step that was applied for, the result of which should have been there.
struct Overdue {
  size_t step = 0;
  Date due;
};

// A chain of a situation for one citizen, with the decision behind every step.
struct DecidedChain {
  graph::Chain chain;
  std::vector<eligibility::Decision> decisions;  // parallel to chain.steps
  // Of a whole chain: its steps are the tasks.
  graph::schedule::Schedule schedule;
  std::optional<graph::schedule::SafeStart> last_safe_start;  // by cases/chain_days.h
  std::vector<Overdue> overdue;                               // by cases/chain_days.h
  // Of a whole chain: services that are no steps since steps exclude them.
  std::vector<recommender::Yielding> yielding;
};

// What a chain is built without, since the law does not give it beside other steps.
struct LeftOut {
  std::set<recommender::ServiceAbout> services;
  std::vector<eligibility::Decision> decisions;  // as they were when they were left out
  // Behind payments that the person gets: what they exclude is left out.
  std::vector<eligibility::Decision> received = {};
};

// An application that was made and has no result yet.
struct UnderWay {
  Date since;
  std::optional<Date> due;  // absent: nobody knows
};

// What a chain goes on from.
struct SoFar {
  // Steps that the person was told of: others only where these do not lead to the goals, and as few
  // as possible. Absent: nothing was told.
  std::optional<std::set<recommender::ServiceAbout>> told;
  std::map<recommender::ServiceAbout, UnderWay> under_way;
  // Through which the person can apply; empty: all.
  std::set<std::string> channels = {};
};

// The chain from one viewpoint. What is under way asks for nothing more, and for what is left of
// its term.
DecidedChain BuildDecidedChain(const World& world, const graph::Situation& situation,
                               const Viewpoint& viewpoint, Date start, const SoFar& so_far = {},
                               const LeftOut& left_out = {});

// Chains of all viewpoints in one, the first of which is the citizen's own: each step once for each
// person it is about; a goal counts as reached when one chain reaches it. Burdens are the sums of
// those of the chains, so that a step of several counts in each; proven when all of them are. What
// comes after a step of somebody else is behind it.
DecidedChain Together(std::vector<DecidedChain> parts);

// The chains from all viewpoints together, on days on which one person can do them. No two steps
// exclude each other: those stay that are worth most together (graph::FindCompatible), and it is
// proven when no other choice of them is better. A chain in which a document lapses is never
// proven. A step that is under way costs nothing more, began when it was
// applied for and is done on its due date.
DecidedChain BuildWholeChain(const World& world, const graph::Situation& situation,
                             const Viewpoint& own, Date start, const SoFar& so_far = {});

}  // namespace kstati::cases
