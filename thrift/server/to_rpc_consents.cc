// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc_consents.h"

#include <algorithm>

namespace kstati::thrift {
namespace {

rpc::Named WriteNamed(std::string id, std::string name) {
  rpc::Named named;
  named.id = std::move(id);
  named.name = std::move(name);
  return named;
}

std::string Joined(const std::vector<rpc::Named>& all) {
  std::string text;
  for (const rpc::Named& each : all) text += (text.empty() ? "" : ", ") + each.name;
  return text;
}

template <class Ids, class Write>
std::vector<rpc::Named> WriteAll(const Wording& wording, const Ids& ids, const Write& write) {
  std::vector<rpc::Named> all;
  for (const auto& id : ids) all.push_back(write(wording, id.text()));
  return all;
}

rpc::ConsentScope WriteScope(const profile::ConsentScope& scope) {
  rpc::ConsentScope written;
  written.purpose = profile::NameOf(scope.purpose);
  written.service_id = scope.service.text();
  written.situation = scope.situation.text();
  std::vector<std::string> names;
  for (const profile::CategoryId& id : scope.categories) names.push_back(id.text());
  if (!names.empty()) written.__set_categories(std::move(names));
  names.clear();
  for (const profile::AuthorityId& id : scope.recipients) names.push_back(id.text());
  if (!names.empty()) written.__set_recipients(std::move(names));
  const bool acts = scope.mode == profile::ConsentMode::kAct;
  written.__set_mode(acts ? rpc::ConsentMode::ACT : rpc::ConsentMode::PREPARE);
  return written;
}

std::string DescribeScope(const Wording& wording, const profile::ConsentScope& scope) {
  // Estimates are never acted upon, so how far the state goes says nothing of them.
  const bool prepares = scope.purpose == profile::Purpose::kProactiveStart &&
                        scope.mode == profile::ConsentMode::kPrepare;
  std::string purpose = "consent.scope.";
  purpose += prepares ? std::string("prepare") : std::string(profile::NameOf(scope.purpose));
  std::replace(purpose.begin(), purpose.end(), '-', '_');
  std::string text;
  if (!scope.service.empty()) {
    text = wording.Message(purpose + ".service", {{"name", ServiceName(wording, scope.service)}});
  } else if (!scope.situation.empty()) {
    text = wording.Message(purpose + ".situation",
                           {{"name", SituationName(wording, scope.situation)}});
  } else {
    text = wording.Message(purpose + ".everything");
  }
  if (!scope.service.empty() && !scope.situation.empty()) {
    text += wording.Message("consent.scope.in_situation",
                            {{"name", SituationName(wording, scope.situation)}});
  }
  if (!scope.categories.empty()) {
    text +=
        wording.Message("consent.scope.categories",
                        {{"names", Joined(WriteAll(wording, scope.categories, WriteCategory))}});
  }
  if (!scope.recipients.empty()) {
    text +=
        wording.Message("consent.scope.recipients",
                        {{"names", Joined(WriteAll(wording, scope.recipients, WriteRecipient))}});
  }
  return text;
}

rpc::ConsentVersion WriteVersion(const Wording& wording, const profile::ConsentVersion& version) {
  rpc::ConsentVersion written;
  written.change = profile::NameOf(version.change);
  written.at = version.at.ToString();
  written.by = version.by.who.ToString();
  written.capacity = profile::NameOf(version.by.capacity);
  written.scope = WriteScope(version.scope);
  written.description = DescribeScope(wording, version.scope);
  written.valid_from = version.valid.from.ToString();
  if (version.valid.to) written.__set_valid_to(version.valid.to->ToString());
  written.text_version = version.evidence.text_version;
  written.language = version.evidence.language;
  written.channel = version.evidence.channel;
  if (!version.reason.empty()) written.__set_reason(version.reason);
  if (!version.by.proxy.empty()) written.__set_proxy(version.by.proxy.text());
  return written;
}

}  // namespace

rpc::Named WriteCategory(const Wording& wording, const std::string& id) {
  const profile::Category* category = wording.dictionary().FindCategory(id);
  return WriteNamed(id, category == nullptr ? id : wording.of(category->name));
}

rpc::Named WriteRecipient(const Wording& wording, const std::string& id) {
  const graph::Authority* authority = wording.catalogue().FindAuthority(id);
  return WriteNamed(id, authority == nullptr ? id : wording.of(authority->name));
}

rpc::Consent WriteConsent(const Wording& wording, const profile::Consent& consent, Date today) {
  const profile::ConsentVersion& latest = consent.latest();
  const profile::ConsentVersion& granting = consent.granting();
  rpc::Consent written;
  written.id = consent.id.text();
  written.citizen = consent.citizen.ToString();
  written.granted_by = granting.by.who.ToString();
  written.scope = WriteScope(latest.scope);
  written.valid_from = latest.valid.from.ToString();
  if (latest.valid.to) written.__set_valid_to(latest.valid.to->ToString());
  written.granted_at = consent.given().at.ToString();
  written.text_version = granting.evidence.text_version;
  written.language = granting.evidence.language;
  written.channel = granting.evidence.channel;
  if (consent.revoked()) {
    written.__set_revoked_at(latest.at.ToString());
    written.__set_revoke_reason(latest.reason);
  }
  written.description = DescribeScope(wording, latest.scope);
  const profile::ConsentState state = profile::StateOf(consent, today);
  written.active =
      state == profile::ConsentState::kGiven || state == profile::ConsentState::kRenewed;
  written.state = profile::NameOf(state);
  for (const profile::ConsentVersion& version : consent.versions) {
    written.versions.push_back(WriteVersion(wording, version));
  }
  return written;
}

rpc::ErasureDuty WriteErasure(const cases::ErasureDuty& duty) {
  rpc::ErasureDuty written;
  for (const CaseId& id : duty.cases) written.cases.push_back(id.text());
  written.since = duty.since.ToString();
  written.due = duty.due.ToString();
  if (duty.done) written.__set_done_at(duty.done->ToString());
  return written;
}

rpc::Erasure WriteErasure(const Wording& wording, const cases::WholeErasure& whole) {
  rpc::Erasure written;
  written.citizen = whole.citizen.ToString();
  written.facts = static_cast<int32_t>(whole.facts);
  written.consents = static_cast<int32_t>(whole.consents);
  written.proxies = static_cast<int32_t>(whole.proxies);
  const auto named = [&](const std::vector<cases::Case>& cases) {
    std::vector<rpc::Named> all;
    for (const cases::Case& c : cases) {
      all.push_back(WriteNamed(c.id.text(), ServiceName(wording, c.service)));
    }
    return all;
  };
  written.stopped = named(whole.stopped);
  written.held_by = named(whole.held_by);
  const auto say = [&](std::string_view key, size_t count, const std::string& names) {
    written.consequences.push_back(
        wording.Message(std::string("erasure.") + std::string(key),
                        {{"count", static_cast<int64_t>(count)}, {"names", names}}));
  };
  say("facts", whole.facts, {});
  say("consents", whole.consents + whole.proxies, {});
  say("stopped", written.stopped.size(), Joined(written.stopped));
  say("for_good", 0, {});
  if (!written.held_by.empty()) say("held_by", 0, Joined(written.held_by));
  return written;
}

rpc::Revocation WriteRevocation(const Wording& wording, const cases::Revoked& revoked, Date today) {
  rpc::Revocation written;
  written.consent = WriteConsent(wording, revoked.consent, today);
  std::vector<rpc::Named> stopped;
  for (const cases::Case& c : revoked.stopped) {
    written.stopped_cases.push_back(c.id.text());
    stopped.push_back(WriteNamed(c.id.text(), ServiceName(wording, c.service)));
  }
  for (const ServiceId& id : revoked.no_longer_start) {
    written.no_longer_start.push_back(WriteNamed(id.text(), ServiceName(wording, id)));
  }
  const auto say = [&](std::string_view key, const std::vector<rpc::Named>& named) {
    written.consequences.push_back(
        wording.Message(std::string("consent.revocation.") + std::string(key),
                        {{"count", static_cast<int64_t>(named.size())}, {"names", Joined(named)}}));
  };
  say("stops", stopped);
  if (!written.no_longer_start.empty()) say("no_longer_start", written.no_longer_start);
  if (revoked.erasure_due) {
    written.__set_erasure_due(revoked.erasure_due->ToString());
    written.consequences.push_back(
        wording.Message("consent.revocation.erasure", {{"day", *revoked.erasure_due}}));
  }
  return written;
}

rpc::Proxy WriteProxy(const Wording& wording, const profile::Proxy& proxy, Date today) {
  rpc::Proxy written;
  written.id = proxy.id.text();
  written.citizen = proxy.citizen.ToString();
  written.representative = proxy.representative.ToString();
  written.scope = WriteScope(proxy.scope);
  written.description = DescribeScope(wording, proxy.scope);
  written.valid_from = proxy.valid.from.ToString();
  if (proxy.valid.to) written.valid_to = proxy.valid.to->ToString();
  written.given_at = proxy.given_at.ToString();
  written.text_version = proxy.evidence.text_version;
  written.language = proxy.evidence.language;
  written.channel = proxy.evidence.channel;
  if (proxy.revoked_at) written.__set_revoked_at(proxy.revoked_at->ToString());
  written.active = profile::IsInForce(proxy, today);
  return written;
}

rpc::LeastScopes WriteLeastScopes(const Wording& wording, const cases::LeastScopes& least) {
  rpc::LeastScopes written;
  written.categories = WriteAll(wording, least.categories, WriteCategory);
  written.recipients = WriteAll(wording, least.recipients, WriteRecipient);
  return written;
}

rpc::ConsentChoices WriteConsentChoices(const Wording& wording) {
  rpc::ConsentChoices written;
  for (const profile::Category& category : wording.dictionary().categories()) {
    written.categories.push_back(WriteNamed(category.id, wording.of(category.name)));
  }
  std::set<std::string> recipients;
  for (const graph::Service& service : wording.catalogue().services()) {
    recipients.insert(service.authority);
  }
  for (const std::string& id : recipients) {
    written.recipients.push_back(WriteRecipient(wording, id));
  }
  return written;
}

rpc::LegalBasis WriteLegalBasis(const Wording& wording, const graph::LegalBasis& basis) {
  rpc::LegalBasis written;
  written.id = basis.id;
  written.purpose = wording.of(basis.purpose);
  for (const std::string& id : basis.categories) {
    written.categories.push_back(WriteCategory(wording, id));
  }
  for (const std::string& id : basis.recipients) {
    written.recipients.push_back(WriteRecipient(wording, id));
  }
  written.source = WriteSource(wording, basis.source);
  return written;
}

}  // namespace kstati::thrift
