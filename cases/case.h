// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "eligibility/decision.h"
#include "graph/service.h"
#include "profile/consent.h"
#include "profile/fact.h"

namespace kstati::cases {

// The numbers are stored: none is ever reused.
enum class Status {
  kAnnounced,         // the person was told; nothing else happens until the person applies
  kOffered,           // everything is filled in; one confirmation starts it
  kStarted,           // an application exists and waits for its next step
  kInterAgency,       // handed over: registries answer, then it is decided
  kDone,              // the result is there
  kStopped,           // its consent was revoked, narrowed or ran out before it was handed over
  kDeclined,          // the person turned the offer down
  kErased,            // stopped, and what it was about is gone; only its moments are left
  kSuspended,         // until something outside has happened
  kInformationAsked,  // of the person: what nobody else knows
  kBeingAssessed,     // by an official: what no machine evaluates
  kWaitingForPlace,   // the right is there, the resource is limited
  kWithOfficial,      // who decides
  kGranted,           // decided: yes; the result is on its way
  kRefused,           // decided: no
  kAnnulled,          // it rested on what turned out wrong
  kWithdrawn,         // by the person
};

inline constexpr size_t kStatusCount = 17;

std::string_view NameOf(Status status);  // "announced", "inter_agency", ...

// What can happen to a case. The numbers are stored.
enum class Action {
  kConfirm,
  kDecline,
  kHandOver,
  kResult,
  kConsentEnds,
  kErase,
  kAsk,
  kInform,
  kSuspend,
  kResume,
  kAssess,
  kReportFindings,
  kQueue,
  kGivePlace,
  kRefer,
  kGrant,
  kRefuse,
  kAnnul,
  kWithdraw,
  kReopen,
};

inline constexpr size_t kActionCount = 20;

std::string_view NameOf(Action action);  // "confirm", "hand_over", ...

// The one table of the state machine; nullopt: the action is illegal in that status.
std::optional<Status> Next(Status status, Action action);

// Whether something can still come of it without a correction.
bool IsOpen(Status status);
// Whether it was handed over and is not decided yet.
bool IsUnderWay(Status status);
// Whether the result was there at some time.
struct Case;
bool HadResult(const Case& c);
// Whether its next step is an official's.
bool IsForOfficial(Status status);

struct StatusChange {
  Status status = Status::kAnnounced;
  Instant at;
  std::string reason;  // key of a message, for example "case.reason.consent_revoked"
};

// A step that somebody tried and the table does not allow.
struct RefusedStep {
  Status status = Status::kAnnounced;
  Action action = Action::kConfirm;
  Instant at;
};

enum class Decided : uint8_t { kGranted, kRefused, kAnnulled };

inline constexpr size_t kDecidedCount = 3;

std::string_view NameOf(Decided decided);  // "granted", "refused", "annulled"

// Why an official decides otherwise than the rules come out. The numbers are stored.
enum class Override : uint8_t { kNone, kRecordIsWrong, kDocumentSeen, kCourtDecided, kRuleIsWrong };

inline constexpr size_t kOverrideCount = 5;

std::string_view NameOf(Override override_reason);  // "none", "record_is_wrong", ...
std::optional<Override> ParseOverride(std::string_view name);

// A decision on a case, by the rules or by an official.
struct Ruling {
  Decided decided = Decided::kGranted;
  std::string official;                                            // empty: the rules decided
  eligibility::Verdict verdict = eligibility::Verdict::kEligible;  // what the rules come to
  std::vector<GroundId> grounds;                                   // of a "no"
  Override override_reason = Override::kNone;
  Instant at;
  std::optional<Decimal> amount = {};  // of a "yes", in roubles, where the law gives one to tell
};

// A fact that only the person can tell: whose, and which, as registries would report it. An answer
// about one person is never one about another.
using AskedFact = std::pair<CitizenId, AttributeId>;

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
  // The id of the calendar by which its terms run, settled when its clock began; empty: the
  // country's.
  std::string calendar;
  eligibility::Verdict verdict = eligibility::Verdict::kEligible;
  ConsentId consent;  // the consent that allowed it; empty when none was needed
  std::set<profile::CategoryId> categories;  // of the data used on that consent
  profile::EventKey cause;                   // empty when the person applied
  Date regulation_from;                      // the version of the regulation it runs under
  // Where a legal clock begins: its term, for the clock that starts with the change. Kept there.
  std::optional<Term> term;
  std::vector<StatusChange> history;  // oldest first; the last one is `status`
  // The events that reported the facts which its verdict rests on.
  std::set<profile::EventKey> rests_on;
  std::vector<Ruling> rulings;  // oldest first; the last one counts
  // What is waited for: of the person, or of registries while it is suspended.
  std::set<AttributeId> awaited;
  std::optional<Date> wait_until;         // then the wait is over; absent: nobody waits
  std::map<AskedFact, std::string> told;  // by the person, in text form; confirmed by nobody
  std::map<std::string, bool> findings;   // by condition: whether an official found it
  bool has_place = false;                 // of what is limited
  // After a correction: cases of the chain that rest on this one's result, in the order in which
  // they have to be taken back before it.
  std::vector<CaseId> compensation;
  std::vector<RefusedStep> refused;  // the last kRefusedStepsKept
  uint64_t refused_steps = 0;        // all of them
};

inline constexpr size_t kRefusedStepsKept = 8;

// The name of what a citizen has `earlier` others of: "C-000000000017-0001" for a case.
std::string NumberedId(char kind, CitizenId citizen, size_t earlier);

// What was granted last; nullopt: nothing was, or no amount can be told.
std::optional<Decimal> GrantedAmount(const Case& c);

// The same case always gives the same bytes. What the four formats before this one wrote is read
// too; what they say was told is the applicant's own.
std::string Encode(const Case& c);
Result<Case> DecodeCase(std::string_view bytes);

}  // namespace kstati::cases
