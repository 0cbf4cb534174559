// SPDX-License-Identifier: Apache-2.0
#include "graph/chains/burden.h"

#include <algorithm>
#include <optional>

#include "graph/fee.h"

namespace kstati::graph::chains {
namespace {

constexpr Cost kHighestFee = 1'000'000'000'000;  // kopecks; keeps sums far from overflow

std::optional<Decimal> LowestFee(const Regulation& regulation, const Catalogue& catalogue, Date day,
                                 const std::string& region) {
  std::optional<Decimal> lowest;
  const auto take = [&](std::string_view channel) {
    const auto due = FeeOn(regulation.fee, catalogue, day, region, channel);
    if (due && (!lowest || due->due < *lowest)) lowest = due->due;
  };
  take("");
  for (const std::string& channel : regulation.channels) take(channel);
  return lowest;
}

// Rounded up: a fee is never taken for less than it is.
Cost Kopecks(Decimal roubles) {
  const auto kopecks = roubles.Multiply(Decimal(100));
  const auto whole = kopecks ? kopecks->Round(0, Rounding::kUp) : std::nullopt;
  const auto count = whole ? whole->ToInt64() : std::nullopt;
  return std::clamp<Cost>(count.value_or(kHighestFee), 0, kHighestFee);
}

// A term by another calendar counts as what it spans when it begins on `day`.
int64_t DaysOf(const Term& term, const WorkingCalendar& country, const WorkingCalendar* kept,
               Date day) {
  if (kept == nullptr || kept == &country) return WorkingDaysOf(term, country, day);
  const Result<Date> end = kept->EndOfTerm(day, term);
  if (!end) return WorkingDaysOf(term, country, day);
  const Result<int64_t> days = country.WorkingDaysBetween(day, *end);
  return days ? std::max<int64_t>(*days, 0) : WorkingDaysOf(term, country, day);
}

}  // namespace

Burden BurdenOf(const Regulation& regulation, const Term& term, const Catalogue& catalogue,
                Date day, const std::string& region, const WorkingCalendar* kept) {
  Burden burden;
  burden.visits = regulation.visits;
  burden.days = DaysOf(term, catalogue.calendar(), kept, day);
  const std::optional<Decimal> fee = LowestFee(regulation, catalogue, day, region);
  burden.fee_known = fee.has_value();
  if (fee) burden.fee = Kopecks(*fee);
  return burden;
}

int64_t WorkingDaysOf(const Term& term, const WorkingCalendar& calendar, Date day) {
  if (term.unit == TermUnit::kMinutes) return 0;
  if (term.unit == TermUnit::kWorkingDays) return term.value;
  const Result<Date> end = calendar.EndOfTerm(day, term);
  const Result<int64_t> days = end ? calendar.WorkingDaysBetween(day, *end) : Result<int64_t>(0);
  if (end && days) return *days;
  return term.unit == TermUnit::kMonths ? term.value * 21 : (term.value * 5 + 6) / 7;
}

}  // namespace kstati::graph::chains
