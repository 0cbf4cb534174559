// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::profile {

// What a consent allows the state to do.
enum class Purpose {
  // Start applications by itself. Preparing one sends nothing to anybody and needs no consent.
  kProactiveStart,
};

std::string_view NameOf(Purpose purpose);
Result<Purpose> ParsePurpose(std::string_view name);

// What a consent covers: one service, one life situation, or everything of the purpose.
struct ConsentScope {
  Purpose purpose = Purpose::kProactiveStart;
  ServiceId service;      // empty: any service
  SituationId situation;  // empty: any situation
};

// Who allows what until when (fields after ISO/IEC TS 27560). A record is never edited: revocation
// adds the moment. Nothing is consented by default.
struct Consent {
  ConsentId id;
  CitizenId citizen;
  CitizenId granted_by;  // the citizen, or a legal representative
  ConsentScope scope;
  DateInterval valid;
  Instant granted_at;
  std::string text_version;  // version of the text the person saw
  std::string language;      // "ru" | "en"
  std::string channel;       // "portal", "mfc", ...
  std::optional<Instant> revoked_at;
  std::string revoke_reason;
};

// A request to grant; MakeConsent gives id and time.
struct ConsentGrant {
  CitizenId citizen;
  CitizenId granted_by;
  ConsentScope scope;
  DateInterval valid;
  std::string text_version;
  std::string language;
  std::string channel;
};

// kInvalidArgument with the field that is wrong: no citizen, a reversed or past interval, an
// unknown language. Whether service and situation exist is for the catalogue to say.
Result<void> Validate(const ConsentGrant& grant, Date today);

// The consent that the grant makes beside the `existing` ones of the same citizen: the next id,
// `now`.
Consent MakeConsent(const ConsentGrant& grant, const std::vector<Consent>& existing, Instant now);

// Whether `consent` allows the purpose for this service in this situation on that day. A revoked
// consent allows nothing on any day; one purpose never stands for another.
bool Allows(const Consent& consent, Purpose purpose, const ServiceId& service,
            const SituationId& situation, Date on);

// The first consent of the list that allows it, or null.
const Consent* FindAllowing(const std::vector<Consent>& consents, Purpose purpose,
                            const ServiceId& service, const SituationId& situation, Date on);

}  // namespace kstati::profile
