// SPDX-License-Identifier: Apache-2.0
#include "recommender/yielding.h"

#include <algorithm>
#include <utility>

#include "recommender/household_bundle.h"

namespace kstati::recommender {
namespace {

using eligibility::Decision;

// As one that nobody pays for: it weighs least of all.
HouseholdOffer OfferOfUndetermined(const Decision& decision) {
  return {decision.service, decision.applicant, decision.about, std::nullopt, 0};
}

bool IsSame(const Decision& decision, const HouseholdOffer& offer) {
  return decision.service == offer.service && decision.applicant == offer.applicant &&
         decision.about == offer.about;
}

Yielding YieldingIn(const HouseholdBundle& bundle, const OfferLeftOut& left_out,
                    const std::vector<const Decision*>& decisions) {
  const HouseholdOffer& offer = bundle.offers[left_out.offer];
  Yielding yielding;
  yielding.service = offer.service;
  yielding.applicant = offer.applicant;
  yielding.about = offer.about;
  yielding.exclusion = left_out.exclusion;
  bool known = offer.yearly.has_value();
  int64_t more = -offer.yearly.value_or(0);
  for (const uint32_t number : left_out.instead) {
    const HouseholdOffer& better = bundle.offers[number];
    yielding.instead.push_back(better.service);
    known = known && better.yearly.has_value();
    more += better.yearly.value_or(0);
  }
  if (known) yielding.more = more;
  yielding.undetermined = std::ranges::any_of(decisions, [&](const Decision* decision) {
    return IsSame(*decision, offer) && decision->verdict == eligibility::Verdict::kUndetermined;
  });
  return yielding;
}

}  // namespace

bool IsExclusive(const ServiceId& service, const std::vector<graph::Exclusion>& exclusions) {
  return std::ranges::any_of(exclusions, [&](const graph::Exclusion& exclusion) {
    return std::ranges::find(exclusion.services, service) != exclusion.services.end();
  });
}

std::vector<Yielding> YieldingOf(const std::vector<const Decision*>& decisions,
                                 const graph::Catalogue& catalogue,
                                 const std::vector<graph::Exclusion>& exclusions) {
  std::vector<HouseholdOffer> offers;
  for (const Decision* decision : decisions) {
    if (!IsExclusive(decision->service, exclusions)) continue;
    const bool is_there = std::ranges::any_of(
        offers, [decision](const HouseholdOffer& offer) { return IsSame(*decision, offer); });
    if (is_there) continue;
    offers.push_back(OfferOf(*decision, catalogue).value_or(OfferOfUndetermined(*decision)));
  }
  const HouseholdBundle bundle = BundleOf(std::move(offers), exclusions);
  std::vector<Yielding> yielding;
  for (const OfferLeftOut& left_out : bundle.left_out) {
    yielding.push_back(YieldingIn(bundle, left_out, decisions));
  }
  return yielding;
}

}  // namespace kstati::recommender
