// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "profile/consent.h"

namespace kstati::cases {

// What has to be erased because a consent was revoked: what the cases hold that the revocation
// stopped. Cases that were handed over before rest on the law by then, facts on what the registries
// reported: neither is erased. Entries of the ledger and of the outbox cannot be taken out one by
// one; they are sealed and go when the citizen is erased as a whole.
struct ErasureDuty {
  ConsentId consent;
  std::vector<CaseId> cases;
  Instant since;  // of the revocation
  Date due;       // the last day the law gives
  std::optional<Instant> done;
  bool purged = false;  // what the store replaced by it is gone from its files too
};

// Duties that wait, in order of arising.
inline constexpr std::string_view kErasureLog = "erasure";

std::string Encode(const ErasureDuty& duty);
Result<ErasureDuty> DecodeErasureDuty(std::string_view bytes);

// Notes the duty when there is something to erase, and returns its last day. Without the law's
// parameter it is due at once.
std::optional<Date> BeginErasure(Draft& draft, const profile::Consent& consent,
                                 const std::vector<Case>& stopped);
Result<std::vector<ErasureDuty>> ErasureDutiesOf(Draft& draft, CitizenId citizen);
// Empties the cases, removes the messages about them and what applications and pre-checks say of
// them, and enters the proof into the ledger; the caller purges the store afterwards, and notes it.
// Nothing when it is done already. kNotFound without the duty.
Result<ErasureDuty> PerformErasure(Draft& draft, CitizenId citizen, const ConsentId& consent);
Result<ErasureDuty> NotePurged(Draft& draft, CitizenId citizen, const ConsentId& consent);

// What erasing a person as a whole takes away, and what it does not reach.
struct WholeErasure {
  CitizenId citizen;
  size_t facts = 0;
  size_t consents = 0;        // that stand
  size_t proxies = 0;         // that stand
  std::vector<Case> stopped;  // open ones of ours
  std::vector<Case> held_by;  // authorities work at them: their terms run, and their results come
};
// kNotFound without a profile.
Result<WholeErasure> WhatErasingTakes(Draft& draft, CitizenId citizen);

// Stops what could be handed over, so that nothing is once the draft is committed; the caller then
// erases. kDenied while an authority works at a case.
Result<WholeErasure> PrepareErasing(Draft& draft, CitizenId citizen);

// A duty as the queue names it.
struct QueuedErasure {
  CitizenId citizen;
  ConsentId consent;
  Date due;
};
Result<QueuedErasure> DecodeQueuedErasure(std::string_view bytes);

}  // namespace kstati::cases
