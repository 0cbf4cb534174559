// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "graph/catalogue.h"
#include "population/population.h"

namespace kstati::population {

// A sum that the law sets, for a region on a day, in kopecks; nullopt when the catalogue has none.
std::optional<int64_t> SumInForce(const graph::Catalogue& catalogue, const char* parameter, Date on,
                                  const std::string& region);

// The general pension age of people born in that year, in full years; nullopt when the catalogue
// has none or it is not a whole number.
std::optional<int64_t> PensionAge(const graph::Catalogue& catalogue, Date on, Sex sex,
                                  int64_t birth_year);

}  // namespace kstati::population
