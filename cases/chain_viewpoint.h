// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cases/desk.h"
#include "cases/draft.h"

namespace kstati::cases {

// From where the chain of a situation is seen; whom it is about is chosen when `about` is zero.
Result<Viewpoint> ViewpointOfChain(Draft& draft, const graph::Situation& situation,
                                   CitizenId citizen, CitizenId about, const LookAt& as_of);

// From where the step was decided: one of `viewpoints`, the first of which is the citizen's own.
const Viewpoint& SeenFrom(const std::vector<Viewpoint>& viewpoints,
                          const eligibility::Decision& decision);

// What the person's chains go on from at a moment: applications under way.
Result<SoFar> SoFarOf(Draft& draft, CitizenId citizen, Instant at);

}  // namespace kstati::cases
