// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/rows.h"

namespace kstati::graph::search {

// Which facts lie on a circle in the graph of facts and services, where a fact leads to the
// services that need it and a service to the facts it gives; by fact, 0 or 1. What is cut out of
// the graph has no other circles.
std::vector<uint8_t> FactsOnCircles(const Rows& needs, const Rows& gives, uint32_t fact_count);

}  // namespace kstati::graph::search
