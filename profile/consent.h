// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::profile {

using CategoryId = Name<struct CategoryTag>;    // a data category, "health"
using AuthorityId = Name<struct AuthorityTag>;  // who gets data, "sfr"
using ProxyId = Name<struct ProxyTag>;          // "P-000000000017-0001"

// What a consent allows the state to do.
enum class Purpose {
  // Start applications by itself. Preparing one sends nothing to anybody and needs no consent.
  kProactiveStart,
  // Estimate from the person's own data whether something happened that no registry told of, and
  // ask the person about it. Nothing else ever follows from the estimate.
  kInferEvents,
};

std::string_view NameOf(Purpose purpose);
Result<Purpose> ParsePurpose(std::string_view name);

// How far the state goes; each step includes those before it.
enum class ConsentMode {
  kPrepare,  // fill the application in and leave the rest to the person
  kAct,      // hand it in
};

std::string_view NameOf(ConsentMode mode);  // "prepare", "act"
Result<ConsentMode> ParseConsentMode(std::string_view name);

// What a consent covers. What is empty does not restrict: any of the purpose.
struct ConsentScope {
  Purpose purpose = Purpose::kProactiveStart;
  ServiceId service;
  SituationId situation;
  std::set<CategoryId> categories = {};   // of the data that are used
  std::set<AuthorityId> recipients = {};  // who may get them
  ConsentMode mode = ConsentMode::kAct;   // as far as this

  bool operator==(const ConsentScope&) const = default;
};

// Whether everything that `inner` allows, `outer` allows too.
bool IsWithin(const ConsentScope& inner, const ConsentScope& outer);
bool IsWithin(const DateInterval& inner, const DateInterval& outer);

// What the person saw, and where.
struct ConsentEvidence {
  std::string text_version;
  std::string language;  // "ru" | "en"
  std::string channel;   // "portal", "mfc", ...

  bool operator==(const ConsentEvidence&) const = default;
};

// As whom somebody speaks about a citizen's consents.
enum class Capacity {
  kSelf,
  kLegalRepresentative,  // a parent or guardian, as long as the law gives the citizen one
  kProxy,                // whom the citizen appointed
};

std::string_view NameOf(Capacity capacity);  // "self", "legal-representative", "proxy"

// Who speaks.
struct Speaker {
  CitizenId who;
  Capacity capacity = Capacity::kSelf;
  ProxyId proxy = {};  // with kProxy

  bool operator==(const Speaker&) const = default;
};

enum class ConsentChange { kGiven, kNarrowed, kRenewed, kRevoked };

std::string_view NameOf(ConsentChange change);  // "given", "narrowed", "renewed", "revoked"

// What a consent was from one moment on.
struct ConsentVersion {
  ConsentChange change = ConsentChange::kGiven;
  Instant at;
  Speaker by;
  ConsentScope scope;
  DateInterval valid;
  ConsentEvidence evidence;  // of a revocation only language and channel
  std::string reason;        // of a revocation, in the person's words
};

// Who allows what until when (fields after ISO/IEC TS 27560). A version is never edited: every
// change adds one, and none but a renewal, which only adds time, allows more than the one before.
// Nothing is consented by default.
struct Consent {
  ConsentId id;
  CitizenId citizen;
  std::vector<ConsentVersion> versions;  // oldest first, at least one

  const ConsentVersion& given() const { return versions.front(); }
  const ConsentVersion& latest() const { return versions.back(); }
  // The version that last gave or renewed it: whose word the consent is.
  const ConsentVersion& granting() const;
  bool revoked() const { return latest().change == ConsentChange::kRevoked; }
};

// The states of ISO/IEC TS 27560 that a consent can be in on a day.
enum class ConsentState { kNotYetValid, kGiven, kRenewed, kExpired, kRevoked };

std::string_view NameOf(ConsentState state);  // "not-yet-valid", "given", "renewed", ...
ConsentState StateOf(const Consent& consent, Date on);

// The consent as it was known at a moment; nullopt when it was given later.
std::optional<Consent> AsKnownAt(const Consent& consent, Instant known_at);

// A request to grant; MakeConsent gives id and time.
struct ConsentGrant {
  CitizenId citizen;
  Speaker by;
  ConsentScope scope;
  DateInterval valid;
  ConsentEvidence evidence;
};

// kInvalidArgument with the field that is wrong: no citizen, a reversed or past interval, an
// unknown language. Whether what the scope names exists is for the catalogue to say.
Result<void> Validate(const ConsentGrant& grant, Date today);

// The consent that the grant makes beside the `existing` ones of the same citizen: the next id,
// `now`.
Consent MakeConsent(const ConsentGrant& grant, const std::vector<Consent>& existing, Instant now);

// A change of a consent: who makes it, and what that person saw.
struct ConsentAmendment {
  Speaker by;
  ConsentEvidence evidence;
  Instant now;
  Date today;
};

// Each adds a version, or nothing when the consent is like that already. kConflict when it was
// revoked or has run out (which only renewing changes), kInvalidArgument when the evidence is
// missing.
// The scope, and the last day when one is given, may not allow anything that is not allowed now.
Result<void> Narrow(Consent& consent, const ConsentScope& scope, std::optional<Date> last_day,
                    const ConsentAmendment& amendment);
// Adds time: up to `last_day`, or without an end. One that has run out holds from today on.
Result<void> Renew(Consent& consent, std::optional<Date> last_day,
                   const ConsentAmendment& amendment);
// Needs no text; never fails.
void Revoke(Consent& consent, const std::string& reason, const ConsentAmendment& amendment);

// What is to be done with a citizen's data: all that a consent must allow.
struct Processing {
  Purpose purpose = Purpose::kProactiveStart;
  ServiceId service;
  SituationId situation;
  std::set<CategoryId> categories = {};  // of the data that are used
  AuthorityId recipient;                 // who gets them; empty: nobody
  ConsentMode mode = ConsentMode::kAct;
  Date on;
  // Whether the law gives the citizen a legal representative on that day. Without one, what a
  // representative consented to for the citizen allows nothing.
  bool represented = false;
};

// A revoked consent allows nothing on any day; one purpose never stands for another.
bool Allows(const Consent& consent, const Processing& processing);

// The first consent of the list that allows it, or null.
const Consent* FindAllowing(const std::vector<Consent>& consents, const Processing& processing);

}  // namespace kstati::profile
