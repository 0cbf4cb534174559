// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "graph/catalogue.h"
#include "graph/scenario.h"
#include "graph/search/core.h"

namespace kstati::graph::chains {

using search::Cost;

// What a chain asks of a person, in kopecks: fees as they are, and a minute of the person's time
// for ten roubles. docs/decisions/021-chains-of-a-person.md says why these.
inline constexpr Cost kMinute = 1000;
inline constexpr Cost kApplication = 15 * kMinute;  // each service
inline constexpr Cost kVisit = 120 * kMinute;       // each, in person
inline constexpr Cost kDocument = 30 * kMinute;     // each that the person has to bring
inline constexpr Cost kWorkingDay = 10 * kMinute;   // of waiting until all is there
// Of obstacles that are as many: a service refused says more than a document missing.
inline constexpr Cost kMissing = 1'000'000 * kMinute;
// So much that no chain is slower for anything else.
inline constexpr Cost kDayAboveAll = Cost{1} << 40;
inline constexpr Cost kUnknownFee = 100 * kMinute;     // one that the law states in words
inline constexpr Cost kOutside = 10'000 * kMinute;     // a service that the situation does not name
inline constexpr Cost kNotTold = 1'000'000 * kMinute;  // one the person was not told of before
inline constexpr Cost kUndetermined = 100'000 * kMinute;  // a service the person may not get

// What one service asks.
struct Burden {
  int visits = 0;
  Cost fee = 0;  // kopecks, through the cheapest channel
  bool fee_known = true;

  // A fee in words counts as kUnknownFee.
  Cost fee_counted() const { return fee_known ? fee : kUnknownFee; }
};

// When it is begun on `day`.
Burden BurdenOf(const Regulation& regulation, const PersonalScenario& own,
                const Catalogue& catalogue, Date day, const std::string& region);

// Of the days from `first` on those on which the fee may be another than the day before, and it.
std::vector<Date> FeeDays(const Fee& fee, const Catalogue& catalogue, Date first);

}  // namespace kstati::graph::chains
