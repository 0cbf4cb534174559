// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "base/ids.h"
#include "base/time.h"
#include "graph/catalogue.h"
#include "profile/fact.h"

namespace kstati::recommender {

// How many services of a situation come before a service, since they give what it needs and the
// person has not, and how many wait for it.
struct ChainPlace {
  int before = 0;  // 0: it may be the first step
  int after = 0;
};

// Where services stand in the chains of their situations, for one person on one day. Situations are
// looked at when they are first asked about. For one thread; what it is made of outlives it.
class ChainPlaces {
 public:
  ChainPlaces(const graph::Catalogue& catalogue, Date on, const profile::FactView& person)
      : catalogue_(catalogue), on_(on), person_(person) {}

  // Of a service that the situation does not name: {0, 0}.
  ChainPlace Of(const SituationId& situation, const ServiceId& service);

 private:
  using Chain = std::map<ServiceId, ChainPlace>;

  Chain ChainOf(const SituationId& situation) const;
  bool Needs(const graph::Regulation& regulation, const graph::Regulation& giver) const;
  bool Has(const AttributeId& attribute) const;

  const graph::Catalogue& catalogue_;
  Date on_;
  const profile::FactView& person_;
  std::map<SituationId, Chain> chains_;
};

}  // namespace kstati::recommender
