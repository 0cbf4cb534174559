// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/fact.h"

namespace kstati::cases {

// Why the state started a service by itself, offered it, told of it, or did none of these. The
// numbers are stored.
enum class TriggerReason {
  kStarted,
  kOffered,
  kAnnounced,
  kNotEligible,    // on the grounds among the details
  kFactsMissing,   // the attributes among the details
  kHeld,           // the person has what it gives
  kUnderWay,       // a case is open, or the same event gave one
  kHouseholdTold,  // another of the household has it
  kTooLate,        // the situation was over when the registry told
  kInferred,       // a guess: the state starts nothing on it
  kExcluded,       // the law does not give it beside the services among the details
  kNoConsent,      // a step of an application that no consent lets start by itself
  kNoRegulation,   // such a step of a service without a regulation on that day
  kDeclined,       // the person turned such a step down
};

inline constexpr size_t kTriggerReasonCount = 14;

std::string_view NameOf(TriggerReason reason);  // "started", "facts_missing", ...
// Whether a case came of it.
bool Starts(TriggerReason reason);

// One decision "start" or "do not start". What it says holds until a later one about the same
// service and person.
struct TriggerDecision {
  Instant at;
  profile::EventKey cause;
  ServiceId service;  // empty: all of the situation
  CitizenId about;
  TriggerReason reason = TriggerReason::kStarted;
  std::vector<std::string> details;  // ids of grounds, attributes or services
};

// Adds those that say something else than the latest known about the same service and person, and
// tells whether there were any. That a case is under way is nothing new where it was started here.
bool AddChanged(std::vector<TriggerDecision>& known, std::vector<TriggerDecision> decisions);

// Records of one situation of a citizen, by the situation's id.
inline constexpr std::string_view kTriggerRecord = "trigger";

std::string Encode(const std::vector<TriggerDecision>& decisions);
Result<std::vector<TriggerDecision>> DecodeTriggers(std::string_view bytes);

}  // namespace kstati::cases
