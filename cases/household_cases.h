// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string_view>

#include "base/result.h"
#include "cases/case.h"
#include "cases/decided_chain.h"
#include "cases/draft.h"

namespace kstati::cases {

// Who may have a case for what the applicant gets about somebody: both, the applicant's spouses,
// and the parents, spouses and children of whom it is about. Only people with a profile.
Result<std::set<CitizenId>> PeopleConcerned(Draft& draft, CitizenId applicant, CitizenId about);

// Whose cases an event may bear on: those whom it concerns, whom the event that it supersedes
// concerned, and who is close to them now or was before.
Result<std::set<CitizenId>> PeopleAround(Draft& draft, const profile::RegistryEvent& event);

// Whether the person, or the state for the person, has applied.
bool HasBegun(const Case& c);

// Whether another of the household has it under way, or got it since. Somebody's offer keeps it
// from nobody.
Result<bool> IsGivenToAnother(Draft& draft, const Case& c, Instant since);

// Whether the application for what is given once comes too late, since another of the household has
// it under way. A payment is given once only where an exclusion of the catalogue says so: each
// parent has a tax deduction of their own.
Result<bool> IsTakenByAnother(Draft& draft, const graph::Service& service, const Case& c);

// Whether a registry has reported the death of somebody who has a profile.
Result<bool> IsDead(Draft& draft, CitizenId citizen);

// That the application may be taken before its rules are asked: a service about a person is about
// the applicant, one about a child or a deceased about somebody else (kInvalidArgument), and the
// applicant is not known to be dead (kDenied).
Result<void> CheckRoles(const graph::Service& service, const Viewpoint& viewpoint);

inline constexpr std::string_view kApplicantDied = "case.reason.applicant_died";

// Whether the case ended only because its applicant died: others may have it then.
bool EndedByDeath(const Case& c);

// Takes back what the state offered to those who turn out to be dead by the event, and stops what
// was started for them and not handed over.
Result<void> EndForTheDead(Draft& draft, const profile::RegistryEvent& event);

}  // namespace kstati::cases
