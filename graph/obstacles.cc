// SPDX-License-Identifier: Apache-2.0
#include "graph/obstacles.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "graph/chains/personal_problem.h"
#include "graph/chains/ways.h"
#include "graph/chains/working_time.h"

namespace kstati::graph {
namespace {

using chains::Choice;
using chains::Found;
using chains::Origin;
using chains::Ways;

// Obstacles of a choice among relaxed ways: its refused actions, those out of reach, and what it
// takes without a giver.
struct InTheWay {
  std::vector<uint32_t> actions;
  std::vector<uint32_t> facts;
  std::vector<Obstacle> obstacles;
};

InTheWay ObstaclesOf(const Ways& ways, const Choice& choice) {
  InTheWay found;
  for (const uint32_t action : choice.actions) {
    const chains::Action& taken = ways.actions()[action];
    if (taken.obstacles() > 0) found.actions.push_back(action);
    if (taken.refused) found.obstacles.push_back({taken.service->id, {}});
    if (taken.out_of_reach) found.obstacles.push_back({{}, {}, taken.service->id});
  }
  for (const uint32_t fact : choice.brought) {
    if (ways.facts()[fact].origin != Origin::kProduced) continue;
    found.facts.push_back(fact);
    found.obstacles.push_back({{}, ways.facts()[fact].id});
  }
  return found;
}

Obstacles FindFor(const ServiceGraph& graph, const ChainRequest& request, const AttributeId& goal,
                  const chains::WorkingTime& time) {
  Situation situation = *request.situation;
  situation.goals = {goal};
  ChainRequest asked = request;
  asked.situation = &situation;
  const Ways ways(graph.model(), asked, true);
  chains::PersonalProblem problem(ways, chains::Aim::kObstacles);
  Obstacles result;
  result.goal = goal;
  if (ways.reachable().front() == 0) return result;
  chains::Terms terms;
  // With one alone in the way, each other that is alone follows.
  for (;;) {
    const Found found = problem.Solve(terms, time.left());
    if (!found.choice) break;
    const InTheWay in_the_way = ObstaclesOf(ways, *found.choice);
    const bool first = result.obstacles.empty();
    result.proven = result.proven && found.proven && problem.outweighs() && ways.complete();
    const bool is_alone = in_the_way.obstacles.size() == 1;
    if (!first && !is_alone) break;
    result.obstacles.insert(result.obstacles.end(), in_the_way.obstacles.begin(),
                            in_the_way.obstacles.end());
    if (!is_alone) break;
    result.any_is_enough = true;
    terms.forbidden.insert(terms.forbidden.end(), in_the_way.actions.begin(),
                           in_the_way.actions.end());
    terms.not_brought.insert(terms.not_brought.end(), in_the_way.facts.begin(),
                             in_the_way.facts.end());
  }
  std::ranges::sort(result.obstacles);
  return result;
}

}  // namespace

std::vector<Obstacles> FindObstacles(const ServiceGraph& graph, const ChainRequest& request) {
  const Ways ways(graph.model(), request);
  const chains::WorkingTime time(request.deadline);
  std::vector<Obstacles> all;
  for (size_t goal = 0; goal < ways.goals().size(); ++goal) {
    if (ways.reachable()[goal] != 0) continue;
    all.push_back(FindFor(graph, request, ways.facts()[ways.goals()[goal]].id, time));
  }
  return all;
}

}  // namespace kstati::graph
