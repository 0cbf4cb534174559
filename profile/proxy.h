// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "profile/consent.h"

namespace kstati::profile {

// Whom a citizen appointed to give, change and revoke consents in the citizen's place, within a
// scope and until a day. What was consented under it never outlasts it.
struct Proxy {
  ProxyId id;
  CitizenId citizen;         // who is represented
  CitizenId representative;  // who acts
  ConsentScope scope;        // of the consents the representative may give
  DateInterval valid;        // always with an end
  Instant given_at;
  ConsentEvidence evidence;
  std::optional<Instant> revoked_at;
};

bool IsInForce(const Proxy& proxy, Date on);

// A request to appoint; MakeProxy gives id and time.
struct ProxyGrant {
  CitizenId citizen;
  CitizenId representative;
  ConsentScope scope;
  DateInterval valid;
  ConsentEvidence evidence;
};

// kInvalidArgument with the field that is wrong: nobody to act, oneself, no end, a past end.
Result<void> Validate(const ProxyGrant& grant, Date today);
Proxy MakeProxy(const ProxyGrant& grant, size_t earlier, Instant now);

// As records keep it.
std::string Encode(const Proxy& proxy);
Result<Proxy> DecodeProxy(std::string_view bytes);

}  // namespace kstati::profile
