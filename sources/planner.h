// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <vector>

#include "base/ids.h"
#include "sources/fact_source.h"

namespace kstati::sources {

// One call: which of the sources, and for what.
struct PlannedCall {
  size_t source = 0;  // index into the list
  std::vector<AttributeId> attributes;
  bool operator==(const PlannedCall&) const = default;
};

struct CallPlan {
  std::vector<PlannedCall> calls;  // by index of the source
  int64_t cost = 0;
  std::set<AttributeId> out_of_reach;  // no source has them in time
};

// The cheapest set of calls that covers every attribute which some source can answer within
// `limit`; of equally cheap ones the one whose slowest call is soonest, then the one that asks the
// first sources of the list. Each attribute is asked of one source: the fastest among those called.
// Sources that tell by themselves are never called. Exact.
CallPlan PlanCalls(const std::vector<SourceTerms>& sources, const std::set<AttributeId>& missing,
                   std::chrono::milliseconds limit);

}  // namespace kstati::sources
