// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/time.h"
#include "eligibility/decision.h"

namespace kstati::recommender {

// One service that may be shown to one citizen.
struct Candidate {
  const graph::Service* service = nullptr;  // into the catalogue
  CitizenId about;                          // the citizen, the child or the deceased
  eligibility::Verdict verdict = eligibility::Verdict::kUndetermined;
  SituationId situation;                // empty: no open situation names it
  std::optional<Date> situation_since;  // when the life event behind it happened
};

// Whether what happened then is fresh on the day: services of such a situation stand before all
// others, whatever their scores.
inline bool IsFresh(const std::optional<Date>& situation_since, Date on) {
  constexpr int64_t kFreshDays = 60;
  return situation_since && on.days - situation_since->days <= kFreshDays;
}

}  // namespace kstati::recommender
