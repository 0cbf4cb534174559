// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "eligibility/program.h"
#include "recommender/life_event.h"
#include "recommender/ranker.h"

namespace kstati::population {

// The situations that were open for a citizen on a past day, told from the facts of the household
// alone: births, birthdays, deaths, changes of facts and derived attributes that had come true by
// then. For simulations, where no record of the situation was kept; life events that leave no dated
// fact are missed.
Result<std::vector<recommender::OpenSituation>> ReconstructSituations(
    const profile::Household& household, Date on, const recommender::LoadHouseholdOn& load,
    const eligibility::Program& program);

}  // namespace kstati::population
