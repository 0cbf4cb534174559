// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "eligibility/program.h"
#include "recommender/interaction.h"
#include "recommender/ranker.h"

namespace kstati::population {

struct InteractionOptions {
  uint64_t seed = 1;
  size_t count = 20'000;  // visits of citizens to the portal
  Date from;
  Date to;                                 // both days possible
  size_t shown_max = 12;                   // services a visit shows
  std::function<void()> on_visit = [] {};  // called before each of `count`
};

// What citizens would have been shown and taken up on past days. Synthetic: whom it concerns, what
// was shown and what was taken up are drawn at random, take-up by TakeUpProbability. Shown is a
// random choice among everything that might be offered, so that no earlier order colours the data.
// Visits by children, by the dead and those with nothing to offer are left out, hence fewer than
// `count`. The same arguments give the same interactions.
Result<std::vector<recommender::Interaction>> SimulateInteractions(
    const std::vector<CitizenId>& citizens, const recommender::LoadHouseholdOn& load,
    const eligibility::Program& program, const InteractionOptions& options);

}  // namespace kstati::population
