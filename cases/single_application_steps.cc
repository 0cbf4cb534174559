// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/consenting.h"
#include "cases/deciding.h"
#include "cases/openings.h"
#include "cases/single_application.h"
#include "cases/speaking.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

// From where a step is decided.
Result<Viewpoint> ViewpointOfStep(Draft& draft, const SingleApplication& application,
                                  const ApplicationStep& step) {
  Case like;
  like.citizen = application.citizen;
  like.about = step.about;
  like.service = step.service;
  like.situation = application.situation;
  return ViewpointOfCase(draft, like);
}

bool IsYes(const profile::Fact* fact) {
  if (fact == nullptr || std::holds_alternative<profile::NotApplicable>(fact->value)) return false;
  const bool* flag = std::get_if<bool>(&fact->value);
  return flag == nullptr || *flag;
}

// Whether all that earlier steps give is on record.
bool IsAllGiven(const ApplicationStep& step, const Viewpoint& viewpoint,
                const profile::Dictionary& dictionary) {
  const std::set<AttributeId> held = HeldBy(viewpoint, dictionary);
  return std::ranges::all_of(step.awaits, [&](const AttributeId& id) {
    if (held.contains(id)) return true;
    const profile::Attribute* attribute = dictionary.Find(id);
    const bool of_about = attribute != nullptr && attribute->holder() == "about";
    const profile::FactView* holder =
        of_about && viewpoint.about ? viewpoint.about.get() : viewpoint.household->person.get();
    return IsYes(holder->Find(id));
  });
}

bool HasBegun(const Case& c) {
  return std::ranges::any_of(c.history, [](const StatusChange& change) {
    return change.status == Status::kStarted || change.status == Status::kDone;
  });
}

bool StandsBehind(const ApplicationStep& step, const std::vector<Case>& cases) {
  return std::ranges::all_of(step.behind, [&](const graph::Ahead& ahead) {
    return std::ranges::any_of(cases, [&](const Case& c) {
      return c.service == ahead.service && (ahead.finished ? HadResult(c) : HasBegun(c));
    });
  });
}

// The case that somebody else's hand, or the person's own, began for the step meanwhile.
const Case* CaseBegunSince(const SingleApplication& application, const ApplicationStep& step,
                           const std::vector<Case>& cases) {
  const auto found = std::ranges::find_if(cases, [&](const Case& c) {
    return c.service == step.service && c.about == step.about && HasBegun(c) &&
           (IsOpen(c.status) || c.history.back().at >= application.made_at);
  });
  return found == cases.end() ? nullptr : &*found;
}

// Confirms what was offered for the step, or opens a case.
Result<Case> StartByItself(Draft& draft, const SingleApplication& application,
                           const Decision& decision, const Viewpoint& viewpoint, Allowed allowed) {
  Case c;
  c.citizen = application.citizen;
  c.about = decision.about;
  c.service = decision.service;
  c.situation = application.situation;
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(application.citizen));
  const auto offered = std::ranges::find_if(cases, [&](const Case& other) {
    return other.service == c.service && other.about == c.about && IsOpen(other.status);
  });
  if (offered != cases.end()) c = *offered;
  c.verdict = decision.verdict;
  c.rests_on = EventsBehind(decision);
  c.regulation_from = decision.regulation->in_force.from;
  c.consent = std::move(allowed.consent);
  c.categories = std::move(allowed.categories);
  c.told = ToldFor(decision, application.told, draft.world().program->dictionary());
  StartClock(draft.world(), decision, viewpoint, draft.now(), c);
  constexpr const char* kReason = "case.reason.started_in_chain";
  if (!c.id.empty()) {
    KSTATI_TRY_VOID(draft.Act(c, Action::kConfirm, kReason));
    return c;
  }
  c.status = Status::kStarted;
  return draft.Open(std::move(c), kReason);
}

// The record of trigger decisions that tells of the application's situation.
Result<std::string> TriggersOf(Draft& draft, const SingleApplication& application) {
  KSTATI_TRY(const auto situations, SituationsIn(draft, application.citizen));
  recommender::OpenSituation situation;
  situation.situation = application.situation;
  situation.about = application.about;
  situation.occurred_on = LocalDate(application.made_at, draft.world().time_zone);
  const auto open = std::ranges::find_if(situations, [&](const auto& other) {
    return other.situation == situation.situation && other.about == situation.about;
  });
  return SituationKey(open == situations.end() ? situation : *open);
}

// Its turn has come, and it does not start. Told when the reason is another one than before.
Result<bool> LetWait(Draft& draft, const SingleApplication& application, ApplicationStep& step,
                     TriggerReason reason, std::vector<std::string> details = {}) {
  const bool known = step.not_started && step.not_started->reason == reason &&
                     step.not_started->details == details;
  if (known) return false;
  const profile::EventKey cause =
      draft.event() == nullptr ? profile::EventKey() : draft.event()->key;
  step.not_started = {draft.now(), cause, step.service, step.about, reason, std::move(details)};
  KSTATI_TRY(std::string triggers, TriggersOf(draft, application));
  draft.Note(application.citizen, std::move(triggers), *step.not_started);
  return false;
}

// Whether its turn has come: all that goes before it is there.
bool HasTurn(const ApplicationStep& step, const std::vector<Case>& cases,
             const Viewpoint& viewpoint, const profile::Dictionary& dictionary) {
  return StandsBehind(step, cases) && IsAllGiven(step, viewpoint, dictionary);
}

// Starts the step when everything is there; whether it has a case now.
Result<bool> TryStep(Draft& draft, const SingleApplication& application, ApplicationStep& step) {
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(application.citizen));
  if (const Case* begun = CaseBegunSince(application, step, cases)) {
    step.case_id = begun->id;
    return true;
  }
  KSTATI_TRY(const bool known, draft.Knows(step.about));
  if (!known) return false;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfStep(draft, application, step));
  if (!HasTurn(step, cases, viewpoint, draft.world().program->dictionary())) {
    step.not_started.reset();
    return false;
  }
  const graph::Service* service = draft.world().catalogue().FindService(step.service);
  if (service == nullptr) return LetWait(draft, application, step, TriggerReason::kNoRegulation);
  const Decision decision = draft.world().program->Decide(*service, viewpoint.subject(), true);
  if (decision.regulation == nullptr) {
    return LetWait(draft, application, step, TriggerReason::kNoRegulation);
  }
  if (decision.verdict == eligibility::Verdict::kNotEligible) {
    std::vector<std::string> grounds;
    for (const GroundId& ground : decision.grounds) grounds.push_back(ground.text());
    return LetWait(draft, application, step, TriggerReason::kNotEligible, std::move(grounds));
  }
  KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(application.citizen));
  KSTATI_TRY(const bool represented, IsRepresented(draft, application.citizen));
  std::optional<Allowed> allowed =
      FindAllowed(draft, decision, viewpoint, {consents, represented, application.situation},
                  profile::ConsentMode::kAct);
  if (!allowed) return LetWait(draft, application, step, TriggerReason::kNoConsent);
  KSTATI_TRY(const Case c,
             StartByItself(draft, application, decision, viewpoint, std::move(*allowed)));
  step.case_id = c.id;
  return true;
}

std::optional<Instant> ToldAt(const ApplicationStep& step) {
  return step.not_started ? std::optional(step.not_started->at) : std::nullopt;
}

// One step may let the next begin. Whether anything changed.
Result<bool> GoOn(Draft& draft, SingleApplication& application) {
  bool changed = false;
  for (bool more = true; more;) {
    more = false;
    for (ApplicationStep& step : application.steps) {
      if (!step.case_id.empty()) continue;
      const std::optional<Instant> told = ToldAt(step);
      KSTATI_TRY(const bool begun, TryStep(draft, application, step));
      if (begun) step.not_started.reset();
      more = more || begun;
      changed = changed || begun || told != ToldAt(step);
    }
  }
  return changed;
}

}  // namespace

Result<void> StartSteps(Draft& draft, SingleApplication& application) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  std::set<ServiceId> begun;
  for (ApplicationStep& step : application.steps) {
    const bool is_free = std::ranges::all_of(step.behind, [&](const graph::Ahead& ahead) {
      return !ahead.finished && begun.contains(ahead.service);
    });
    const bool under_way = !step.case_id.empty();
    if (!under_way && (!step.awaits.empty() || !is_free)) continue;
    begun.insert(step.service);
    if (under_way) continue;
    const graph::Service* service = draft.world().catalogue().FindService(step.service);
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfStep(draft, application, step));
    KSTATI_TRY(Case c, ApplyFor(draft, *service, viewpoint));
    const Decision decision = draft.world().program->Decide(*service, viewpoint.subject(), true);
    c.situation = application.situation;
    c.told = ToldFor(decision, application.told, dictionary);
    KSTATI_TRY_VOID(draft.Keep(c));
    step.case_id = c.id;
  }
  return {};
}

Result<void> FollowApplications(Draft& draft, const profile::RegistryEvent& event) {
  if (event.facts.empty()) return {};
  KSTATI_TRY(const std::set<CitizenId> around, PeopleAround(draft, event));
  for (const CitizenId citizen : around) KSTATI_TRY_VOID(FollowApplications(draft, citizen));
  return {};
}

Result<void> FollowApplications(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(std::vector<SingleApplication> applications, ApplicationsOf(draft, citizen));
  for (SingleApplication& application : applications) {
    KSTATI_TRY(const bool changed, GoOn(draft, application));
    if (!changed) continue;
    draft.PutRecord(citizen, kApplicationRecord, application.id, Encode(application));
  }
  return {};
}

Result<void> ForgetAnswers(Draft& draft, CitizenId citizen, const ConsentId& consent) {
  KSTATI_TRY(std::vector<SingleApplication> applications, ApplicationsOf(draft, citizen));
  for (SingleApplication& each : applications) {
    if (each.consent != consent || each.told.empty()) continue;
    each.told.clear();
    draft.PutRecord(citizen, kApplicationRecord, each.id, Encode(each));
  }
  return {};
}

}  // namespace kstati::cases
