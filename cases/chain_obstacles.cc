// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_obstacles.h"

#include <map>
#include <utility>

#include "cases/chain_inquiry.h"

namespace kstati::cases {
namespace {

UnreachedGoal InTheWay(ChainInquiry& inquiry, const World& world, graph::Obstacles obstacles) {
  UnreachedGoal goal;
  for (const graph::Obstacle& one : obstacles.obstacles) {
    std::vector<GroundId>& grounds = goal.grounds.emplace_back();
    if (one.refused.empty()) continue;
    grounds = inquiry.DecisionNow(*world.catalogue().FindService(one.refused)).grounds;
  }
  goal.in_the_way = std::move(obstacles);
  return goal;
}

UnreachedGoal Without(const AttributeId& goal, WhyUnreached why) {
  UnreachedGoal without;
  without.in_the_way.goal = goal;
  without.why = why;
  return without;
}

// Of a goal to which nothing bars the way.
WhyUnreached WhyGivenUp(const World& world, const graph::Situation& situation,
                        const std::vector<Viewpoint>& viewpoints, Date start, const SoFar& so_far,
                        const AttributeId& goal, bool is_whole_proven) {
  graph::Situation alone = situation;
  alone.goals = {goal};
  bool proven = true;
  for (const Viewpoint& viewpoint : viewpoints) {
    ChainInquiry inquiry(world, alone, viewpoint, start);
    inquiry.GoOnFrom(so_far);
    const graph::Chain chain = graph::BuildChain(inquiry.graph(), inquiry.request());
    if (!chain.reached.empty()) {
      return is_whole_proven ? WhyUnreached::kBesideOthers : WhyUnreached::kNotFound;
    }
    proven = proven && chain.proven;
  }
  return proven ? WhyUnreached::kNoOrder : WhyUnreached::kNotFound;
}

}  // namespace

std::vector<UnreachedGoal> UnreachedGoalsOf(const World& world, const graph::Situation& situation,
                                            const Viewpoint& own, Date start, const SoFar& so_far,
                                            const graph::Chain& whole) {
  std::vector<UnreachedGoal> all;
  if (whole.unreachable.empty()) return all;
  const std::vector<Viewpoint> viewpoints = ViewpointsOf(situation, own);
  std::map<AttributeId, size_t> barred;  // from how many viewpoints
  std::map<AttributeId, UnreachedGoal> in_the_way;
  for (const Viewpoint& viewpoint : viewpoints) {
    ChainInquiry inquiry(world, situation, viewpoint, start);
    inquiry.GoOnFrom(so_far);
    for (graph::Obstacles& one : graph::FindObstacles(inquiry.graph(), inquiry.request())) {
      const AttributeId goal = one.goal;
      ++barred[goal];
      // A goal that the viewpoint has no way to at all may be one of another.
      if (one.obstacles.empty() || in_the_way.contains(goal)) continue;
      in_the_way.emplace(goal, InTheWay(inquiry, world, std::move(one)));
    }
  }
  for (const AttributeId& goal : whole.unreachable) {
    const auto found = in_the_way.find(goal);
    if (barred[goal] < viewpoints.size()) {
      all.push_back(Without(
          goal, WhyGivenUp(world, situation, viewpoints, start, so_far, goal, whole.proven)));
    } else if (found != in_the_way.end()) {
      all.push_back(std::move(found->second));
    } else {
      all.push_back(Without(goal, WhyUnreached::kNoService));
    }
  }
  return all;
}

}  // namespace kstati::cases
