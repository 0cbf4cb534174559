// SPDX-License-Identifier: Apache-2.0
#include "cases/consent_receipt.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace kstati::cases {
namespace {

using nlohmann::json;
using profile::Consent;
using profile::ConsentVersion;

constexpr size_t kDeedsAtOnce = 256;

struct Writer {
  const graph::Catalogue& catalogue;
  const profile::Dictionary& dictionary;
  Language language;

  const std::string& Of(const Bilingual& text) const { return text.in(language); }

  json Named(const std::string& id, const Bilingual* name) const {
    return {{"id", id}, {"name", name == nullptr ? id : Of(*name)}};
  }

  json AuthorityOf(const std::string& id) const {
    const graph::Authority* authority = catalogue.FindAuthority(id);
    return Named(id, authority == nullptr ? nullptr : &authority->name);
  }

  // Without a restriction: every one that the purpose needs.
  json PiiTypes(const profile::ConsentScope& scope) const {
    json types = json::array();
    for (const profile::Category& category : dictionary.categories()) {
      const profile::CategoryId id(category.id);
      if (scope.categories.empty() || scope.categories.contains(id)) {
        types.push_back(Named(category.id, &category.name));
      }
    }
    return types;
  }

  json Recipients(const profile::ConsentScope& scope) const {
    std::set<profile::AuthorityId> recipients = scope.recipients;
    for (const graph::Service& service : catalogue.services()) {
      const bool any = scope.recipients.empty();
      const bool covered = scope.service.empty() || scope.service == service.id;
      if (any && covered) recipients.emplace(service.authority);
    }
    json list = json::array();
    for (const profile::AuthorityId& id : recipients) list.push_back(AuthorityOf(id.text()));
    return list;
  }

  json Scope(const profile::ConsentScope& scope) const {
    json object{{"mode", profile::NameOf(scope.mode)}};
    const graph::Service* service = catalogue.FindService(scope.service);
    const graph::Situation* situation = catalogue.FindSituation(scope.situation);
    if (service != nullptr) object["service"] = Named(service->id.text(), &service->name);
    if (situation != nullptr) object["situation"] = Named(situation->id.text(), &situation->name);
    return object;
  }
};

// Of one version, as the standard names them.
std::string_view EventState(const ConsentVersion& version, bool was_renewed) {
  if (version.change == profile::ConsentChange::kRevoked) return "Withdrawn";
  return was_renewed ? "RenewedGiven" : "Given";
}

std::string_view StateName(profile::ConsentState state) {
  switch (state) {
    case profile::ConsentState::kNotYetValid: return "Given";
    case profile::ConsentState::kGiven: return "Given";
    case profile::ConsentState::kRenewed: return "RenewedGiven";
    case profile::ConsentState::kExpired: return "Expired";
    case profile::ConsentState::kRevoked: return "Withdrawn";
  }
  return "Unknown";
}

json ValidityOf(const DateInterval& valid) {
  json validity{{"from", valid.from.ToString()}};
  if (valid.to) validity["to"] = valid.to->ToString();
  return validity;
}

// By number of the version, the number of the citizen's ledger entry about it.
Result<std::map<std::string, uint64_t>> EntriesAbout(const profile::Store& store, CitizenId citizen,
                                                     const ConsentId& consent) {
  std::map<std::string, uint64_t> entries;
  for (uint64_t after = 0;;) {
    KSTATI_TRY(const std::vector<profile::DeedOfCitizen> deeds,
               store.Deeds(citizen, after, kDeedsAtOnce));
    if (deeds.empty()) return entries;
    for (const profile::DeedOfCitizen& deed : deeds) {
      const auto named = deed.content.find("consent");
      const auto version = deed.content.find("version");
      const bool about = named != deed.content.end() && named->second == consent.text();
      if (about && version != deed.content.end()) entries[version->second] = deed.number;
    }
    after = deeds.back().number;
  }
}

json EventsOf(const Consent& consent, const std::map<std::string, uint64_t>& entries) {
  json events = json::array();
  bool renewed = false;
  for (size_t i = 0; i < consent.versions.size(); ++i) {
    const ConsentVersion& version = consent.versions[i];
    renewed = renewed || version.change == profile::ConsentChange::kRenewed;
    json event{{"event_type", profile::NameOf(version.change)},
               {"event_state", EventState(version, renewed)},
               {"event_time", version.at.ToString()},
               {"validity", ValidityOf(version.valid)},
               {"entity_id", version.by.who.ToString()},
               {"entity_capacity", profile::NameOf(version.by.capacity)},
               {"notice_version", version.evidence.text_version},
               {"notice_language", version.evidence.language},
               {"collection_method", version.evidence.channel}};
    if (!version.by.proxy.empty()) event["proxy"] = version.by.proxy.text();
    const auto entry = entries.find(std::to_string(i + 1));
    if (entry != entries.end()) event["ledger_entry"] = std::to_string(entry->second);
    events.push_back(std::move(event));
  }
  return events;
}

json ProcessingOf(const Writer& writer, const Consent& consent) {
  const profile::ConsentScope& scope = consent.latest().scope;
  const graph::Controller& controller = writer.catalogue.controller();
  return {{"purpose", profile::NameOf(scope.purpose)},
          {"scope", writer.Scope(scope)},
          {"lawful_basis", "consent"},
          {"pii_information", writer.PiiTypes(scope)},
          {"pii_controllers", json::array({controller.authority})},
          {"recipient_third_parties", writer.Recipients(scope)},
          {"storage_locations", json::array({writer.Of(controller.storage)})},
          {"retention_period", writer.Of(controller.retention)},
          {"jurisdiction", controller.jurisdiction},
          {"withdrawal_method", writer.Of(controller.withdrawal)}};
}

json ControllerOf(const Writer& writer) {
  const graph::Controller& controller = writer.catalogue.controller();
  return {{"party_id", controller.authority},
          {"party_name", writer.AuthorityOf(controller.authority)["name"]},
          {"party_address", writer.Of(controller.address)},
          {"party_contact", controller.contact},
          {"party_type", "controller"}};
}

}  // namespace

Result<std::string> MakeConsentReceipt(Draft& draft, CitizenId citizen, const ConsentId& id,
                                       Language language) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  KSTATI_TRY(const std::vector<Consent> consents, draft.Consents(citizen));
  const auto consent = std::ranges::find(consents, id, &Consent::id);
  if (consent == consents.end()) {
    return Fail(ErrorCode::kNotFound, "there is no consent " + id.text(), "consent",
                "the call `consents` lists the citizen's consents");
  }
  KSTATI_TRY(const auto entries, EntriesAbout(*draft.world().store, citizen, id));
  const Writer writer{draft.world().catalogue(), draft.world().program->dictionary(), language};
  const std::string version = std::to_string(consent->versions.size());
  const json receipt{{"format", "kstati-consent-receipt/1"},
                     {"schema_version", "ISO/IEC TS 27560:2023"},
                     {"receipt_id", id.text() + "-" + version},
                     {"record_id", id.text()},
                     {"pii_principal_id", citizen.ToString()},
                     {"language", CodeOf(language)},
                     {"state", StateName(profile::StateOf(*consent, draft.today()))},
                     {"state_on", draft.today().ToString()},
                     {"privacy_notice",
                      {{"reference", writer.catalogue.controller().notice},
                       {"version", consent->granting().evidence.text_version},
                       {"language", consent->granting().evidence.language}}},
                     {"processing", json::array({ProcessingOf(writer, *consent)})},
                     {"parties", json::array({ControllerOf(writer)})},
                     {"events", EventsOf(*consent, entries)}};
  constexpr int kIndent = 2;
  return receipt.dump(kIndent, ' ', false, json::error_handler_t::replace);
}

}  // namespace kstati::cases
