// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <vector>

#include "cases/world.h"
#include "profile/registry_event.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// The reported attributes that may change what follows from a situation on a day: of its services
// and goals, of every service that may lead to them, of who acts for the person, and of who lives.
std::set<AttributeId> FactsThatMatter(const World& world, const graph::Situation& situation,
                                      Date on);

// Of the situations, those that the event may change something in. All of them when it states
// relations or takes back what another event stated.
std::vector<recommender::OpenSituation> TouchedBy(
    const World& world, const profile::RegistryEvent& event,
    std::vector<recommender::OpenSituation> situations, Date on);

}  // namespace kstati::cases
