// SPDX-License-Identifier: Apache-2.0
// The calls about what people allow, and what the law allows beside it.
#include <algorithm>

#include "cases/consenting.h"
#include "cases/erasure.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_consents.h"

namespace kstati::thrift {
namespace {

constexpr const char* kRevocationChannel = "api";

kstati::cases::ConsentRequest ForRevocation(CitizenId citizen, CitizenId by, std::string consent,
                                            Language language) {
  return {citizen,
          ConsentId(std::move(consent)),
          by,
          {"", std::string(CodeOf(language)), kRevocationChannel}};
}

}  // namespace

rpc::Revocation Handler::Describe(const Wording& wording,
                                  const kstati::cases::Revoked& revoked) const {
  rpc::Revocation written = WriteRevocation(wording, revoked, parts_.world.Today());
  for (const kstati::cases::Case& c : revoked.stopped) {
    written.stopped.push_back(Describe(wording, c));
  }
  return written;
}

void Handler::grantConsent(rpc::Consent& reply, const rpc::CallContext& context,
                           const rpc::ConsentGrant& grant) {
  Answer("grantConsent", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("grantConsent", context, grant.citizen));
    const Date today = parts_.world.Today();
    KSTATI_TRY(const kstati::profile::ConsentGrant read,
               ReadGrant(grant, today, ReadLanguage(context)));
    KSTATI_TRY_VOID(RequireVoice(reading, context, read.by.who, "grant.granted_by"));
    KSTATI_TRY(const kstati::profile::Consent consent, parts_.desk.Grant(read));
    reply = WriteConsent(reading.wording, consent, today);
    return EnterForeign(reading);
  });
}

void Handler::consents(std::vector<rpc::Consent>& reply, const rpc::CallContext& context,
                       const std::string& citizen) {
  Answer("consents", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("consents", context, citizen));
    KSTATI_TRY(const auto consents, parts_.desk.Consents(reading.citizen));
    KSTATI_TRY(const auto duties, parts_.desk.ErasureDuties(reading.citizen));
    const Date today = parts_.world.Today();
    for (const kstati::profile::Consent& consent : consents) {
      reply.push_back(WriteConsent(reading.wording, consent, today));
      const auto duty = std::ranges::find(duties, consent.id, &kstati::cases::ErasureDuty::consent);
      if (duty != duties.end()) reply.back().__set_erasure(WriteErasure(*duty));
    }
    return Enter(reading);
  });
}

void Handler::narrowConsent(rpc::Consent& reply, const rpc::CallContext& context,
                            const rpc::ConsentAmendment& amendment) {
  Answer("narrowConsent", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("narrowConsent", context, amendment.citizen));
    KSTATI_TRY(const ReadAmendment read, ReadConsentAmendment(amendment, ReadLanguage(context)));
    KSTATI_TRY_VOID(RequireVoice(reading, context, read.request.by, "amendment.changed_by"));
    const kstati::profile::ConsentScope* scope = read.scope ? &*read.scope : nullptr;
    KSTATI_TRY(const auto consents, parts_.desk.Consents(reading.citizen));
    const auto found =
        std::ranges::find(consents, read.request.consent, &kstati::profile::Consent::id);
    if (scope == nullptr && found != consents.end()) scope = &found->latest().scope;
    KSTATI_TRY(const kstati::profile::Consent consent,
               parts_.desk.Narrow(read.request,
                                  scope == nullptr ? kstati::profile::ConsentScope() : *scope,
                                  read.last_day));
    reply = WriteConsent(reading.wording, consent, parts_.world.Today());
    return EnterForeign(reading);
  });
}

void Handler::renewConsent(rpc::Consent& reply, const rpc::CallContext& context,
                           const rpc::ConsentAmendment& amendment) {
  Answer("renewConsent", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("renewConsent", context, amendment.citizen));
    KSTATI_TRY(const ReadAmendment read, ReadConsentAmendment(amendment, ReadLanguage(context)));
    KSTATI_TRY_VOID(RequireVoice(reading, context, read.request.by, "amendment.changed_by"));
    if (read.scope) {
      return Fail(ErrorCode::kInvalidArgument, "renewing changes no scope", "amendment.scope",
                  "leave it out; to allow more, grant a new consent");
    }
    KSTATI_TRY(const kstati::profile::Consent consent,
               parts_.desk.Renew(read.request, read.last_day));
    reply = WriteConsent(reading.wording, consent, parts_.world.Today());
    return EnterForeign(reading);
  });
}

void Handler::previewRevocation(rpc::Revocation& reply, const rpc::CallContext& context,
                                const std::string& citizen, const std::string& consent) {
  Answer("previewRevocation", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("previewRevocation", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(consent, "consent"));
    KSTATI_TRY(const kstati::cases::Revoked revoked,
               parts_.desk.PreviewRevocation(
                   ForRevocation(reading.citizen, reading.speaker, name, ReadLanguage(context))));
    reply = Describe(reading.wording, revoked);
    return Enter(reading);
  });
}

void Handler::revokeConsent(rpc::Revocation& reply, const rpc::CallContext& context,
                            const std::string& citizen, const std::string& consent,
                            const std::string& reason) {
  Answer("revokeConsent", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("revokeConsent", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(consent, "consent"));
    KSTATI_TRY(const std::string why, ReadName(reason, "reason", kRemarkBytesMax));
    KSTATI_TRY(
        const kstati::cases::Revoked revoked,
        parts_.desk.Revoke(
            ForRevocation(reading.citizen, reading.speaker, name, ReadLanguage(context)), why));
    reply = Describe(reading.wording, revoked);
    return EnterForeign(reading);
  });
}

void Handler::consentReceipt(std::string& reply, const rpc::CallContext& context,
                             const std::string& citizen, const std::string& consent) {
  Answer("consentReceipt", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("consentReceipt", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(consent, "consent"));
    KSTATI_TRY(reply, parts_.desk.ConsentReceipt(reading.citizen, ConsentId(name),
                                                 reading.wording.language));
    return Enter(reading);
  });
}

void Handler::leastScopes(rpc::LeastScopes& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& situation,
                          const std::string& about) {
  Answer("leastScopes", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("leastScopes", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(situation, "situation"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const kstati::cases::LeastScopes least,
               parts_.desk.LeastScopesFor(reading.citizen, SituationId(name), whom, &read));
    reply = WriteLeastScopes(reading.wording, least);
    return Enter(
        reading,
        {kstati::profile::ledger::EntryKind::kEvaluation, {{"situation", name}}, std::move(read)});
  });
}

void Handler::appointProxy(rpc::Proxy& reply, const rpc::CallContext& context,
                           const rpc::ProxyGrant& grant) {
  Answer("appointProxy", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("appointProxy", context, grant.citizen));
    const Date today = parts_.world.Today();
    KSTATI_TRY(const kstati::profile::ProxyGrant read,
               ReadProxyGrant(grant, today, ReadLanguage(context)));
    KSTATI_TRY(const kstati::profile::Proxy proxy, parts_.desk.Appoint(read));
    reply = WriteProxy(reading.wording, proxy, today);
    return EnterForeign(reading);
  });
}

void Handler::proxies(std::vector<rpc::Proxy>& reply, const rpc::CallContext& context,
                      const std::string& citizen) {
  Answer("proxies", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("proxies", context, citizen));
    KSTATI_TRY(const auto proxies, parts_.desk.Proxies(reading.citizen));
    for (const kstati::profile::Proxy& proxy : proxies) {
      reply.push_back(WriteProxy(reading.wording, proxy, parts_.world.Today()));
    }
    return Enter(reading);
  });
}

void Handler::revokeProxy(rpc::Proxy& reply, const rpc::CallContext& context,
                          const std::string& citizen, const std::string& proxy) {
  Answer("revokeProxy", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("revokeProxy", context, citizen));
    KSTATI_TRY(const std::string name, ReadName(proxy, "proxy"));
    KSTATI_TRY(const kstati::profile::Proxy revoked,
               parts_.desk.RevokeProxy(reading.citizen, kstati::profile::ProxyId(name)));
    reply = WriteProxy(reading.wording, revoked, parts_.world.Today());
    return EnterForeign(reading);
  });
}

void Handler::consentChoices(rpc::ConsentChoices& reply, const rpc::CallContext& context) {
  Answer("consentChoices", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    reply = WriteConsentChoices(WordingOf(context));
    return {};
  });
}

void Handler::legalBases(std::vector<rpc::LegalBasis>& reply, const rpc::CallContext& context) {
  Answer("legalBases", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    const Wording wording = WordingOf(context);
    for (const graph::LegalBasis& basis : parts_.world.catalogue().legal_bases()) {
      reply.push_back(WriteLegalBasis(wording, basis));
    }
    return {};
  });
}

}  // namespace kstati::thrift
