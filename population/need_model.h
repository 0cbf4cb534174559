// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/catalogue.h"
#include "profile/household.h"
#include "recommender/candidate.h"

namespace kstati::population {

// The probability that a made-up person takes up a service that is shown: the hidden truth of
// simulated interactions. Invented, not estimated: nobody's behaviour was measured. It joins what
// take-up studies agree on in direction only: need (age, children, income against the subsistence
// minimum, a fresh life event), worth (the sum), and burden (visits, the more so for people used to
// doing things online). The parts multiply and bend, so that an order by popularity within age and
// region cannot be the best.
double TakeUpProbability(const profile::Household& household,
                         const recommender::Candidate& candidate, Date on,
                         const graph::Catalogue& catalogue);

// The probability that it comes to a result once it is taken up. Invented likewise: visits and long
// terms wear people out, the more so those with small children.
double CompletionProbability(const profile::Household& household,
                             const recommender::Candidate& candidate, Date on);

}  // namespace kstati::population
