// SPDX-License-Identifier: Apache-2.0
#include "cases/exclusive_steps.h"

#include <algorithm>

namespace kstati::cases {
namespace {

bool Gives(const graph::Service& service, const AttributeId& goal, Date on) {
  const graph::Regulation* regulation = service.RegulationOn(on);
  return regulation != nullptr &&
         std::ranges::find(regulation->outputs, goal) != regulation->outputs.end();
}

}  // namespace

bool LeaveOutYielding(const World& world, const DecidedChain& chain, LeftOut& left_out) {
  if (world.exclusions->empty()) return false;
  std::vector<const eligibility::Decision*> decisions;
  for (const eligibility::Decision& decision : chain.decisions) decisions.push_back(&decision);
  bool more = false;
  for (recommender::Yielding& yielding :
       recommender::YieldingOf(decisions, world.catalogue(), *world.exclusions)) {
    if (!left_out.services.insert({yielding.service, yielding.about}).second) continue;
    left_out.yielding.push_back(std::move(yielding));
    more = true;
  }
  return more;
}

void TellLeftOut(const World& world, const LeftOut& left_out, Date start, DecidedChain& chain) {
  for (const recommender::Yielding& yielding : left_out.yielding) {
    const bool is_instead =
        std::ranges::any_of(chain.decisions, [&yielding](const eligibility::Decision& decision) {
          const std::vector<ServiceId>& instead = yielding.instead;
          return std::ranges::find(instead, decision.service) != instead.end();
        });
    if (!is_instead) continue;
    chain.yielding.push_back(yielding);
    const graph::Service& service = *world.catalogue().FindService(yielding.service);
    std::erase_if(chain.chain.unreachable,
                  [&](const AttributeId& goal) { return Gives(service, goal, start); });
  }
}

}  // namespace kstati::cases
