// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/burden.h"

#include <algorithm>
#include <optional>

#include "graph/fee.h"

namespace kstati::graph::chains {
namespace {

constexpr Cost kHighestFee = 1'000'000'000'000;  // kopecks; keeps sums far from overflow

std::optional<Decimal> LowestFee(const Regulation& regulation, const PersonalScenario& own,
                                 const Catalogue& catalogue, Date day, const std::string& region) {
  const Fee& fee = FeeOf(regulation, own);
  std::optional<Decimal> lowest;
  const auto take = [&](std::string_view channel) {
    const auto due = FeeOn(fee, catalogue, day, region, channel);
    if (due && (!lowest || due->due < *lowest)) lowest = due->due;
  };
  take("");
  if (fee.discounts.empty()) return lowest;
  for (const std::string& channel : AppliesThrough(regulation, own)) take(channel);
  return lowest;
}

// Rounded up: a fee is never taken for less than it is.
Cost Kopecks(Decimal roubles) {
  const auto kopecks = roubles.Multiply(Decimal(100));
  const auto whole = kopecks ? kopecks->Round(0, Rounding::kUp) : std::nullopt;
  const auto count = whole ? whole->ToInt64() : std::nullopt;
  return std::clamp<Cost>(count.value_or(kHighestFee), 0, kHighestFee);
}

}  // namespace

Burden BurdenOf(const Regulation& regulation, const PersonalScenario& own,
                const Catalogue& catalogue, Date day, const std::string& region) {
  Burden burden;
  burden.visits = own.visits;
  const std::optional<Decimal> fee = LowestFee(regulation, own, catalogue, day, region);
  burden.fee_known = fee.has_value();
  if (fee) burden.fee = Kopecks(*fee);
  return burden;
}

std::vector<Date> FeeDays(const Fee& fee, const Catalogue& catalogue, Date first) {
  std::vector<Date> days{first};
  for (const Date day : FeeChanges(fee, catalogue)) {
    if (day > first) days.push_back(day);
  }
  return days;
}

}  // namespace kstati::graph::chains
