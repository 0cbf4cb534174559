// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "cases/desk.h"
#include "cases/draft.h"
#include "cases/openings.h"
#include "profile/consent.h"
#include "profile/proxy.h"

namespace kstati::cases {

// The acts of a person, each on a draft that the caller commits (Retry does).

// A change of a consent: of which, by whom, and what that person saw.
struct ConsentRequest {
  CitizenId citizen;
  ConsentId consent;
  CitizenId by;
  profile::ConsentEvidence evidence;
};

// What a consent that the case rests on has to allow for its next step.
Result<profile::Processing> NextStepOf(Draft& draft, const Case& c);

// Whether the catalogue has what the scope names; kNotFound with the field when not.
Result<void> CheckScope(const World& world, const profile::ConsentScope& scope);

// Who may act for the citizen is RequireSpeaker's to say. What somebody else consents to lasts at
// most as long as they may speak: an earlier last day takes the place of a later one.
Result<profile::Consent> GrantConsent(Draft& draft, profile::ConsentGrant grant);
// Started cases that the consent no longer allows stop in the same write.
Result<profile::Consent> NarrowConsent(Draft& draft, const ConsentRequest& request,
                                       const profile::ConsentScope& scope,
                                       std::optional<Date> last_day);
Result<profile::Consent> RenewConsent(Draft& draft, const ConsentRequest& request,
                                      std::optional<Date> last_day);
// Everything started on it stops. Revoking again changes nothing and stops nothing. On a draft that
// is not committed it tells what a revocation would do.
Result<Revoked> RevokeConsent(Draft& draft, const ConsentRequest& request,
                              const std::string& reason);
// Those that were given under the proxy.
Result<void> RevokeConsentsOf(Draft& draft, const profile::Proxy& proxy);
Result<Case> RequireCase(Draft& draft, CitizenId citizen, const CaseId& id);
// Opens a case for the application, or confirms what was offered, under the regulation of the day.
// Also where the rules come to a "no": an official decides then, unless AdverseLeave allows to
// refuse. What is refused is no case: kDenied, with the grounds, and noted in the draft
// (RefusedAct). kNotFound without a regulation on that day, kConflict when an application is under
// way, or another of the household has applied for what is given once; CheckRoles says for whom
// else nothing is taken.
Result<Case> ApplyFor(Draft& draft, const graph::Service& service, const Viewpoint& viewpoint);
// Stops the case instead when the consent that started it has run out, or the data of whom it is
// about were erased.
Result<Case> HandCaseOver(Draft& draft, CitizenId citizen, const CaseId& id);

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

// Keeps with a case that somebody tried a step which the table does not allow. A case that cannot
// be kept is left as it is.
void NoteIllegalStep(const World& world, const IllegalStep& step);

// Journal and ledger tell of an act that was refused, in a commit of its own.
Result<void> KeepRefusedAct(const World& world, const RefusedAct& act);

// As Retry, for what somebody does to a case: a step that the table refuses is kept with it, and
// what the act notes as refused is on record before the refusal is answered.
template <class Act>
auto RetryStep(const World& world, const Act& act) -> decltype(act(std::declval<Draft&>())) {
  std::optional<IllegalStep> illegal;
  std::optional<RefusedAct> refused;
  auto result = Retry(world, [&](Draft& draft) {
    auto outcome = act(draft);
    illegal = draft.illegal_step();
    refused = draft.refused_act();
    return outcome;
  });
  if (!result && illegal) NoteIllegalStep(world, *illegal);
  if (!result && refused) {
    const Result<void> kept = KeepRefusedAct(world, *refused);
    if (!kept) return tl::unexpected(kept.error());
  }
  return result;
}

}  // namespace kstati::cases
