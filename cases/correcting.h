// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "profile/registry_event.h"
#include "recommender/life_event.h"

namespace kstati::cases {

// When an event supersedes another: decides again exactly the cases that rest on the other, or that
// it caused. What is better for the person happens in this commit; what is worse goes to an
// official with the cases that have to be taken back first. Offers whose reason is gone are taken
// back, and the situations that the other event opened are gone.
// `found` are the life events that it announces itself.
Result<void> Correct(Draft& draft, const profile::RegistryEvent& event,
                     const std::vector<recommender::LifeEvent>& found);

// A "yes" that an official has to look at again only because of a correction: where it stands after
// all, it does so without the official. Keeps the case.
Result<void> DropDoubt(Draft& draft, Case& c);
// Whether the case is with an official for nothing but that.
bool IsDoubted(const Case& c);

// The cases that rest on the result of this one, directly or through others, of whoever may apply
// with it: in the order in which they have to be taken back, before it.
Result<std::vector<CaseId>> CompensationPlan(Draft& draft, const Case& c);

// kConflict with the case that comes first unless everything in the plan is taken back, but for
// results that cannot be; kDenied when this one's cannot.
Result<void> CheckTakenBack(Draft& draft, const Case& c);

}  // namespace kstati::cases
