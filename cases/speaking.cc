// SPDX-License-Identifier: Apache-2.0
#include "cases/speaking.h"

#include <algorithm>

#include "cases/consenting.h"

namespace kstati::cases {
namespace {

constexpr std::string_view kProxyRecord = "proxy";

const AttributeId kMayConsent("person.may_consent");
const AttributeId kIsRepresented("person.is_represented");
const AttributeId kConsentsForChild("applicant.consents_for_child");
const AttributeId kBirthDate("person.birth_date");
const ParameterId kAgeOfMajority("age_full_capacity");

tl::unexpected<Error> DenySpeaking() {
  return Fail(ErrorCode::kDenied, "this person may not consent for the citizen", "granted_by",
              "the citizen may from the age the law sets; a parent of a minor, a guardian and a "
              "proxy whose scope covers it may: the registries or the citizen must report them");
}

std::optional<profile::FactValue> Evaluate(Draft& draft, const AttributeId& attribute,
                                           const profile::Household& household,
                                           std::shared_ptr<const profile::FactView> about = {}) {
  eligibility::Subject subject;
  subject.household = &household;
  subject.about = std::move(about);
  return draft.world().program->Evaluate(attribute, subject);
}

// Null when a relative's data cannot be read now and what is decided rests on no facts.
Result<std::shared_ptr<const profile::Household>> HouseholdAtHand(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  auto household = draft.HouseholdOf(citizen);
  if (household || draft.waits()) return household;
  const ErrorCode code = household.error().code;
  const bool is_unreadable =
      code == ErrorCode::kUnavailable || code == ErrorCode::kCorrupt || code == ErrorCode::kDenied;
  if (is_unreadable) return nullptr;
  return household;
}

// The day on which somebody born that day comes of age: for those born on 29 February the first of
// March. Absent without the parameter, or past majority.
std::optional<Date> LastDayAsMinor(const World& world, Date born, Date today) {
  const graph::Parameter* parameter = world.catalogue().FindParameter(kAgeOfMajority);
  const graph::ParameterValue* value =
      parameter == nullptr ? nullptr : parameter->On(today, std::string(graph::kFederal));
  const auto* years = value == nullptr ? nullptr : std::get_if<Decimal>(&value->value);
  const std::optional<int64_t> whole = years == nullptr ? std::nullopt : years->ToInt64();
  if (!whole) return std::nullopt;
  constexpr int64_t kMonthsPerYear = 12;
  Date of_age = born.AddMonths(*whole * kMonthsPerYear);
  if (of_age.parts().day < born.parts().day) of_age = of_age.AddDays(1);
  if (of_age <= today) return std::nullopt;
  return of_age.AddDays(-1);
}

Result<std::optional<Standing>> FindByLaw(Draft& draft, CitizenId by, CitizenId citizen) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(by));
  const auto about = household->Find(citizen);
  if (!about) return std::nullopt;
  const bool entitled =
      Evaluate(draft, kConsentsForChild, *household, about) == profile::FactValue(true);
  if (!entitled) return std::nullopt;
  // What the parent's household does not show, such as the child's marriage, the child's own does.
  KSTATI_TRY(const bool represented, IsRepresented(draft, citizen));
  if (!represented) return std::nullopt;
  Standing standing{{by, profile::Capacity::kLegalRepresentative, {}}, std::nullopt};
  const profile::Fact* born = about->Find(kBirthDate);
  const Date* day = born == nullptr ? nullptr : std::get_if<Date>(&born->value);
  if (day != nullptr) standing.until = LastDayAsMinor(draft.world(), *day, draft.today());
  return std::optional(standing);
}

Result<std::optional<Standing>> FindProxy(Draft& draft, CitizenId by, CitizenId citizen,
                                          const profile::ConsentScope& scope) {
  KSTATI_TRY(const std::vector<profile::Proxy> proxies, ProxiesOf(draft, citizen));
  for (const profile::Proxy& proxy : proxies) {
    if (proxy.representative != by || !profile::IsInForce(proxy, draft.today())) continue;
    if (!profile::IsWithin(scope, proxy.scope)) continue;
    return std::optional(Standing{{by, profile::Capacity::kProxy, proxy.id}, proxy.valid.to});
  }
  return std::nullopt;
}

}  // namespace

Result<Standing> RequireSpeaker(Draft& draft, CitizenId by, CitizenId citizen,
                                const profile::ConsentScope& scope) {
  if (by == citizen) {
    KSTATI_TRY(const auto household, HouseholdAtHand(draft, citizen));
    if (!household || Evaluate(draft, kMayConsent, *household) != profile::FactValue(false)) {
      return Standing{{citizen, profile::Capacity::kSelf, {}}, std::nullopt};
    }
    return DenySpeaking();
  }
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  Result<std::optional<Standing>> by_law = FindByLaw(draft, by, citizen);
  if (by_law && *by_law) return **by_law;
  // A proxy speaks also when what the law would say cannot be read.
  KSTATI_TRY(const std::optional<Standing> proxy, FindProxy(draft, by, citizen, scope));
  if (proxy) return *proxy;
  if (!by_law) return Fail(std::move(by_law).error());
  return DenySpeaking();
}

bool Represents(const World& world, CitizenId by, CitizenId citizen) {
  Draft draft(world, world.Now());  // never committed
  const auto by_law = FindByLaw(draft, by, citizen);
  if (by_law && *by_law) return true;
  const auto proxies = ProxiesOf(draft, citizen);
  return proxies && std::ranges::any_of(*proxies, [&](const profile::Proxy& proxy) {
           return proxy.representative == by && profile::IsInForce(proxy, draft.today());
         });
}

Result<bool> IsRepresented(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(const auto household, HouseholdAtHand(draft, citizen));
  return household && Evaluate(draft, kIsRepresented, *household) == profile::FactValue(true);
}

Result<std::vector<profile::Proxy>> ProxiesOf(Draft& draft, CitizenId citizen) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));  // the change rests on it
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kProxyRecord));
  std::vector<profile::Proxy> proxies;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(profile::Proxy proxy, profile::DecodeProxy(bytes));
    proxies.push_back(std::move(proxy));
  }
  return proxies;
}

Result<profile::Proxy> AppointProxy(Draft& draft, const profile::ProxyGrant& grant) {
  KSTATI_TRY_VOID(profile::Validate(grant, draft.today()));
  KSTATI_TRY_VOID(CheckScope(draft.world(), grant.scope));
  KSTATI_TRY_VOID(RequireSpeaker(draft, grant.citizen, grant.citizen, grant.scope));
  KSTATI_TRY_VOID(draft.HouseholdOf(grant.representative));
  KSTATI_TRY(const std::vector<profile::Proxy> earlier, ProxiesOf(draft, grant.citizen));
  const profile::Proxy proxy = profile::MakeProxy(grant, earlier.size(), draft.now());
  draft.PutRecord(proxy.citizen, kProxyRecord, proxy.id.text(), profile::Encode(proxy));
  draft.Enter(proxy.citizen, profile::ledger::EntryKind::kConsentGiven,
              {{"proxy", proxy.id.text()},
               {"representative", proxy.representative.ToString()},
               {"purpose", std::string(profile::NameOf(proxy.scope.purpose))},
               {"service", proxy.scope.service.text()},
               {"valid_from", proxy.valid.from.ToString()},
               {"valid_to", proxy.valid.to->ToString()},
               {"text_version", proxy.evidence.text_version}});
  return proxy;
}

Result<profile::Proxy> RevokeProxy(Draft& draft, CitizenId citizen, const profile::ProxyId& id) {
  draft.NeedNotWait();
  KSTATI_TRY(const std::vector<profile::Proxy> proxies, ProxiesOf(draft, citizen));
  const auto found = std::ranges::find(proxies, id, &profile::Proxy::id);
  if (found == proxies.end()) {
    return Fail(ErrorCode::kNotFound, "there is no proxy " + id.text(), "proxy",
                "the call `proxies` lists whom the citizen appointed");
  }
  profile::Proxy proxy = *found;
  if (proxy.revoked_at) return proxy;
  proxy.revoked_at = draft.now();
  draft.PutRecord(citizen, kProxyRecord, id.text(), profile::Encode(proxy));
  draft.Enter(citizen, profile::ledger::EntryKind::kConsentRevoked, {{"proxy", id.text()}});
  KSTATI_TRY_VOID(RevokeConsentsOf(draft, proxy));
  return proxy;
}

}  // namespace kstati::cases
