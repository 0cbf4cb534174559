// SPDX-License-Identifier: Apache-2.0
#include "recommender/household_bundle.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace kstati::recommender {
namespace {

constexpr int64_t kHighest = 1'000'000'000'000;  // kopecks; keeps sums far from overflow
constexpr int64_t kMostWeight = 1'000;

// The figure that the law states for everybody, where there is one.
std::optional<Decimal> StatedAmount(const graph::Benefit& benefit,
                                    const graph::Catalogue& catalogue,
                                    const eligibility::Decision& decision) {
  if (decision.amount) return decision.amount;
  if (!benefit.rule.empty() || benefit.parameters.size() != 1) return std::nullopt;
  const graph::Parameter* parameter = catalogue.FindParameter(benefit.parameters.front());
  if (parameter == nullptr || !parameter->dimensions.empty()) return std::nullopt;
  const graph::ParameterValue* value = parameter->On(decision.as_of.valid_at, decision.region);
  if (value == nullptr) return std::nullopt;
  const Decimal* number = std::get_if<Decimal>(&value->value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<int64_t> Kopecks(const Decimal& roubles, graph::AmountPeriod period) {
  const auto kopecks =
      roubles.Multiply(Decimal(period == graph::AmountPeriod::kMonth ? 1200 : 100));
  const auto whole = kopecks ? kopecks->Round(0, Rounding::kDown) : std::nullopt;
  const auto count = whole ? whole->ToInt64() : std::nullopt;
  if (!count) return std::nullopt;
  return std::clamp<int64_t>(*count, 0, kHighest);
}

bool IsBefore(const HouseholdOffer& a, const HouseholdOffer& b) {
  return std::tie(a.applicant, a.service, a.about) < std::tie(b.applicant, b.service, b.about);
}

}  // namespace

OfferLimits LimitsOf(const std::vector<HouseholdOffer>& offers,
                     const std::vector<graph::Exclusion>& exclusions) {
  OfferLimits found;
  for (const graph::Exclusion& exclusion : exclusions) {
    std::map<CitizenId, std::vector<uint32_t>> by_person;
    for (uint32_t i = 0; i < offers.size(); ++i) {
      const auto& services = exclusion.services;
      if (std::ranges::find(services, offers[i].service) == services.end()) continue;
      const bool about = exclusion.scope == graph::ExclusionScope::kAbout;
      by_person[about ? offers[i].about : offers[i].applicant].push_back(i);
    }
    for (auto& [person, items] : by_person) {
      found.limits.push_back({std::move(items), exclusion.at_most});
      found.exclusions.push_back(&exclusion);
    }
  }
  return found;
}

graph::Worth WorthOf(const HouseholdOffer& offer) {
  return {offer.yearly.value_or(0), offer.priority + 1};
}

graph::Worth MostWorth() { return {kHighest, kMostWeight}; }

std::optional<HouseholdOffer> OfferOf(const eligibility::Decision& decision,
                                      const graph::Catalogue& catalogue) {
  const bool entitled = decision.verdict == eligibility::Verdict::kEligible ||
                        decision.verdict == eligibility::Verdict::kLikely;
  if (!entitled) return std::nullopt;
  HouseholdOffer offer{decision.service, decision.applicant, decision.about, {}, 0};
  offer.priority = decision.described->priority;
  const std::optional<graph::Benefit>& benefit = decision.regulation->benefit;
  if (!benefit) return offer;
  const std::optional<Decimal> amount = StatedAmount(*benefit, catalogue, decision);
  if (amount) offer.yearly = Kopecks(*amount, benefit->period);
  return offer;
}

HouseholdBundle BundleOf(std::vector<HouseholdOffer> offers,
                         const std::vector<graph::Exclusion>& exclusions) {
  HouseholdBundle bundle;
  std::ranges::sort(offers, IsBefore);
  const OfferLimits groups = LimitsOf(offers, exclusions);
  std::vector<graph::Worth> worths;
  for (const HouseholdOffer& offer : offers) worths.push_back(WorthOf(offer));
  const graph::Bundle best = graph::BestBundle(worths, groups.limits);
  bundle.yearly = best.worth.amount;
  for (uint32_t i = 0; i < offers.size(); ++i) {
    if (std::ranges::binary_search(best.items, i)) continue;
    for (size_t k = 0; k < groups.limits.size(); ++k) {
      const graph::Limit& limit = groups.limits[k];
      if (std::ranges::find(limit.items, i) == limit.items.end()) continue;
      OfferLeftOut left_out{i, groups.exclusions[k], {}};
      std::ranges::copy_if(limit.items, std::back_inserter(left_out.instead), [&](uint32_t item) {
        return std::ranges::binary_search(best.items, item);
      });
      if (left_out.instead.size() < limit.at_most) continue;  // not what stands in the way
      bundle.left_out.push_back(std::move(left_out));
      break;
    }
  }
  bundle.taken = best.items;
  bundle.offers = std::move(offers);
  return bundle;
}

}  // namespace kstati::recommender
