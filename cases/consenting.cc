// SPDX-License-Identifier: Apache-2.0
#include "cases/consenting.h"

#include <algorithm>
#include <cstdio>

namespace kstati::cases {
namespace {

ConsentId NumberConsent(CitizenId citizen, size_t earlier) {
  char number[16];
  std::snprintf(number, sizeof number, "-%04zu", earlier + 1);
  return ConsentId("K-" + citizen.ToString() + number);
}

Result<void> CheckScope(const World& world, const profile::ConsentScope& scope) {
  if (!scope.service.empty() && world.catalogue().FindService(scope.service) == nullptr) {
    return Fail(ErrorCode::kNotFound, "there is no service " + scope.service.text(),
                "scope.service_id", "the call `services` lists the services of the catalogue");
  }
  if (!scope.situation.empty() && world.catalogue().FindSituation(scope.situation) == nullptr) {
    return Fail(ErrorCode::kNotFound, "there is no life situation " + scope.situation.text(),
                "scope.situation", "the call `catalogueSituations` lists them");
  }
  return {};
}

// The person may, and whoever the law says represents the person: that is the catalogue's to know,
// and what is unknown does not entitle.
Result<void> CheckGranter(Draft& draft, const profile::ConsentGrant& grant) {
  if (grant.granted_by == grant.citizen) return {};
  static const AttributeId kRepresents("applicant.is_legal_representative");
  KSTATI_TRY(const auto household, draft.HouseholdOf(grant.granted_by));
  eligibility::Subject granter;
  granter.household = household.get();
  granter.about = household->Find(grant.citizen);
  const bool represents = granter.about && draft.world().program->Evaluate(kRepresents, granter) ==
                                               profile::FactValue(true);
  if (represents) return {};
  return Fail(ErrorCode::kDenied, "only the citizen or a legal representative may consent",
              "granted_by",
              "the registries must report a guardianship, or a parent of somebody under 18");
}

Result<void> CheckGrant(Draft& draft, const profile::ConsentGrant& grant) {
  KSTATI_TRY_VOID(CheckScope(draft.world(), grant.scope));
  if (grant.valid.to && *grant.valid.to < grant.valid.from) {
    return Fail(ErrorCode::kInvalidArgument, "the consent would end before it begins", "valid_to",
                "give a last day on or after valid_from");
  }
  if (grant.text_version.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the version of the text shown is missing",
                "text_version", "say which text the person saw");
  }
  return CheckGranter(draft, grant);
}

// What the ledger says of a consent that was given.
profile::DeedContent ContentOf(const profile::Consent& consent) {
  return {{"consent", consent.id.text()},
          {"granted_by", consent.granted_by.ToString()},
          {"purpose", std::string(profile::NameOf(consent.scope.purpose))},
          {"service", consent.scope.service.text()},
          {"situation", consent.scope.situation.text()},
          {"valid_from", consent.valid.from.ToString()},
          {"valid_to", consent.valid.to ? consent.valid.to->ToString() : std::string()},
          {"text_version", consent.text_version},
          {"language", consent.language},
          {"channel", consent.channel}};
}

}  // namespace

Result<profile::Consent> GrantConsent(Draft& draft, const profile::ConsentGrant& grant) {
  KSTATI_TRY_VOID(draft.HouseholdOf(grant.citizen));
  KSTATI_TRY_VOID(CheckGrant(draft, grant));
  KSTATI_TRY(const std::vector<profile::Consent> earlier, draft.Consents(grant.citizen));
  profile::Consent consent;
  consent.id = NumberConsent(grant.citizen, earlier.size());
  consent.citizen = grant.citizen;
  consent.granted_by = grant.granted_by;
  consent.scope = grant.scope;
  consent.valid = grant.valid;
  consent.granted_at = draft.now();
  consent.text_version = grant.text_version;
  consent.language = grant.language;
  consent.channel = grant.channel;
  draft.Put(consent);
  draft.Enter(consent.citizen, profile::ledger::EntryKind::kConsentGiven, ContentOf(consent));
  return consent;
}

Result<Revoked> RevokeConsent(Draft& draft, CitizenId citizen, const ConsentId& id,
                              const std::string& reason) {
  KSTATI_TRY_VOID(draft.HouseholdOf(citizen));
  KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(citizen));
  const auto found = std::find_if(consents.begin(), consents.end(),
                                  [&](const profile::Consent& c) { return c.id == id; });
  if (found == consents.end()) {
    return Fail(ErrorCode::kNotFound, "there is no consent " + id.text(), "consent",
                "the call `consents` lists the citizen's consents");
  }
  if (found->revoked_at) {
    return Fail(ErrorCode::kConflict, "the consent is revoked already", "consent " + id.text(),
                "nothing is left to do: it stopped what it had allowed");
  }
  Revoked revoked;
  revoked.consent = *found;
  revoked.consent.revoked_at = draft.now();
  revoked.consent.revoke_reason = reason;
  draft.Put(revoked.consent);
  draft.Enter(citizen, profile::ledger::EntryKind::kConsentRevoked,
              {{"consent", id.text()}, {"reason", reason}});
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  for (Case c : cases) {
    if (c.consent != id || !Next(c.status, Action::kConsentEnds)) continue;
    KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, "case.reason.consent_revoked"));
    revoked.stopped.push_back(std::move(c));
  }
  return revoked;
}

Result<Case> RequireCase(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  for (const Case& c : cases) {
    if (c.id == id) return c;
  }
  return Fail(ErrorCode::kNotFound, "the citizen has no case " + id.text(), "case_id",
              "the call `cases` lists the citizen's cases");
}

Result<Case> ApplyFor(Draft& draft, const graph::Service& service, const Viewpoint& viewpoint) {
  const CitizenId citizen = viewpoint.household->person->citizen();
  const CitizenId about = viewpoint.about ? viewpoint.about->citizen() : citizen;
  const eligibility::Decision decision =
      draft.world().program->Decide(service, viewpoint.subject(), true);
  if (decision.verdict == eligibility::Verdict::kNotEligible) {
    return Fail(ErrorCode::kDenied, "a requirement of the service is not met",
                "service " + service.id.text(), "`explain` names every requirement and article");
  }
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
  for (Case c : cases) {
    if (c.service != service.id || c.about != about || !IsOpen(c.status)) continue;
    if (!Next(c.status, Action::kConfirm)) {
      return Fail(ErrorCode::kConflict, "an application for this service is under way",
                  "case " + c.id.text(), "follow that case");
    }
    StartClock(draft.world(), decision, draft.now(), c);
    c.consent = ConsentId();
    KSTATI_TRY_VOID(draft.Act(c, Action::kConfirm, "case.reason.confirmed"));
    return c;
  }
  Case c;
  c.citizen = citizen;
  c.about = about;
  c.service = service.id;
  c.mode = graph::Mode::kOnRequest;
  c.status = Status::kStarted;
  c.verdict = decision.verdict;
  c.regulation_from = decision.regulation->in_force.from;
  StartClock(draft.world(), decision, draft.now(), c);
  return draft.Open(std::move(c), "case.reason.applied");
}

Result<Case> HandCaseOver(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  if (!c.consent.empty() && Next(c.status, Action::kHandOver)) {
    KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(citizen));
    const profile::Consent* standing = profile::FindAllowing(
        consents, profile::Purpose::kProactiveStart, c.service, c.situation, draft.today());
    if (standing == nullptr) {
      KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, "case.reason.consent_expired"));
      return c;
    }
  }
  KSTATI_TRY_VOID(draft.Act(c, Action::kHandOver, "case.reason.handed_over"));
  return c;
}

}  // namespace kstati::cases
