// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"
#include "graph/catalogue.h"

namespace kstati::graph {

// A value of law that a fee was computed with; into the catalogue.
struct FeeBasis {
  const Parameter* parameter = nullptr;
  const ParameterValue* value = nullptr;
};

// What somebody pays. Roubles.
struct FeeDue {
  Decimal full;                 // without a discount
  Decimal due;                  // with the largest discount of the channel
  std::vector<FeeBasis> basis;  // in the order used
};

// The fee on a day for those who apply through a channel. nullopt when the law states it in words,
// or has no figure that day or for the region.
std::optional<FeeDue> FeeOn(const Fee& fee, const Catalogue& catalogue, Date day,
                            const std::string& region, std::string_view channel);

// The days on which a figure behind the fee changes, ascending: between them it stays.
std::vector<Date> FeeChanges(const Fee& fee, const Catalogue& catalogue);

}  // namespace kstati::graph
