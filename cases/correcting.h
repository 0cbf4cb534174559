// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "profile/registry_event.h"

namespace kstati::cases {

// When an event supersedes another: decides again exactly the cases that rest on the other, or that
// it caused. What is better for the person happens in this commit; what is worse goes to an
// official with the cases that have to be taken back first. Offers whose reason is gone are taken
// back, and the situations that the other event opened are gone.
Result<void> Correct(Draft& draft, const profile::RegistryEvent& event);

// The cases that rest on the result of this one, directly or through others, of whoever may apply
// with it: in the order in which they have to be taken back, before it.
Result<std::vector<CaseId>> CompensationPlan(Draft& draft, const Case& c);

// kConflict with the case that comes first unless everything in the plan is taken back, but for
// results that cannot be; kDenied when this one's cannot.
Result<void> CheckTakenBack(Draft& draft, const Case& c);

}  // namespace kstati::cases
