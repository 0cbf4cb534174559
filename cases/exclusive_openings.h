// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "cases/openings.h"

namespace kstati::cases {

// What of the proposals the law gives together:
// 1. Where cases that were started leave one no place, it is offered instead of started: the person
//    chooses. One for the same service is left out.
// 2. One that yields to another proposal, or to what a case is open for, is left out, and it is
//    noted to what: the better one stays, as recommender::YieldingOf has it.
// Cases of the applicants count, and of the parents of a child whom an exclusion is about. Of
// proposals for the same service about the same person the first counts; where it goes, the next
// one takes its place. Requires that none is for what its applicant has an open case for, but for
// the case that it goes on with (whose id it has).
Result<std::vector<Proposal>> LeaveOutExcluded(Draft& draft, std::vector<Proposal> proposals);

}  // namespace kstati::cases
