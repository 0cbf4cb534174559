// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "cases/world.h"
#include "eligibility/decision.h"
#include "graph/chain.h"

namespace kstati::cases {

// What a household's profile says about one citizen and one "about": the arguments of a decision.
// Keeps alive what the decision points to.
struct Viewpoint {
  std::shared_ptr<const profile::Household> household;
  std::shared_ptr<const profile::FactView> about;  // null: the citizen alone
  std::optional<Date> event_date;

  eligibility::Subject subject() const { return {household.get(), about, event_date}; }
};

// From where a situation is seen: `own`, and when the situation is about the person alone also from
// each living child and ward, since it may name services about them.
std::vector<Viewpoint> ViewpointsOf(const graph::Situation& situation, const Viewpoint& own);

// Whether the service is for whomever the viewpoint is about: nothing about a child or a deceased
// where nobody is in that role, and nothing that would give the person what somebody else lacks.
bool Fits(const graph::Service& service, const graph::Situation& situation,
          const Viewpoint& viewpoint, const World& world, Date on);

// The documents and payments the person (or whom the situation is about) has.
std::set<AttributeId> HeldBy(const Viewpoint& viewpoint, const profile::Dictionary& dictionary);

// A chain of a situation for one citizen, with the decision behind every step.
struct DecidedChain {
  graph::Chain chain;
  std::vector<eligibility::Decision> decisions;  // parallel to chain.steps
};

// The chain from one viewpoint.
DecidedChain BuildDecidedChain(const World& world, const graph::Situation& situation,
                               const Viewpoint& viewpoint, Date start);

// The chains from all viewpoints in one: each step once for each person it is about, in order of
// start; a goal counts as reached when one chain reaches it. Burdens are the sums of those of the
// chains, so that a step of several counts in each; proven when all of them are.
DecidedChain BuildWholeChain(const World& world, const graph::Situation& situation,
                             const Viewpoint& own, Date start);

}  // namespace kstati::cases
