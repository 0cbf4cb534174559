// SPDX-License-Identifier: Apache-2.0
#include "cases/relevance.h"

#include <algorithm>
#include <map>

#include "eligibility/relevance.h"

namespace kstati::cases {
namespace {

// Whether the person acts alone, and whether they live: asked in every situation.
constexpr const char* kAlwaysAsked[] = {"person.is_represented", "person.alive"};

// The services of the situation, and backwards from its goals all that may lead to them.
std::set<ServiceId> ServicesThatMatter(const World& world, const graph::Situation& situation,
                                       Date on) {
  const auto graph = world.Graph(on);
  std::set<ServiceId> services(situation.services.begin(), situation.services.end());
  std::vector<AttributeId> open(situation.goals.begin(), situation.goals.end());
  std::set<AttributeId> seen;
  std::set<ServiceId> expanded;
  const auto expand = [&](const ServiceId& id) {
    if (!expanded.insert(id).second) return;
    const graph::Service* service = world.catalogue().FindService(id);
    const graph::Regulation* regulation = service == nullptr ? nullptr : service->RegulationOn(on);
    if (regulation == nullptr) return;
    for (const graph::Input* input : graph::InputsOf(*regulation)) {
      open.insert(open.end(), input->any_of.begin(), input->any_of.end());
    }
    // What earlier steps give may let the person in.
    const auto facts = eligibility::FactsThatMatter(*world.program, *service);
    open.insert(open.end(), facts.begin(), facts.end());
  };
  for (const ServiceId& id : situation.services) expand(id);
  while (!open.empty()) {
    const AttributeId attribute = open.back();
    open.pop_back();
    if (!seen.insert(attribute).second) continue;
    for (const ServiceId& producer : graph->ProducersOf(attribute)) {
      services.insert(producer);
      expand(producer);
    }
  }
  return services;
}

}  // namespace

std::set<AttributeId> FactsThatMatter(const World& world, const graph::Situation& situation,
                                      Date on) {
  std::set<AttributeId> facts(situation.goals.begin(), situation.goals.end());
  for (const ServiceId& id : ServicesThatMatter(world, situation, on)) {
    const graph::Service* service = world.catalogue().FindService(id);
    if (service == nullptr) continue;
    facts.merge(eligibility::FactsThatMatter(*world.program, *service));
    // Who has the results already is offered nothing.
    const graph::Regulation* regulation = service->RegulationOn(on);
    if (regulation == nullptr) continue;
    facts.insert(regulation->outputs.begin(), regulation->outputs.end());
  }
  for (const char* attribute : kAlwaysAsked) {
    facts.merge(eligibility::FactsThatMatter(*world.program, AttributeId(attribute)));
  }
  return facts;
}

std::vector<recommender::OpenSituation> TouchedBy(
    const World& world, const profile::RegistryEvent& event,
    std::vector<recommender::OpenSituation> situations, Date on) {
  if (event.supersedes || !profile::AllRelations(event).empty()) return situations;
  std::map<SituationId, bool> known;
  std::erase_if(situations, [&](const recommender::OpenSituation& open) {
    const auto [entry, is_new] = known.try_emplace(open.situation, false);
    if (is_new) {
      const graph::Situation* situation = world.catalogue().FindSituation(open.situation);
      if (situation == nullptr) return true;
      const std::set<AttributeId> facts = FactsThatMatter(world, *situation, on);
      entry->second = std::ranges::any_of(
          event.facts, [&facts](const auto& fact) { return facts.contains(fact.attribute); });
    }
    return !entry->second;
  });
  return situations;
}

}  // namespace kstati::cases
