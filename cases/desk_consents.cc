// SPDX-License-Identifier: Apache-2.0
// What people do about consents and proxies.
#include "cases/consent_receipt.h"
#include "cases/consenting.h"
#include "cases/desk.h"
#include "cases/erasure.h"
#include "cases/speaking.h"

namespace kstati::cases {

Result<profile::Consent> Desk::Grant(const profile::ConsentGrant& grant) const {
  return Retry(world_, [&](Draft& draft) { return GrantConsent(draft, grant); });
}

Result<std::vector<profile::Consent>> Desk::Consents(CitizenId citizen) const {
  Draft draft(world_, world_.Now());
  draft.NeedNotWait();  // whoever withdraws looks first
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  return draft.Consents(citizen);
}

Result<profile::Consent> Desk::Narrow(const ConsentRequest& request,
                                      const profile::ConsentScope& scope,
                                      std::optional<Date> last_day) const {
  return Retry(world_,
               [&](Draft& draft) { return NarrowConsent(draft, request, scope, last_day); });
}

Result<profile::Consent> Desk::Renew(const ConsentRequest& request,
                                     std::optional<Date> last_day) const {
  return Retry(world_, [&](Draft& draft) { return RenewConsent(draft, request, last_day); });
}

Result<Revoked> Desk::Revoke(const ConsentRequest& request, const std::string& reason) const {
  return Retry(world_, [&](Draft& draft) { return RevokeConsent(draft, request, reason); });
}

Result<Revoked> Desk::PreviewRevocation(const ConsentRequest& request) const {
  Draft draft(world_, world_.Now());  // never committed
  return RevokeConsent(draft, request, {});
}

Result<std::string> Desk::ConsentReceipt(CitizenId citizen, const ConsentId& consent,
                                         Language language) const {
  Draft draft(world_, world_.Now());
  return MakeConsentReceipt(draft, citizen, consent, language);
}

Result<std::vector<ErasureDuty>> Desk::ErasureDuties(CitizenId citizen) const {
  Draft draft(world_, world_.Now());
  return ErasureDutiesOf(draft, citizen);
}

Result<ErasureDuty> Desk::Erase(CitizenId citizen, const ConsentId& consent) const {
  KSTATI_TRY(const ErasureDuty duty,
             Retry(world_, [&](Draft& draft) { return PerformErasure(draft, citizen, consent); }));
  if (duty.purged) return duty;
  KSTATI_TRY_VOID(world_.store->Purge(citizen));
  return Retry(world_, [&](Draft& draft) { return NotePurged(draft, citizen, consent); });
}

Result<WholeErasure> Desk::PreviewErasingAll(CitizenId citizen) const {
  Draft draft(world_, world_.Now());
  return WhatErasingTakes(draft, citizen);
}

Result<WholeErasure> Desk::EraseAll(CitizenId citizen) const {
  KSTATI_TRY(WholeErasure whole,
             Retry(world_, [&](Draft& draft) { return PrepareErasing(draft, citizen); }));
  KSTATI_TRY_VOID(world_.store->Erase(citizen, world_.Now()));
  ranker_.Follow(citizen, {});
  return whole;
}

Result<profile::Proxy> Desk::Appoint(const profile::ProxyGrant& grant) const {
  return Retry(world_, [&](Draft& draft) { return AppointProxy(draft, grant); });
}

Result<std::vector<profile::Proxy>> Desk::Proxies(CitizenId citizen) const {
  Draft draft(world_, world_.Now());
  return ProxiesOf(draft, citizen);
}

Result<profile::Proxy> Desk::RevokeProxy(CitizenId citizen, const profile::ProxyId& proxy) const {
  return Retry(world_, [&](Draft& draft) { return cases::RevokeProxy(draft, citizen, proxy); });
}

}  // namespace kstati::cases
