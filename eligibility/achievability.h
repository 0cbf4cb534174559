// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "eligibility/lint.h"
#include "eligibility/program.h"
#include "graph/service_graph.h"
#include "graph/validity.h"

namespace kstati::eligibility {

// A made-up person who reaches goals of a situation, by a chain that the engine built for exactly
// these facts and carried out step by step.
struct ProvenWay {
  graph::Example person;  // facts alone; "relation.*" and "event.date" may be among them
  std::vector<AttributeId> goals;
  std::vector<ServiceId> steps;  // in order
};

// That a situation can be achieved.
struct SituationProof {
  SituationId situation;
  std::vector<ProvenWay> ways;       // as few people as were needed for all goals that can be had
  std::vector<AttributeId> refuted;  // goals that nobody ever reaches
  std::vector<AttributeId> open;     // goals of which neither was proven

  bool is_proven() const { return refuted.empty() && open.empty(); }
};

struct AchievabilityReport {
  std::vector<SituationProof> situations;
  // "goal-unreachable" and "dead-service": what nobody can ever get although the catalogue offers
  // it, each with what every way ended in and, where one can, a person who would be entitled.
  // "validity-too-short": a goal that nobody gets since a document expires before it is used on the
  // quickest way, with a person who would get it otherwise.
  std::vector<Finding> findings;
  std::vector<ServiceId> open;  // services of which it stayed open whether anybody gets them
};

// Proves of every situation that somebody reaches its goals, and of every service in force that
// somebody gets it, on `today` in the region with most figures of its own. What is refuted is
// proven: every choice of services and every combination of facts that their rules tell apart was
// tried. What expires is used in time. Requires a program without errors; `services` are those of
// the day.
AchievabilityReport ProveAchievable(const Program& program, const graph::ServiceGraph& services,
                                    const graph::Validities& validities, Date today);

// "birth: 1 person reaches doc.a, doc.b: facts ..., by x, y", a line for each person.
std::string ToText(const SituationProof& proof);

}  // namespace kstati::eligibility
