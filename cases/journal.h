// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::cases {

// Who did what the journal tells; never which person.
enum class Actor { kState, kPerson, kRepresentative, kOfficial, kOperator, kSource };

std::string_view NameOf(Actor actor);  // "state", "person", ...
Result<Actor> ParseActor(std::string_view name);

// One thing that happened to a case: keys, and ids of the catalogue, nothing of a person's data.
// The id of the case tells whose it is; what leaves the system has numbers instead (JournalAsLog).
struct JournalEntry {
  CaseId case_id;
  ServiceId service;
  std::string authority;  // id, as the catalogue named it then
  std::string activity;   // "status.started", "clock.breach", "source.asked"
  Instant at;
  Actor actor = Actor::kState;
  std::string reason;  // keys: of a message, refusal grounds, an attribute or a cause; may be empty
  std::string party;   // id of the source or authority that was asked, or answered; may be empty
  bool operator==(const JournalEntry&) const = default;
};

// When the legal clock started; and from when on its term is breached, as the entry's reason.
inline constexpr std::string_view kStartedActivity = "clock.started";
inline constexpr std::string_view kDueActivity = "clock.due";
// A case that was over is open again, and a new term runs.
inline constexpr std::string_view kRestartedActivity = "clock.restarted";
// An application was not taken; its entry has a number of its own, since there is no case.
inline constexpr std::string_view kFilingRefusedActivity = "filing.refused";
// Somebody demanded what the regulation does not list; the attribute is the reason.
inline constexpr std::string_view kUnlistedAskActivity = "ask.unlisted";
// Somebody asked the person for what the state holds already; the attribute is the reason.
inline constexpr std::string_view kHeldAskActivity = "ask.held";
// A case waits for what a registry is to report; the registry is the party.
inline constexpr std::string_view kSourceAskedActivity = "source.asked";
inline constexpr std::string_view kSourceAnsweredActivity = "source.answered";
inline constexpr std::string_view kSourceSilentActivity = "source.silent";
// The next step is an official's, and no longer is.
inline constexpr std::string_view kOfficialAssignedActivity = "official.assigned";
inline constexpr std::string_view kOfficialDoneActivity = "official.done";

// Append-only, an entry beside every change of a case, in the same commit. Sealed as what is about
// the citizen, so that it goes when the citizen is erased.
inline constexpr std::string_view kJournalLog = "journal";

std::string Encode(const JournalEntry& entry);
Result<JournalEntry> DecodeJournalEntry(std::string_view bytes);

// Who brings a case into a status for this reason (a key of a message).
Actor ActorOf(std::string_view reason);

}  // namespace kstati::cases
