// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_viewpoint.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cases/chain_repair.h"
#include "cases/clock_keeping.h"
#include "cases/reading.h"

namespace kstati::cases {

Result<Viewpoint> ViewpointOfChain(Draft& draft, const graph::Situation& situation,
                                   CitizenId citizen, CitizenId about, const LookAt& as_of) {
  KSTATI_TRY(const Reading reading, Read(draft, citizen, as_of));
  CitizenId whom = about.number() != 0 ? about : citizen;
  for (const recommender::OpenSituation& open : reading.situations) {
    if (about.number() == 0 && open.situation == situation.id) {
      whom = open.about;
      break;
    }
  }
  const auto& children = reading.household->children;
  if (whom == citizen && situation.about == "child" && !children.empty()) {
    whom = children.back()->citizen();
  }
  KSTATI_TRY(Viewpoint viewpoint, ViewpointOf(draft, reading, whom, nullptr));
  bool first = true;
  for (const recommender::OpenSituation& open : reading.situations) {
    if (open.situation != situation.id || open.about != whom) continue;
    if (std::exchange(first, false)) viewpoint.event_date = open.occurred_on;  // the latest
    if (!open.IsOpenOn(draft.today())) continue;
    viewpoint.opened_on = std::max(viewpoint.opened_on, std::optional(open.occurred_on));
  }
  return viewpoint;
}

const Viewpoint& SeenFrom(const std::vector<Viewpoint>& viewpoints,
                          const eligibility::Decision& decision) {
  const auto seen_from = std::ranges::find_if(viewpoints, [&](const Viewpoint& viewpoint) {
    return viewpoint.subject().about == nullptr ? decision.about == decision.applicant
                                                : decision.about == viewpoint.about->citizen();
  });
  return seen_from == viewpoints.end() ? viewpoints.front() : *seen_from;
}

Result<SoFar> SoFarOf(Draft& draft, CitizenId citizen, Instant at) {
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  std::map<CaseId, std::optional<CaseClock>> clocks;
  for (const Case& c : cases) {
    if (!IsOpen(c.status) && c.history.back().at <= at) continue;  // had a result by then
    KSTATI_TRY(clocks[c.id], ClockOf(draft, citizen, c.id));
  }
  const auto due = [&](const Case& c) { return DueAsOf(c, clocks[c.id], at); };
  return SoFar{std::nullopt, UnderWayAt(cases, at, draft.world().time_zone, due)};
}

}  // namespace kstati::cases
