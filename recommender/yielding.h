// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "eligibility/decision.h"
#include "graph/catalogue.h"
#include "graph/exclusion.h"
#include "recommender/household_bundle.h"

namespace kstati::recommender {

// A service about somebody.
using ServiceAbout = std::pair<ServiceId, CitizenId>;

// A service that is not offered, since the law gives only so many together and others are better.
struct Yielding {
  ServiceId service;
  CitizenId applicant;
  CitizenId about;
  std::vector<ServiceId> instead;               // offered, of the same exclusion
  const graph::Exclusion* exclusion = nullptr;  // of the list that was asked with
  bool undetermined = false;                    // nobody knows yet whether the person may have it
  // Kopecks over a year that those of `instead` pay more; absent: the law does not state all sums,
  // or they pay less, and are better with the rest.
  std::optional<int64_t> more;
};

// Which of the decisions yield to others of them: by what the law states in figures over a year,
// then by priority, as BundleOf; what is undetermined yields to what is not. Requires decisions
// with explanation, none of them "not eligible". One service about one person counts once for each
// applicant. By applicant, service and whom it is about.
std::vector<Yielding> YieldingOf(const std::vector<const eligibility::Decision*>& decisions,
                                 const graph::Catalogue& catalogue,
                                 const std::vector<graph::Exclusion>& exclusions);

// To which of others, which go together, the decision yields; nullopt: none is in its way.
std::optional<Yielding> YieldingTo(const std::vector<const eligibility::Decision*>& others,
                                   const eligibility::Decision& decision,
                                   const graph::Catalogue& catalogue,
                                   const std::vector<graph::Exclusion>& exclusions);

// What is decided as it is weighed: what is undetermined, least of all. Requires explanation.
HouseholdOffer WeighedOffer(const eligibility::Decision& decision,
                            const graph::Catalogue& catalogue);

// Whether some exclusion names the service.
bool IsExclusive(const ServiceId& service, const std::vector<graph::Exclusion>& exclusions);

}  // namespace kstati::recommender
