// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "eligibility/decision.h"
#include "graph/service.h"
#include "profile/consent.h"
#include "profile/fact.h"

namespace kstati::cases {

enum class Status {
  kAnnounced,    // the person was told; nothing else happens until the person applies
  kOffered,      // everything is filled in; one confirmation starts it
  kStarted,      // an application exists and waits for its next step
  kInterAgency,  // handed to the authority, which checks and decides
  kDone,         // the result is there
  kStopped,      // its consent was revoked, narrowed or ran out before it was handed over
  kDeclined,     // the person turned the offer down
  kErased,       // stopped, and what it was about is gone; only its moments are left
};

std::string_view NameOf(Status status);  // "announced", "inter_agency", ...

// What can happen to a case.
enum class Action { kConfirm, kDecline, kHandOver, kResult, kConsentEnds, kErase };

// The one table of the state machine; nullopt: the action is illegal in that status.
std::optional<Status> Next(Status status, Action action);

bool IsOpen(Status status);

struct StatusChange {
  Status status = Status::kAnnounced;
  Instant at;
  std::string reason;  // key of a message, for example "case.reason.consent_revoked"
};

// One application, proactive or requested, from its start to its result.
struct Case {
  CaseId id;
  CitizenId citizen;
  CitizenId about;
  ServiceId service;
  SituationId situation;  // empty when applied for outside a situation
  graph::Mode mode = graph::Mode::kOnRequest;
  Status status = Status::kAnnounced;
  Instant opened_at;
  Instant clock_started_at;  // when the founding facts reached the state, or the request was made
  std::optional<Date> due;   // absent: no clock yet, or past the last loaded calendar year
  std::string due_note;      // key of a message that says why `due` is absent
  eligibility::Verdict verdict = eligibility::Verdict::kEligible;
  ConsentId consent;  // the consent that allowed it; empty when none was needed
  std::set<profile::CategoryId> categories;  // of the data used on that consent
  profile::EventKey cause;                   // empty when the person applied
  Date regulation_from;                      // the version of the regulation it runs under
  // Where a legal clock begins: its term, for the clock that starts with the change. Kept there.
  std::optional<Term> term;
  std::vector<StatusChange> history;  // oldest first; the last one is `status`
};

std::string Encode(const Case& c);
Result<Case> DecodeCase(std::string_view bytes);

}  // namespace kstati::cases
