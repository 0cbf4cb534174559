// SPDX-License-Identifier: Apache-2.0
#include "cases/past.h"

#include <algorithm>
#include <utility>

namespace kstati::cases {

std::optional<Case> AsKnownAt(Case c, Instant known_at) {
  const auto later = std::ranges::find_if(
      c.history, [&](const StatusChange& change) { return change.at > known_at; });
  if (later == c.history.begin()) return std::nullopt;
  if (later == c.history.end()) return c;
  c.history.erase(later, c.history.end());
  c.status = c.history.back().status;
  std::erase_if(c.rulings, [&](const Ruling& ruling) { return ruling.at > known_at; });
  std::erase_if(c.refused, [&](const RefusedStep& step) { return step.at > known_at; });
  c.refused_steps = c.refused.size();
  // What it waited for is not kept by moments.
  c.awaited.clear();
  c.wait_until.reset();
  c.compensation.clear();
  if (std::ranges::find(c.history, Status::kStarted, &StatusChange::status) == c.history.end()) {
    c.due.reset();
    c.due_note = "case.due.not_started";
    c.consent = {};
  }
  return c;
}

Result<std::vector<recommender::OpenSituation>> KnownSituations(
    const profile::Store& store, profile::AsOf as_of,
    std::vector<recommender::OpenSituation> situations) {
  std::vector<recommender::OpenSituation> known;
  for (recommender::OpenSituation& situation : situations) {
    if (situation.occurred_on > as_of.valid_at) continue;
    // The event is about one of the two: a death about the deceased, a move about whoever moved.
    KSTATI_TRY(std::optional<Instant> recorded, store.RecordedAt(situation.about, situation.cause));
    if (!recorded) {
      KSTATI_TRY(recorded, store.RecordedAt(situation.citizen, situation.cause));
    }
    if (recorded && *recorded <= as_of.known_at) known.push_back(std::move(situation));
  }
  return known;
}

}  // namespace kstati::cases
