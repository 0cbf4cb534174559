// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/ids.h"
#include "cases/decided_chain.h"
#include "graph/obstacles.h"

namespace kstati::cases {

// Why a chain does not reach a goal.
enum class WhyUnreached {
  kInTheWay,      // there are obstacles
  kNoService,     // none that could ever be for this person gives it
  kBesideOthers,  // a chain reaches it alone, and none beside the goals that are reached
  kNoOrder,   // what leads there is open, and in no order does each step stand when its turn comes
  kNotFound,  // none was found in the time there was
};

struct UnreachedGoal {
  graph::Obstacles in_the_way;
  // Parallel to in_the_way.obstacles: on what a service refuses. None of a document.
  std::vector<std::vector<GroundId>> grounds;
  WhyUnreached why = WhyUnreached::kInTheWay;
};

// What stands between the person and each goal that the whole chain, which goes on from `so_far`,
// does not reach.
std::vector<UnreachedGoal> UnreachedGoalsOf(const World& world, const graph::Situation& situation,
                                            const Viewpoint& own, Date start, const SoFar& so_far,
                                            const graph::Chain& whole);

}  // namespace kstati::cases
