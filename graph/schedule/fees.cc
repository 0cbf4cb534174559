// SPDX-License-Identifier: Apache-2.0
#include "graph/schedule/fees.h"

#include <algorithm>

#include "graph/chains/burden.h"

namespace kstati::graph::schedule {

void PayOn(const Catalogue& catalogue, ChainStep& step, Chain& chain) {
  const chains::Burden burden =
      chains::BurdenOf(*step.regulation, step.scenario, catalogue, step.start, step.region);
  chains::Burden searched;
  searched.fee = step.fee;
  searched.fee_known = step.fee_known;
  step.fee = burden.fee;
  step.fee_known = burden.fee_known;
  if (burden.fee_counted() == searched.fee_counted()) return;
  chain.burden += burden.fee_counted() - searched.fee_counted();
  chain.least_burden = std::min(chain.least_burden, chain.burden);
  chain.proven = false;
}

}  // namespace kstati::graph::schedule
