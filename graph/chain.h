// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "graph/service_graph.h"

namespace kstati::graph {

// What eligibility says of a service for this person, as the chain needs it.
enum class Permission { kAllowed, kUndetermined, kForbidden };

// How a service stands for this person.
struct Standing {
  Permission permission = Permission::kAllowed;
  const Regulation* regulation = nullptr;  // as it applies to the person; null: the typical one
  Latency slowest = Latency::kOnSite;      // of the sources still to answer
};

struct ChainRequest {
  const Situation* situation = nullptr;
  std::set<AttributeId> held;  // documents and payments the person has
  std::function<Standing(const ServiceId&)> standing;
  // A document no service produces: true when a registry holds it, so the person need not bring it.
  std::function<bool(const AttributeId&)> state_holds;
  Date start;
};

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
};

// Leads from what the person holds to the goals of the situation. Correct (every step founded, none
// forbidden, no circle supports itself, no step without a use), not yet the cheapest: each document
// comes from the producer that finishes first, services of the situation before others and certain
// ones before undetermined ones; ties go to fewer visits, higher priority, then the id.
// `standing` is asked once for each service that may lead to a goal, and for no other.
// Terms are counted by the working calendar; a term past the last loaded year leaves `finish`
// absent.
Chain BuildChain(const ServiceGraph& graph, const ChainRequest& request);

}  // namespace kstati::graph
