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

Yielding YieldingIn(const std::vector<HouseholdOffer>& offers, const OfferLeftOut& left_out,
                    bool undetermined) {
  const HouseholdOffer& offer = offers[left_out.offer];
  Yielding yielding;
  yielding.service = offer.service;
  yielding.applicant = offer.applicant;
  yielding.about = offer.about;
  yielding.exclusion = left_out.exclusion;
  bool known = offer.yearly.has_value();
  int64_t more = -offer.yearly.value_or(0);
  for (const uint32_t number : left_out.instead) {
    const HouseholdOffer& better = offers[number];
    yielding.instead.push_back(better.service);
    known = known && better.yearly.has_value();
    more += better.yearly.value_or(0);
  }
  if (known && more >= 0) yielding.more = more;
  yielding.undetermined = undetermined;
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
    offers.push_back(WeighedOffer(*decision, catalogue));
  }
  const HouseholdBundle bundle = BundleOf(std::move(offers), exclusions);
  std::vector<Yielding> yielding;
  for (const OfferLeftOut& left_out : bundle.left_out) {
    const HouseholdOffer& offer = bundle.offers[left_out.offer];
    const bool undetermined = std::ranges::any_of(decisions, [&](const Decision* decision) {
      return IsSame(*decision, offer) && decision->verdict == eligibility::Verdict::kUndetermined;
    });
    yielding.push_back(YieldingIn(bundle.offers, left_out, undetermined));
  }
  return yielding;
}

std::optional<Yielding> YieldingTo(const std::vector<const Decision*>& others,
                                   const Decision& decision, const graph::Catalogue& catalogue,
                                   const std::vector<graph::Exclusion>& exclusions) {
  std::vector<HouseholdOffer> offers{WeighedOffer(decision, catalogue)};
  for (const Decision* other : others) offers.push_back(WeighedOffer(*other, catalogue));
  const OfferLimits found = LimitsOf(offers, exclusions);
  for (size_t i = 0; i < found.limits.size(); ++i) {
    const graph::Limit& limit = found.limits[i];
    const bool names_it = std::ranges::find(limit.items, 0U) != limit.items.end();
    if (!names_it || limit.items.size() <= limit.at_most) continue;
    OfferLeftOut left_out{0, found.exclusions[i], limit.items};
    std::erase(left_out.instead, 0U);
    return YieldingIn(offers, left_out, decision.verdict == eligibility::Verdict::kUndetermined);
  }
  return std::nullopt;
}

HouseholdOffer WeighedOffer(const Decision& decision, const graph::Catalogue& catalogue) {
  return OfferOf(decision, catalogue).value_or(OfferOfUndetermined(decision));
}

}  // namespace kstati::recommender
