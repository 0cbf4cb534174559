// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "graph/chains/request.h"
#include "graph/service_graph.h"

namespace kstati::graph {

struct ChainStep {
  ServiceId service;
  // When all inputs are there; when an earlier step has no finish: not before this day.
  Date start;
  std::optional<Date> finish;      // absent: past the last loaded calendar year
  std::vector<ServiceId> after;    // steps whose outputs this one uses
  std::vector<AttributeId> bring;  // documents the person must bring
  bool undetermined = false;       // decided once a missing fact is known
  int visits = 0;
};

// Services in an order in which each step's inputs are there before it starts.
struct Chain {
  SituationId situation;
  // By start, then priority, then id; a step always comes after those it is `after`.
  std::vector<ChainStep> steps;
  std::vector<AttributeId> reached;      // goals the chain reaches or the person already has
  std::vector<AttributeId> unreachable;  // goals no allowed service leads to
  std::optional<Date> finish;  // of the last step; absent when there is none or it has none
  int64_t burden = 0;          // kopecks
  int64_t least_burden = 0;    // no chain asks less: the same when the chain is proven
  bool proven = true;
};

// Leads from what the person holds to the goals of the situation with the least burden: what
// graph/chains/burden.h counts, with the days of waiting. Every step is founded, none is refused,
// no circle supports itself and no step is without a use. Ties go to fewer days, higher priority,
// then the id. A document that nobody gives and no registry holds is brought.
// Standings are asked for services that may lead to a goal, and for no other.
// Terms are counted by the working calendar; a term past the last loaded year leaves `finish`
// absent.
Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request);

}  // namespace kstati::graph
