// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "cases/desk.h"
#include "cases/draft.h"
#include "cases/openings.h"
#include "profile/consent.h"

namespace kstati::cases {

// The acts of a person, each on a draft that the caller commits (Retry does).

// kDenied unless the citizen grants, or a guardian, or a parent of a minor.
Result<profile::Consent> GrantConsent(Draft& draft, const profile::ConsentGrant& grant);
Result<Revoked> RevokeConsent(Draft& draft, CitizenId citizen, const ConsentId& id,
                              const std::string& reason);
Result<Case> RequireCase(Draft& draft, CitizenId citizen, const CaseId& id);
Result<Case> ApplyFor(Draft& draft, const graph::Service& service, const Viewpoint& viewpoint);
// Stops the case instead when the consent that started it has run out.
Result<Case> HandCaseOver(Draft& draft, CitizenId citizen, const CaseId& id);

inline constexpr std::string_view kFeedbackLog = "feedback";

// Runs `act` on a fresh draft and commits; when another change came between, again.
template <class Act>
auto Retry(const World& world, const Act& act) -> decltype(act(std::declval<Draft&>())) {
  bool lost_race = false;
  const auto attempt = [&]() -> decltype(act(std::declval<Draft&>())) {
    lost_race = false;
    Draft draft(world, world.Now());
    auto result = act(draft);
    if (!result) return result;
    const Result<void> committed = draft.Commit();
    if (committed) return result;
    lost_race = committed.error().code == ErrorCode::kConflict;
    return tl::unexpected(committed.error());
  };
  return Repeat(world, attempt, [&](const Error&) { return lost_race; });
}

}  // namespace kstati::cases
