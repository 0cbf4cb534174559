// SPDX-License-Identifier: Apache-2.0
#include "cases/reach.h"

#include <memory>
#include <set>
#include <vector>

#include "cases/draft.h"
#include "recommender/groups.h"

namespace kstati::cases {
namespace {

using View = std::shared_ptr<const profile::FactView>;

bool IsKnownDead(const profile::FactView& person) {
  static const AttributeId kAlive("person.alive");
  const profile::Fact* alive = person.Find(kAlive);
  return alive != nullptr && alive->value == profile::FactValue(false);
}

// Children and wards, for whom services about a child are decided.
std::vector<View> MindedBy(const profile::Household& household) {
  std::vector<View> minded;
  for (const auto* children : {&household.children, &household.wards}) {
    for (const View& child : *children) {
      if (!IsKnownDead(*child)) minded.push_back(child);
    }
  }
  return minded;
}

// Adds what is decided unasked about the person (null) or a child.
void AddDecisions(const World& world, const profile::Household& household, const View& about,
                  GroupReach& reach, std::set<AttributeId>& missing) {
  eligibility::Inquiry inquiry(*world.program, eligibility::Subject{&household, about, {}});
  const graph::About whom = about == nullptr ? graph::About::kPerson : graph::About::kChild;
  for (const graph::Service& service : world.catalogue().services()) {
    const graph::Regulation* regulation = service.RegulationOn(world.Today());
    const bool unasked = service.about == whom && regulation != nullptr &&
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
}

GroupReach ReachOf(const World& world, const profile::Household& household) {
  GroupReach reach;
  reach.people = 1;
  std::set<AttributeId> missing;
  AddDecisions(world, household, nullptr, reach, missing);
  for (const View& child : MindedBy(household)) {
    AddDecisions(world, household, child, reach, missing);
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
