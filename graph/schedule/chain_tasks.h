// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "graph/catalogue.h"
#include "graph/chain.h"
#include "graph/schedule/schedule.h"

namespace kstati::graph::schedule {

// The places of the steps by start, where nobody stands before whom it is `after` or `behind`.
std::vector<size_t> SequenceOf(const std::vector<ChainStep>& steps, const Catalogue& catalogue);

// The step whose output that one uses: of its own part of the chain, else of another; nullopt when
// none before `step` gives it.
std::optional<size_t> GiverOf(const std::vector<ChainStep>& steps, size_t step,
                              const ServiceId& giver);

// Whom a step waits for that is behind `ahead`, wherever they stand: the step about the same
// person; else the applicant's step for those about all others, and these for the applicant's
// alone. Part 0 is the applicant's.
std::vector<size_t> StepsOf(const std::vector<ChainStep>& steps, size_t step,
                            const ServiceId& ahead, const Catalogue& catalogue);

// The steps, in sequence, as tasks. What is held and expires says until when a task may begin.
std::vector<Task> TasksOf(const std::vector<ChainStep>& steps, const Catalogue& catalogue);

// On how few trips the visits of the steps can be made when nothing has to be waited for: visits of
// one step are on different days, and a trip serves all that is to be done at its place. Exact.
int FewestTrips(const std::vector<ChainStep>& steps, const Catalogue& catalogue);

}  // namespace kstati::graph::schedule
