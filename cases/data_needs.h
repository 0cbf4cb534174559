// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "cases/decided_chain.h"
#include "profile/consent.h"

namespace kstati::cases {

using Categories = std::set<profile::CategoryId>;

// Categories of the data that a decision rests on: the facts it read, also where no record means
// "no", and the inputs on record. Needs an explained decision.
Categories CategoriesUsed(const eligibility::Decision& decision,
                          const profile::Dictionary& dictionary);

// The explained decision for somebody who may look at data of these categories only: all other
// facts are unknown. Relations between people have no category and are seen. `today`: by the rules
// of that day, as in eligibility::Subject.
eligibility::Decision DecideWithin(const World& world, const graph::Service& service,
                                   const Viewpoint& viewpoint, const Categories& categories,
                                   std::optional<Date> today = {});

// A step of a plan, as one viewpoint sees it.
struct PlannedStep {
  const graph::Service* service = nullptr;  // into the catalogue
  Viewpoint viewpoint;
};

// Whether every step is decided as with all data, and gets each input that it can get, when only
// data of these categories may be used.
bool Suffices(const World& world, const std::vector<PlannedStep>& plan,
              const Categories& categories);

// The least that a consent must cover for a plan.
struct LeastScopes {
  Categories categories;
  std::set<profile::AuthorityId> recipients;
};

// The smallest set of categories that suffices, the first by name of several, and the authorities
// of the steps. Without any one of them some step fails. (Where more than eight categories could
// stand for each other: no single one of the set can be left out.)
LeastScopes LeastScopesOf(const World& world, const std::vector<PlannedStep>& plan);

}  // namespace kstati::cases
