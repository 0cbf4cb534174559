// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cases/decided_chain.h"

namespace kstati::cases {

// Adds to `left_out` the steps of the chain that yield to others of its steps. True when there are
// any: then the chain is to be built again without them.
bool LeaveOutYielding(const World& world, const DecidedChain& chain, LeftOut& left_out);

// Tells in the chain what was left out for its steps, and forgets goals that are out of reach only
// since a service was left out.
void TellLeftOut(const World& world, const LeftOut& left_out, Date start, DecidedChain& chain);

}  // namespace kstati::cases
