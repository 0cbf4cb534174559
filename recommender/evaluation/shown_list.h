// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "graph/catalogue.h"
#include "recommender/candidate.h"
#include "recommender/interaction.h"

namespace kstati::recommender::evaluation {

// What was shown to a person, and what of it was taken up.
struct ShownList {
  std::vector<Candidate> candidates;
  std::vector<bool> taken;
  std::vector<bool> fresh;  // services of a fresh life event: shown before all others
};

// Without services that the catalogue no longer has.
ShownList ListOf(const Interaction& interaction, const graph::Catalogue& catalogue);

}  // namespace kstati::recommender::evaluation
