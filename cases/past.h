// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "cases/case.h"
#include "profile/store.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// Records that are rewritten in place, as they stood earlier.

// The case with the status it had at `known_at`; nullopt when it was not open yet.
std::optional<Case> AsKnownAt(Case c, Instant known_at);

// Of `situations` those that had happened by `as_of.valid_at` and whose event was recorded by
// `as_of.known_at`, in their order.
Result<std::vector<recommender::OpenSituation>> KnownSituations(
    const profile::Store& store, profile::AsOf as_of,
    std::vector<recommender::OpenSituation> situations);

}  // namespace kstati::cases
