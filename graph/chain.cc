// SPDX-License-Identifier: Apache-2.0
#include "graph/chain.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "graph/chains/dating.h"
#include "graph/chains/personal_problem.h"
#include "graph/chains/ways.h"

namespace kstati::graph {
namespace {

using chains::Action;
using chains::DatedAction;
using chains::Dating;
using chains::kNobody;
using chains::Ways;

chains::Cost BurdenOf(const chains::Choice& choice) {
  return choice.cost + choice.days * chains::kWorkingDay;
}

// By start, then priority, then id; but never before a step whose outputs are used.
std::vector<size_t> Ordered(const Ways& ways, const Dating& dating) {
  std::vector<size_t> missing(dating.steps.size(), 0);
  std::vector<std::vector<size_t>> followers(dating.steps.size());
  std::set<std::tuple<chains::Moment, int, ServiceId, size_t>> next;
  const auto put = [&](size_t step) {
    const Service& service = *ways.actions()[dating.steps[step].action].service;
    next.emplace(dating.steps[step].start, -service.priority, service.id, step);
  };
  for (size_t step = 0; step < dating.steps.size(); ++step) {
    const auto& givers = dating.steps[step].given_by;
    for (const uint32_t giver : std::set<uint32_t>(givers.begin(), givers.end())) {
      if (giver == kNobody) continue;
      ++missing[step];
      followers[giver].push_back(step);
    }
    if (missing[step] == 0) put(step);
  }
  std::vector<size_t> ordered;
  while (!next.empty()) {
    const size_t step = std::get<size_t>(*next.begin());
    next.erase(next.begin());
    ordered.push_back(step);
    for (const size_t follower : followers[step]) {
      if (--missing[follower] == 0) put(follower);
    }
  }
  KSTATI_CHECK(ordered.size() == dating.steps.size());
  return ordered;
}

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
  step.visits = action.regulation->visits;
  return step;
}

void WriteSteps(const Ways& ways, const Dating& dating, Chain& chain) {
  for (const size_t step : Ordered(ways, dating)) {
    chain.steps.push_back(StepOf(ways, dating, dating.steps[step]));
  }
  if (!dating.steps.empty() && !dating.finish.unknown) chain.finish = dating.finish.day;
}

}  // namespace

Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request) {
  KSTATI_CHECK(request.situation != nullptr && request.standing && request.state_holds);
  const Ways ways(graph.model(), request);
  Chain chain;
  chain.situation = request.situation->id;
  for (size_t goal = 0; goal < ways.goals().size(); ++goal) {
    const AttributeId& id = ways.facts()[ways.goals()[goal]].id;
    (ways.reachable()[goal] != 0 ? chain.reached : chain.unreachable).push_back(id);
  }
  chains::PersonalProblem problem(ways, chains::Aim::kBurden);
  const chains::FoundFront front = problem.FindFront({}, request.deadline);
  if (front.choices.empty()) return chain;
  const chains::Choice& best = *std::ranges::min_element(front.choices, {}, BurdenOf);
  const std::optional<Dating> dating = chains::DateOf(ways, best);
  KSTATI_CHECK(dating.has_value());
  WriteSteps(ways, *dating, chain);
  chain.burden = BurdenOf(best);
  chain.proven = front.proven && ways.complete();
  chain.least_burden = chain.proven ? chain.burden : front.lower;
  return chain;
}

}  // namespace kstati::graph
