// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/ids.h"
#include "graph/chains/request.h"
#include "graph/service_graph.h"

namespace kstati::graph {

// A service that refuses the person, one for which the person has no channel to apply through, or a
// document or payment that services give and the person can get from none of them. Exactly one is
// set.
struct Obstacle {
  ServiceId refused;
  AttributeId missing;
  ServiceId out_of_reach = {};

  auto operator<=>(const Obstacle&) const = default;
};

// What stands between a person and a goal that no chain reaches.
struct Obstacles {
  AttributeId goal;
  // As few as possible: with none of them in the way there is a chain. None at all: no service that
  // could ever be for this person gives the goal.
  std::vector<Obstacle> obstacles;
  // Each alone is all that stands in the way, and these are all such. Else all of them have to go,
  // and other sets as small may exist.
  bool any_is_enough = false;
  bool proven = true;  // that no fewer would do and, where any is enough, that no other would
};

// By unreachable goal, in the order of the situation. Looks at each service as it stands now, and
// for what earlier steps could change; whether two steps bear each other is not simulated.
std::vector<Obstacles> FindObstacles(const ServiceGraph& graph, const ChainRequest& request);

}  // namespace kstati::graph
