// SPDX-License-Identifier: Apache-2.0
#include "graph/chain.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/check.h"
#include "graph/chains/dating.h"
#include "graph/chains/personal_problem.h"
#include "graph/chains/survivor.h"
#include "graph/chains/ways.h"

namespace kstati::graph {
namespace {

using chains::Action;
using chains::DatedAction;
using chains::Dating;
using chains::kNobody;
using chains::Ways;

ChainStep StepOf(const Ways& ways, const Dating& dating, const DatedAction& dated) {
  const Action& action = ways.actions()[dated.action];
  ChainStep step;
  step.service = action.service->id;
  step.start = dated.start.day;
  if (!dated.finish.unknown) step.finish = dated.finish.day;
  std::set<ServiceId> after;
  std::set<AttributeId> bring;
  for (const uint32_t giver : dated.given_by) {
    if (giver != kNobody) after.insert(ways.actions()[dating.steps[giver].action].service->id);
  }
  for (const uint32_t fact : dated.satisfied_by) {
    if (ways.facts()[fact].origin == chains::Origin::kBrought) bring.insert(ways.facts()[fact].id);
  }
  step.after.assign(after.begin(), after.end());
  step.bring.assign(bring.begin(), bring.end());
  step.undetermined = action.undetermined;
  for (const uint32_t fact : action.given) step.given.push_back(ways.facts()[fact].id);
  step.visits = action.regulation->visits;
  return step;
}

void WriteSteps(const Ways& ways, const Dating& dating, Chain& chain) {
  for (const DatedAction& step : dating.steps) {
    chain.steps.push_back(StepOf(ways, dating, step));
  }
  if (!dating.steps.empty() && !dating.finish.unknown) chain.finish = dating.finish.day;
}

void WriteGoals(const Ways& ways, const chains::Survivor& survivor, Chain& chain) {
  const std::vector<uint32_t>& given_up = survivor.given_up;
  for (size_t goal = 0; goal < ways.goals().size(); ++goal) {
    const uint32_t fact = ways.goals()[goal];
    const bool reached =
        ways.reachable()[goal] != 0 && std::ranges::find(given_up, fact) == given_up.end();
    (reached ? chain.reached : chain.unreachable).push_back(ways.facts()[fact].id);
  }
}

std::optional<search::Instant> StopOf(const ChainRequest& request) {
  if (!request.deadline) return std::nullopt;
  return std::chrono::steady_clock::now() + *request.deadline;
}

}  // namespace

Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request) {
  KSTATI_CHECK(request.situation != nullptr && request.standing && request.state_holds);
  const std::optional<search::Instant> stop = StopOf(request);
  const Ways ways(graph.model(), request);
  chains::PersonalProblem problem(ways, chains::Aim::kBurden);
  const chains::Survivor survivor = chains::SurvivorSearch(ways, problem, true).Find(stop);
  Chain chain;
  chain.situation = request.situation->id;
  WriteGoals(ways, survivor, chain);
  if (survivor.dating) WriteSteps(ways, *survivor.dating, chain);
  chain.burden = survivor.burden;
  chain.proven = survivor.proven && ways.complete();
  chain.least_burden = chain.proven ? chain.burden : std::min(survivor.lower, chain.burden);
  return chain;
}

}  // namespace kstati::graph
