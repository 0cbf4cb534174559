// SPDX-License-Identifier: Apache-2.0
#include "recommender/chain_places.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace kstati::recommender {
namespace {

// By step: the steps that can be reached over what stands after each.
std::vector<std::vector<bool>> Reach(std::vector<std::vector<bool>> next) {
  for (size_t over = 0; over < next.size(); ++over) {
    for (size_t from = 0; from < next.size(); ++from) {
      if (!next[from][over]) continue;
      for (size_t to = 0; to < next.size(); ++to) {
        if (next[over][to]) next[from][to] = true;
      }
    }
  }
  return next;
}

}  // namespace

bool ChainPlaces::Has(const AttributeId& attribute) const {
  const profile::Fact* fact = person_.Find(attribute);
  if (fact == nullptr || std::holds_alternative<profile::NotApplicable>(fact->value)) return false;
  const bool* flag = std::get_if<bool>(&fact->value);
  return flag == nullptr || *flag;
}

bool ChainPlaces::Needs(const graph::Regulation& regulation, const graph::Regulation& giver) const {
  return std::ranges::any_of(regulation.inputs, [&](const graph::Input& input) {
    const auto has = [&](const AttributeId& attribute) { return Has(attribute); };
    if (std::ranges::any_of(input.any_of, has)) return false;
    return std::ranges::any_of(input.any_of, [&](const AttributeId& attribute) {
      return std::ranges::find(giver.outputs, attribute) != giver.outputs.end();
    });
  });
}

ChainPlaces::Chain ChainPlaces::ChainOf(const SituationId& id) const {
  Chain chain;
  const graph::Situation* situation = catalogue_.FindSituation(id);
  if (situation == nullptr) return chain;
  std::vector<std::pair<ServiceId, const graph::Regulation*>> steps;
  for (const ServiceId& name : situation->services) {
    const graph::Service* service = catalogue_.FindService(name);
    const graph::Regulation* regulation = service == nullptr ? nullptr : service->RegulationOn(on_);
    if (regulation != nullptr) steps.emplace_back(name, regulation);
  }
  std::vector<std::vector<bool>> next(steps.size(), std::vector<bool>(steps.size()));
  for (size_t giver = 0; giver < steps.size(); ++giver) {
    for (size_t step = 0; step < steps.size(); ++step) {
      next[giver][step] = giver != step && Needs(*steps[step].second, *steps[giver].second);
    }
  }
  const auto reach = Reach(std::move(next));
  for (size_t giver = 0; giver < steps.size(); ++giver) {
    for (size_t step = 0; step < steps.size(); ++step) {
      if (giver == step || !reach[giver][step]) continue;
      ++chain[steps[giver].first].after;
      ++chain[steps[step].first].before;
    }
  }
  return chain;
}

ChainPlace ChainPlaces::Of(const SituationId& situation, const ServiceId& service) {
  auto found = chains_.find(situation);
  if (found == chains_.end()) found = chains_.emplace(situation, ChainOf(situation)).first;
  const auto place = found->second.find(service);
  return place == found->second.end() ? ChainPlace() : place->second;
}

}  // namespace kstati::recommender
