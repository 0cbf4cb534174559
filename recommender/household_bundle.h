// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eligibility/decision.h"
#include "graph/bundle.h"
#include "graph/catalogue.h"
#include "graph/exclusion.h"

namespace kstati::recommender {

// A service that somebody of a household may get.
struct HouseholdOffer {
  ServiceId service;
  CitizenId applicant;
  CitizenId about;
  // Kopecks over a year: twelve times what is paid by the month; absent: the law states no figure.
  std::optional<int64_t> yearly;
  int priority = 0;  // of the service
};

// An offer that has to yield, and to what.
struct OfferLeftOut {
  uint32_t offer = 0;
  const graph::Exclusion* exclusion = nullptr;
  std::vector<uint32_t> instead;  // offers, of the same exclusion
};

// How many of the offers each exclusion lets go together, person by person.
struct OfferLimits {
  std::vector<graph::Limit> limits;
  std::vector<const graph::Exclusion*> exclusions;  // by limit
};

OfferLimits LimitsOf(const std::vector<HouseholdOffer>& offers,
                     const std::vector<graph::Exclusion>& exclusions);

// In figures first, then in priority; no offer is worth more than the most.
graph::Worth WorthOf(const HouseholdOffer& offer);
graph::Worth MostWorth();

// The offers that go together and are worth most: in figures first, then in priority.
struct HouseholdBundle {
  std::vector<HouseholdOffer> offers;  // by applicant, service and whom it is about
  std::vector<uint32_t> taken;         // ascending
  std::vector<OfferLeftOut> left_out;  // ascending
  int64_t yearly = 0;                  // kopecks, of what is taken
};

// What somebody is or likely is entitled to, as an offer; nullopt for the rest. Requires a decision
// with explanation.
std::optional<HouseholdOffer> OfferOf(const eligibility::Decision& decision,
                                      const graph::Catalogue& catalogue);

// Exact. The order of the offers does not matter. `exclusions` must outlive the bundle.
HouseholdBundle BundleOf(std::vector<HouseholdOffer> offers,
                         const std::vector<graph::Exclusion>& exclusions);

}  // namespace kstati::recommender
