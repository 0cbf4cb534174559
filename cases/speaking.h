// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "cases/draft.h"
#include "profile/proxy.h"

namespace kstati::cases {

// As whom somebody speaks about a citizen's consents, and how long their word can last.
struct Standing {
  profile::Speaker speaker;
  std::optional<Date> until;  // the last day; absent: no end
};

// The citizen may, unless too young or found incapable; a parent or guardian by law, until the day
// before the citizen comes of age; and a proxy for scopes within the proxy's own, until it ends.
// Ages and rules are the catalogue's (attributes/capacity.yaml), and what is unknown does not
// entitle others. kDenied when `by` may not speak. In what rests on no facts citizens speak for
// themselves also while a relative's data cannot be read.
Result<Standing> RequireSpeaker(Draft& draft, CitizenId by, CitizenId citizen,
                                const profile::ConsentScope& scope);

// Whether somebody else may speak for the citizen about anything at all, by law or as a proxy;
// false when that is not known.
bool Represents(const World& world, CitizenId by, CitizenId citizen);

// Whether the law gives the citizen a representative today; false when that is not known, and, in
// what rests on no facts (a withdrawal), when a relative's data cannot be read now.
Result<bool> IsRepresented(Draft& draft, CitizenId citizen);

// Proxies a citizen appointed, in order of appointing.
Result<std::vector<profile::Proxy>> ProxiesOf(Draft& draft, CitizenId citizen);
// Only the citizen appoints, and only who may consent in person.
Result<profile::Proxy> AppointProxy(Draft& draft, const profile::ProxyGrant& grant);
// Consents that were given under it end with it. Revoking twice changes nothing.
Result<profile::Proxy> RevokeProxy(Draft& draft, CitizenId citizen, const profile::ProxyId& id);

}  // namespace kstati::cases
