// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/search/core.h"
#include "graph/search/rows.h"

namespace kstati::graph::search {

// A lower bound with its proof: landmarks of services, each with a weight, such that no service is
// charged more than it costs. Every chain holds a service of each landmark, so a chain costs at
// least `lower` plus what its services cost beyond their charges.
struct Bound {
  Cost lower = 0;
  std::vector<Cost> rest;     // by service: its cost beyond the charges
  Rows landmarks;             // services
  std::vector<Cost> weights;  // by landmark

  void Start(const Core& core) {
    lower = 0;
    rest = core.cost;
    landmarks.Clear();
    weights.clear();
  }
};

}  // namespace kstati::graph::search
