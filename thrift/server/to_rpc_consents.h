// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cases/data_needs.h"
#include "cases/erasure.h"
#include "thrift/server/to_rpc.h"

namespace kstati::thrift {

// From domain values to the contract's form: consents and what belongs to them.
rpc::Named WriteCategory(const Wording& wording, const std::string& id);
rpc::Named WriteRecipient(const Wording& wording, const std::string& id);
rpc::Consent WriteConsent(const Wording& wording, const profile::Consent& consent, Date today);
rpc::ErasureDuty WriteErasure(const cases::ErasureDuty& duty);
rpc::Erasure WriteErasure(const Wording& wording, const cases::WholeErasure& whole);
// Without the stopped cases themselves; their ids are there.
rpc::Revocation WriteRevocation(const Wording& wording, const cases::Revoked& revoked, Date today);
rpc::Proxy WriteProxy(const Wording& wording, const profile::Proxy& proxy, Date today);
rpc::LeastScopes WriteLeastScopes(const Wording& wording, const cases::LeastScopes& least);
rpc::ConsentChoices WriteConsentChoices(const Wording& wording);
rpc::LegalBasis WriteLegalBasis(const Wording& wording, const graph::LegalBasis& basis);

}  // namespace kstati::thrift
