// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/latency.h"
#include "base/time.h"
#include "graph/catalogue.h"
#include "graph/scenario.h"

namespace kstati::graph::chains {

// Of what, for whom and since when scenarios are compared.
struct ScenarioChoice {
  const Service& service;
  const Regulation& regulation;
  Latency slowest = Latency::kOnSite;
  Date from;
  const std::string& region;
};

// The scenarios without those that no chain needs: another one asks for no more visits, each at no
// other place, takes no longer whenever it begins and costs no more on any day from `from` on. Of
// equal ones the first stays.
std::vector<PersonalScenario> KeepWorthwhile(std::vector<PersonalScenario> scenarios,
                                             const ScenarioChoice& choice,
                                             const Catalogue& catalogue);

}  // namespace kstati::graph::chains
