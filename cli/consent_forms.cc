// SPDX-License-Identifier: Apache-2.0
// The JSON forms of consents and what belongs to them.
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

void Optional(Json& object, const char* key, bool is_set, const std::string& value) {
  if (is_set) object[key] = value;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void AddScope(Json& object, const rpc::ConsentScope& scope) {
  object["purpose"] = scope.purpose;
  object["service_id"] = scope.service_id;
  object["situation"] = scope.situation;
  object["categories"] = scope.categories;
  object["recipients"] = scope.recipients;
  object["mode"] = scope.mode == rpc::ConsentMode::PREPARE ? "prepare" : "act";
}

}  // namespace

Json ToJson(const rpc::ConsentVersion& version) {
  Json object{{"change", version.change},
              {"at", version.at},
              {"by", version.by},
              {"capacity", version.capacity}};
  AddScope(object, version.scope);
  object["description"] = version.description;
  object["valid_from"] = version.valid_from;
  Optional(object, "valid_to", version.__isset.valid_to, version.valid_to);
  object["text_version"] = version.text_version;
  object["language"] = version.language;
  object["channel"] = version.channel;
  Optional(object, "reason", version.__isset.reason, version.reason);
  Optional(object, "proxy", version.__isset.proxy, version.proxy);
  return object;
}

Json ToJson(const rpc::Consent& consent) {
  Json object{{"id", consent.id}, {"citizen", consent.citizen}, {"granted_by", consent.granted_by}};
  AddScope(object, consent.scope);
  object["description"] = consent.description;
  object["active"] = consent.active;
  object["state"] = consent.state;
  object["valid_from"] = consent.valid_from;
  object["granted_at"] = consent.granted_at;
  object["text_version"] = consent.text_version;
  object["language"] = consent.language;
  object["channel"] = consent.channel;
  Optional(object, "valid_to", consent.__isset.valid_to, consent.valid_to);
  Optional(object, "revoked_at", consent.__isset.revoked_at, consent.revoked_at);
  Optional(object, "revoke_reason", consent.__isset.revoke_reason, consent.revoke_reason);
  if (consent.__isset.erasure) {
    object["erasure_due"] = consent.erasure.due;
    Optional(object, "erased_at", consent.erasure.__isset.done_at, consent.erasure.done_at);
  }
  return object;
}

Json ToJson(const rpc::Revocation& revocation) {
  Json object = ToJson(revocation.consent);
  object["stopped_cases"] = revocation.stopped_cases;
  Json services = Json::array();
  for (const rpc::Named& service : revocation.no_longer_start) services.push_back(service.id);
  object["no_longer_start"] = services;
  Optional(object, "erasure_due", revocation.__isset.erasure_due, revocation.erasure_due);
  object["consequences"] = revocation.consequences;
  return object;
}

Json ToJson(const rpc::Proxy& proxy) {
  Json object{
      {"id", proxy.id}, {"citizen", proxy.citizen}, {"representative", proxy.representative}};
  AddScope(object, proxy.scope);
  object["description"] = proxy.description;
  object["active"] = proxy.active;
  object["valid_from"] = proxy.valid_from;
  object["valid_to"] = proxy.valid_to;
  object["given_at"] = proxy.given_at;
  object["text_version"] = proxy.text_version;
  object["channel"] = proxy.channel;
  Optional(object, "revoked_at", proxy.__isset.revoked_at, proxy.revoked_at);
  return object;
}

Json ToJson(const rpc::LegalBasis& basis) {
  const auto names = [](const std::vector<rpc::Named>& all) {
    std::vector<std::string> ids;
    for (const rpc::Named& each : all) ids.push_back(each.id);
    return Joined(ids);
  };
  return {{"id", basis.id},
          {"purpose", basis.purpose},
          {"categories", names(basis.categories)},
          {"recipients", names(basis.recipients)},
          {"act", basis.source.act_title},
          {"article", basis.source.article},
          {"verification", basis.source.verification}};
}

}  // namespace kstati::cli
