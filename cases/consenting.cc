// SPDX-License-Identifier: Apache-2.0
#include "cases/consenting.h"

#include <algorithm>

#include "base/log.h"
#include "cases/deciding.h"
#include "cases/erasure.h"
#include "cases/household_cases.h"
#include "cases/pre_check.h"
#include "cases/regulation_entry.h"
#include "cases/single_application.h"
#include "cases/speaking.h"

namespace kstati::cases {
namespace {

using profile::Consent;
using profile::ConsentScope;
using profile::ConsentVersion;
using profile::ledger::EntryKind;

// What the ledger says of the latest version of a consent.
profile::DeedContent ContentOf(const Consent& consent) {
  const ConsentVersion& version = consent.latest();
  return {{"consent", consent.id.text()},
          {"version", std::to_string(consent.versions.size())},
          {"change", std::string(profile::NameOf(version.change))},
          {"by", version.by.who.ToString()},
          {"as", std::string(profile::NameOf(version.by.capacity))},
          {"purpose", std::string(profile::NameOf(version.scope.purpose))},
          {"mode", std::string(profile::NameOf(version.scope.mode))},
          {"service", version.scope.service.text()},
          {"situation", version.scope.situation.text()},
          {"categories", profile::Joined(version.scope.categories)},
          {"recipients", profile::Joined(version.scope.recipients)},
          {"valid_from", version.valid.from.ToString()},
          {"valid_to", version.valid.to ? version.valid.to->ToString() : std::string()},
          {"text_version", version.evidence.text_version},
          {"language", version.evidence.language},
          {"channel", version.evidence.channel},
          {"reason", version.reason}};
}

EntryKind KindOf(profile::ConsentChange change) {
  switch (change) {
    case profile::ConsentChange::kGiven: return EntryKind::kConsentGiven;
    case profile::ConsentChange::kRevoked: return EntryKind::kConsentRevoked;
    default: return EntryKind::kConsentChanged;
  }
}

// Keeps the version that was just added, and enters it into the ledger.
void Keep(Draft& draft, const Consent& consent) {
  draft.Put(consent);
  draft.Enter(consent.citizen, KindOf(consent.latest().change), ContentOf(consent));
}

Result<Consent> RequireConsent(Draft& draft, CitizenId citizen, const ConsentId& id) {
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  KSTATI_TRY(std::vector<Consent> consents, draft.Consents(citizen));
  const auto found = std::ranges::find(consents, id, &Consent::id);
  if (found != consents.end()) return std::move(*found);
  return Fail(ErrorCode::kNotFound, "there is no consent " + id.text(), "consent",
              "the call `consents` lists the citizen's consents");
}

std::optional<Date> Earlier(std::optional<Date> a, std::optional<Date> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

profile::ConsentAmendment AmendmentBy(const Draft& draft, const profile::Speaker& speaker,
                                      const profile::ConsentEvidence& evidence) {
  return {speaker, evidence, draft.now(), draft.today()};
}

// Stops the started cases that rest on the consent and that it does not allow; returns them.
Result<std::vector<Case>> StopWhatIsNotAllowed(Draft& draft, const Consent& consent,
                                               const std::string& reason) {
  std::vector<Case> stopped;
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(consent.citizen));
  for (Case c : cases) {
    if (c.consent != consent.id || !Next(c.status, Action::kConsentEnds)) continue;
    KSTATI_TRY(const profile::Processing next, NextStepOf(draft, c));
    if (profile::Allows(consent, next)) continue;
    KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, reason));
    stopped.push_back(std::move(c));
  }
  return stopped;
}

bool IsAmong(const std::vector<ServiceId>& services, const ServiceId& service) {
  return std::ranges::find(services, service) != services.end();
}

// Services that could start by themselves in some situation with the consent `ended`, and in that
// situation no longer can without it.
Result<std::vector<ServiceId>> NoLongerStart(Draft& draft, const std::vector<Consent>& consents,
                                             const ConsentId& ended, CitizenId citizen) {
  std::vector<Consent> left = consents;
  std::erase_if(left, [&](const Consent& consent) { return consent.id == ended; });
  const graph::Catalogue& catalogue = draft.world().catalogue();
  profile::Processing start;
  start.on = draft.today();
  KSTATI_TRY(start.represented, IsRepresented(draft, citizen));
  std::vector<ServiceId> services;
  for (const graph::Situation& situation : catalogue.situations()) {
    start.situation = situation.id;
    for (const ServiceId& id : situation.services) {
      const graph::Service* service = catalogue.FindService(id);
      const graph::Regulation* regulation = service->RegulationOn(draft.today());
      const bool by_itself =
          regulation != nullptr && regulation->mode == graph::Mode::kProactiveAct;
      if (!by_itself || IsAmong(services, id)) continue;
      start.service = id;
      start.recipient = profile::AuthorityId(service->authority);
      const bool ends = profile::FindAllowing(consents, start) != nullptr &&
                        profile::FindAllowing(left, start) == nullptr;
      if (ends) services.push_back(id);
    }
  }
  std::ranges::sort(services);
  return services;
}

// The application is not taken: there is no case, and what is told of it is kept by itself.
tl::unexpected<Error> RefuseFiling(Draft& draft, Case c, const eligibility::Decision& decision,
                                   const AdverseLeave& leave) {
  c.id = CaseId("F-" + c.citizen.ToString() + "-" + std::to_string(draft.now().micros));
  const std::string grounds = Joined(leave.ruling().grounds);
  RefusedAct refused{c.citizen, draft.EntryAbout(c), {}};
  refused.entry.activity = kFilingRefusedActivity;
  refused.entry.reason = grounds;
  refused.deed = {{"call", "filing_refused"},
                  {"service", c.service.text()},
                  {"about", c.about.ToString()},
                  {"verdict", std::string(eligibility::NameOf(decision.verdict))},
                  {"regulation_from", decision.in_force->in_force.from.ToString()},
                  {"decided_by", "rules"},
                  {"grounds", grounds},
                  {"basis", "service_on_request"}};
  refused.filing =
      RefusedFiling{c.citizen, c.about, c.service, draft.now(), EventsBehind(decision)};
  draft.NoteRefused(std::move(refused));
  return Fail(ErrorCode::kDenied, "a requirement of the service is not met: " + grounds,
              "service " + c.service.text(), "`explain` names every requirement and article");
}

// The application, as a new case or as the confirmation of what was offered.
Result<void> File(Draft& draft, const eligibility::Decision& decision, const Viewpoint& viewpoint,
                  Case& c) {
  c.verdict = decision.verdict;
  c.rests_on = EventsBehind(decision);
  c.regulation_from = decision.in_force->in_force.from;
  StartClock(draft.world(), decision, viewpoint, draft.now(), c);
  if (!c.id.empty()) {
    c.consent = ConsentId();
    c.categories.clear();
    KSTATI_TRY_VOID(draft.Act(c, Action::kConfirm, "case.reason.confirmed"));
  } else {
    c.mode = graph::Mode::kOnRequest;
    c.status = Status::kStarted;
    KSTATI_TRY(c, draft.Open(std::move(c), "case.reason.applied"));
  }
  NoteRegulation(draft, c, decision);
  return {};
}

// Adds the steps of applications that were to start on the consent.
Result<void> AddWaiting(Draft& draft, const ConsentRequest& request,
                        std::vector<ServiceId>& no_longer_start) {
  KSTATI_TRY(const std::set<ServiceId> waiting, WaitingOn(draft, request.citizen, request.consent));
  for (const ServiceId& service : waiting) {
    if (!IsAmong(no_longer_start, service)) no_longer_start.push_back(service);
  }
  std::ranges::sort(no_longer_start);
  return {};
}

// What was given with just these words and still stands so: whoever asks again has lost the answer.
const Consent* FindGiven(const profile::ConsentGrant& grant, const std::vector<Consent>& earlier) {
  const auto found = std::ranges::find_if(earlier, [&](const Consent& consent) {
    const profile::ConsentVersion& given = consent.given();
    return consent.versions.size() == 1 && given.scope == grant.scope &&
           given.valid == grant.valid && given.by == grant.by && given.evidence == grant.evidence;
  });
  return found == earlier.end() ? nullptr : &*found;
}

}  // namespace

Result<profile::Processing> NextStepOf(Draft& draft, const Case& c) {
  profile::Processing processing;
  processing.service = c.service;
  processing.situation = c.situation;
  processing.categories = c.categories;
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  if (service != nullptr) processing.recipient = profile::AuthorityId(service->authority);
  processing.on = draft.today();
  KSTATI_TRY(processing.represented, IsRepresented(draft, c.citizen));
  return processing;
}

Result<void> CheckScope(const World& world, const ConsentScope& scope) {
  const graph::Catalogue& catalogue = world.catalogue();
  if (!scope.service.empty() && catalogue.FindService(scope.service) == nullptr) {
    return Fail(ErrorCode::kNotFound, "there is no service " + scope.service.text(),
                "scope.service_id", "the call `services` lists the services of the catalogue");
  }
  if (!scope.situation.empty() && catalogue.FindSituation(scope.situation) == nullptr) {
    return Fail(ErrorCode::kNotFound, "there is no life situation " + scope.situation.text(),
                "scope.situation", "the call `catalogueSituations` lists them");
  }
  for (const profile::CategoryId& category : scope.categories) {
    if (world.program->dictionary().FindCategory(category.text()) != nullptr) continue;
    return Fail(ErrorCode::kNotFound, "there is no data category " + category.text(),
                "scope.categories", "the call `consentChoices` lists them");
  }
  for (const profile::AuthorityId& recipient : scope.recipients) {
    if (catalogue.FindAuthority(recipient.text()) != nullptr) continue;
    return Fail(ErrorCode::kNotFound, "there is no authority " + recipient.text(),
                "scope.recipients", "the call `consentChoices` lists them");
  }
  return {};
}

Result<Consent> GrantConsent(Draft& draft, profile::ConsentGrant grant) {
  KSTATI_TRY_VOID(draft.RequireProfile(grant.citizen));
  if (const auto household = draft.HouseholdOf(grant.citizen); !household) {
    Error error = AtPlace(household.error(), "household of the citizen");
    if (error.code == ErrorCode::kUnavailable) {
      error.remedy = "repeat later: who may consent rests on the household; withdrawing does not";
    }
    return Fail(std::move(error));
  }
  KSTATI_TRY_VOID(profile::Validate(grant, draft.today()));
  KSTATI_TRY_VOID(CheckScope(draft.world(), grant.scope));
  KSTATI_TRY(const Standing standing,
             RequireSpeaker(draft, grant.by.who, grant.citizen, grant.scope));
  grant.by = standing.speaker;
  grant.valid.to = Earlier(grant.valid.to, standing.until);
  if (grant.valid.to && *grant.valid.to < grant.valid.from) {
    return Fail(ErrorCode::kDenied, "the consent would begin when this person may no longer speak",
                "valid_from", "begin earlier, or let the citizen consent");
  }
  KSTATI_TRY(const std::vector<Consent> earlier, draft.Consents(grant.citizen));
  if (const Consent* const given = FindGiven(grant, earlier)) return *given;
  Consent consent = profile::MakeConsent(grant, earlier, draft.now());
  Keep(draft, consent);
  KSTATI_TRY_VOID(FollowApplications(draft, consent.citizen));
  return consent;
}

Result<Consent> NarrowConsent(Draft& draft, const ConsentRequest& request,
                              const ConsentScope& scope, std::optional<Date> last_day) {
  draft.NeedNotWait();
  KSTATI_TRY(Consent consent, RequireConsent(draft, request.citizen, request.consent));
  KSTATI_TRY_VOID(CheckScope(draft.world(), scope));
  KSTATI_TRY(const Standing standing,
             RequireSpeaker(draft, request.by, request.citizen, consent.latest().scope));
  const size_t versions = consent.versions.size();
  KSTATI_TRY_VOID(profile::Narrow(consent, scope, last_day,
                                  AmendmentBy(draft, standing.speaker, request.evidence)));
  if (consent.versions.size() == versions) return consent;
  Keep(draft, consent);
  KSTATI_TRY_VOID(StopWhatIsNotAllowed(draft, consent, "case.reason.consent_narrowed"));
  return consent;
}

Result<Consent> RenewConsent(Draft& draft, const ConsentRequest& request,
                             std::optional<Date> last_day) {
  KSTATI_TRY(Consent consent, RequireConsent(draft, request.citizen, request.consent));
  KSTATI_TRY(const Standing standing,
             RequireSpeaker(draft, request.by, request.citizen, consent.latest().scope));
  const size_t versions = consent.versions.size();
  KSTATI_TRY_VOID(profile::Renew(consent, Earlier(last_day, standing.until),
                                 AmendmentBy(draft, standing.speaker, request.evidence)));
  if (consent.versions.size() == versions) return consent;
  Keep(draft, consent);
  KSTATI_TRY_VOID(FollowApplications(draft, consent.citizen));
  return consent;
}

// A withdrawal takes effect at once, whatever is under way and whoever's partition is down.
Result<Revoked> RevokeConsent(Draft& draft, const ConsentRequest& request,
                              const std::string& reason) {
  draft.NeedNotWait();
  Revoked revoked;
  KSTATI_TRY(revoked.consent, RequireConsent(draft, request.citizen, request.consent));
  profile::Speaker speaker{request.citizen};
  if (request.by != request.citizen) {
    KSTATI_TRY(const Standing standing,
               RequireSpeaker(draft, request.by, request.citizen, revoked.consent.latest().scope));
    speaker = standing.speaker;
  }
  if (revoked.consent.revoked()) return revoked;
  KSTATI_TRY(const std::vector<Consent> before, draft.Consents(request.citizen));
  KSTATI_TRY(revoked.no_longer_start,
             NoLongerStart(draft, before, request.consent, request.citizen));
  KSTATI_TRY_VOID(AddWaiting(draft, request, revoked.no_longer_start));
  profile::Revoke(revoked.consent, reason, AmendmentBy(draft, speaker, request.evidence));
  Keep(draft, revoked.consent);
  KSTATI_TRY(revoked.stopped,
             StopWhatIsNotAllowed(draft, revoked.consent, "case.reason.consent_revoked"));
  revoked.erasure_due = BeginErasure(draft, revoked.consent, revoked.stopped);
  KSTATI_TRY_VOID(ForgetAnswers(draft, request.citizen, request.consent));
  return revoked;
}

Result<void> RevokeConsentsOf(Draft& draft, const profile::Proxy& proxy) {
  KSTATI_TRY(const std::vector<Consent> consents, draft.Consents(proxy.citizen));
  for (const Consent& consent : consents) {
    if (consent.granting().by.proxy != proxy.id) continue;
    KSTATI_TRY_VOID(RevokeConsent(draft, {proxy.citizen, consent.id, proxy.citizen, proxy.evidence},
                                  "proxy revoked"));
  }
  return {};
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
  KSTATI_TRY_VOID(CheckRoles(service, viewpoint));
  Case c;
  c.citizen = viewpoint.household->person->citizen();
  c.about = viewpoint.about ? viewpoint.about->citizen() : c.citizen;
  c.service = service.id;
  KSTATI_TRY(const eligibility::Decision decision,
             DecideOnPreChecks(draft, viewpoint,
                               draft.world().program->Decide(service, viewpoint.subject(), true)));
  if (decision.regulation == nullptr) {
    return Fail(ErrorCode::kNotFound, "no regulation is in force today",
                "service " + service.id.text(), "`passport` says on which days one is");
  }
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(c.citizen));
  const auto open = std::ranges::find_if(cases, [&](const Case& other) {
    return other.service == c.service && other.about == c.about && IsOpen(other.status);
  });
  if (open != cases.end()) c = *open;
  if (!c.id.empty() && !Next(c.status, Action::kConfirm)) {
    draft.NoteIllegal(c, Action::kConfirm);
    return Fail(ErrorCode::kConflict, "an application for this service is under way",
                "case " + c.id.text(), "follow that case");
  }
  KSTATI_TRY(const bool taken, IsTakenByAnother(draft, service, c));
  if (taken) {
    return Fail(ErrorCode::kConflict,
                "another of the family has applied for it, and it is given once",
                "service " + service.id.text(), "follow the application of that person");
  }
  const auto leave = AdverseLeave::ByRules(decision, draft.world().program->dictionary());
  if (leave) return RefuseFiling(draft, std::move(c), decision, *leave);
  KSTATI_TRY_VOID(File(draft, decision, viewpoint, c));
  KSTATI_TRY_VOID(TakePreChecks(draft, viewpoint, c));
  return c;
}

void NoteIllegalStep(const World& world, const IllegalStep& step) {
  const auto kept = Retry(world, [&](Draft& draft) -> Result<Case> {
    draft.NeedNotWait();
    KSTATI_TRY(Case c, RequireCase(draft, step.citizen, step.id));
    c.refused.push_back({c.status, step.action, draft.now()});
    if (c.refused.size() > kRefusedStepsKept) c.refused.erase(c.refused.begin());
    ++c.refused_steps;
    KSTATI_TRY_VOID(draft.Keep(c));
    return c;
  });
  if (!kept) {
    log::Failure("refused_step_not_kept", {{"code", std::string(KindOf(kept.error().code).name)}});
  }
}

Result<void> KeepRefusedAct(const World& world, const RefusedAct& act) {
  return Retry(world, [&](Draft& draft) -> Result<void> {
    draft.NeedNotWait();
    KSTATI_TRY_VOID(draft.Cases(act.citizen));  // the commit rests on whom it is about
    draft.Append(act.citizen, act.entry);
    if (!act.deed.empty()) draft.Enter(act.citizen, EntryKind::kDecision, act.deed);
    if (act.filing) Keep(draft, *act.filing);
    return {};
  });
}

Result<Case> HandCaseOver(Draft& draft, CitizenId citizen, const CaseId& id) {
  KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
  KSTATI_TRY(const bool known, draft.Knows(c.about));
  if (!known && Next(c.status, Action::kConsentEnds)) {
    KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, "case.reason.about_erased"));
    return c;
  }
  KSTATI_TRY(const bool dead, IsDead(draft, citizen));
  if (dead && Next(c.status, Action::kConsentEnds)) {
    KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, std::string(kApplicantDied)));
    return c;
  }
  if (!c.consent.empty() && Next(c.status, Action::kHandOver)) {
    KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(citizen));
    KSTATI_TRY(const profile::Processing next, NextStepOf(draft, c));
    if (profile::FindAllowing(consents, next) == nullptr) {
      KSTATI_TRY_VOID(draft.Act(c, Action::kConsentEnds, "case.reason.consent_expired"));
      return c;
    }
  }
  KSTATI_TRY_VOID(draft.Act(c, Action::kHandOver, "case.reason.handed_over"));
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  draft.Enter(citizen, EntryKind::kDisclosure,
              {{"case", c.id.text()},
               {"service", c.service.text()},
               {"recipient", service == nullptr ? std::string() : service->authority},
               {"consent", c.consent.text()},
               {"categories", profile::Joined(c.categories)},
               {"basis", c.consent.empty() ? "service_on_request" : "tell_of_rights"}});
  return c;
}

}  // namespace kstati::cases
