// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/decided_chain.h"

namespace kstati::cases {

// Puts the steps of a whole chain on days on which one person can do them, with at most one trip a
// day, and in order of start, with the fees of those days; fills in the schedule and the last safe
// start. A right that has to be claimed some time after the event begins in that time, as far as
// can be. What is under way in `so_far` needs no trip, costs nothing and waits for nobody.
void PutOnDays(const World& world, const graph::Situation& situation, const Viewpoint& own,
               Date start, const SoFar& so_far, DecidedChain& whole);

}  // namespace kstati::cases
