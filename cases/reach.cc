// SPDX-License-Identifier: Apache-2.0
#include "cases/reach.h"

#include <set>

#include "cases/draft.h"
#include "recommender/groups.h"

namespace kstati::cases {
namespace {

GroupReach ReachOf(const World& world, const profile::Household& household) {
  GroupReach reach;
  reach.people = 1;
  std::set<AttributeId> missing;
  eligibility::Inquiry inquiry(*world.program, eligibility::Subject{&household, nullptr, {}});
  for (const graph::Service& service : world.catalogue().services()) {
    const graph::Regulation* regulation = service.RegulationOn(world.Today());
    const bool unasked = service.about == graph::About::kPerson && regulation != nullptr &&
                         regulation->mode != graph::Mode::kOnRequest;
    if (!unasked) continue;
    ++reach.decisions;
    const eligibility::Decision decision = inquiry.Decide(service, false);
    if (decision.verdict != eligibility::Verdict::kUndetermined) continue;
    ++reach.unseen;
    for (const eligibility::Missing& one : decision.missing) {
      if (!one.attribute.empty()) missing.insert(one.attribute);
    }
  }
  reach.blind = reach.decisions > 0 && reach.unseen == reach.decisions ? 1 : 0;
  for (const AttributeId& attribute : missing) reach.missing[attribute] = 1;
  return reach;
}

}  // namespace

GroupReach& GroupReach::operator+=(const GroupReach& other) {
  people += other.people;
  decisions += other.decisions;
  unseen += other.unseen;
  blind += other.blind;
  for (const auto& [attribute, count] : other.missing) missing[attribute] += count;
  return *this;
}

Result<void> ReachAudit::Look(CitizenId citizen) {
  Draft draft(world_, profile::AsOf{world_.Today(), world_.Now()});
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  const GroupReach reach = ReachOf(world_, *household);
  all_ += reach;
  for (const auto& [by, group] : recommender::GroupsOf(*household->person, world_.Today())) {
    groups_[by][group] += reach;
  }
  return {};
}

}  // namespace kstati::cases
