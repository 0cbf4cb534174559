// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/decided_chain.h"

namespace kstati::cases {

// The chains from all viewpoints together, of whose steps no two exclude each other.
struct CompatibleChain {
  DecidedChain chain;  // on no days yet
  LeftOut left_out;
  bool proven = true;  // no other choice of what to leave out is better
};

// Gives up what graph::FindCompatible says, by the sums that the law states over a year, then by
// priority; the chain is proven only when that is.
CompatibleChain BuildCompatibleChain(const World& world, const graph::Situation& situation,
                                     const Viewpoint& own, Date start, const SoFar& so_far);

// What the person may not have beside payments that they get, of all that a chain of the situation
// may have.
LeftOut ExcludedByReceived(const World& world, const graph::Situation& situation,
                           const Viewpoint& own, Date start);

// Whether the law gives all of these together.
bool GoTogether(const World& world, const std::vector<const eligibility::Decision*>& decisions);

// Adds to `left_out` steps of the chain so that the rest of it excludes nothing; none of those that
// `kept` has, whose steps exclude nothing. False: there are none.
bool LeaveOutBeside(const World& world, const DecidedChain& chain, const DecidedChain& kept,
                    LeftOut& left_out);

// Tells in the chain what was left out for its steps or for what the person gets, and forgets goals
// that are out of reach only since a service was left out.
void TellLeftOut(const World& world, const LeftOut& left_out, Date start, DecidedChain& chain);

}  // namespace kstati::cases
