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

// Obstacles of a choice among relaxed ways: its refused actions, and what it takes without a giver.
struct InTheWay {
  std::vector<uint32_t> actions;
  std::vector<uint32_t> facts;

  size_t size() const { return actions.size() + facts.size(); }
};

InTheWay ObstaclesOf(const Ways& ways, const Choice& choice) {
  InTheWay found;
  for (const uint32_t action : choice.actions) {
    if (ways.actions()[action].refused) found.actions.push_back(action);
  }
  for (const uint32_t fact : choice.brought) {
    if (ways.facts()[fact].origin == Origin::kProduced) found.facts.push_back(fact);
  }
  return found;
}

void Append(const Ways& ways, const InTheWay& found, std::vector<Obstacle>& obstacles) {
  for (const uint32_t action : found.actions) {
    obstacles.push_back({ways.actions()[action].service->id, {}});
  }
  for (const uint32_t fact : found.facts) obstacles.push_back({{}, ways.facts()[fact].id});
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
    if (!first && in_the_way.size() != 1) break;
    Append(ways, in_the_way, result.obstacles);
    if (in_the_way.size() != 1) break;
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
