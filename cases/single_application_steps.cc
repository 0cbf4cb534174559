// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cases/consenting.h"
#include "cases/dealings.h"
#include "cases/deciding.h"
#include "cases/exclusive_openings.h"
#include "cases/household_cases.h"
#include "cases/openings.h"
#include "cases/pre_check.h"
#include "cases/regulation_entry.h"
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

// Whether the case is what a step of the application may stand behind: under way, or with a result
// that came since.
bool Stands(const Case& c, const graph::Ahead& ahead, Instant made_at) {
  const bool finished = c.status == Status::kDone && c.history.back().at >= made_at;
  return finished || (!ahead.finished && IsOpen(c.status) && HasBegun(c));
}

bool StandsBehind(const SingleApplication& application, const ApplicationStep& step,
                  const std::vector<Case>& cases) {
  return std::ranges::all_of(step.behind, [&](const graph::Ahead& ahead) {
    const std::set<CitizenId> all =
        AboutAhead(application.steps, step, ahead.service, application.citizen);
    return std::ranges::all_of(all, [&](CitizenId about) {
      return std::ranges::any_of(cases, [&](const Case& c) {
        return c.service == ahead.service && c.about == about &&
               Stands(c, ahead, application.made_at);
      });
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

// Whether the person turned it down since. Nobody starts then what the person alone may take up.
Result<bool> IsTurnedDown(const Draft& draft, const SingleApplication& application,
                          const ApplicationStep& step, const std::vector<Case>& cases) {
  const bool declined = std::ranges::any_of(cases, [&](const Case& c) {
    return c.service == step.service && c.about == step.about && c.status == Status::kDeclined &&
           c.history.back().at >= application.made_at;
  });
  if (declined) return true;
  return DeclinedSince(*draft.world().store, application.citizen, step.service, step.about,
                       application.made_at);
}

// What is offered for the step or announced, to be confirmed; a new case where nothing is.
Result<Case> CaseForStep(Draft& draft, const SingleApplication& application,
                         const ApplicationStep& step) {
  KSTATI_TRY(const std::vector<Case> cases, draft.Cases(application.citizen));
  Case c;
  c.citizen = application.citizen;
  c.about = step.about;
  c.service = step.service;
  c.situation = application.situation;
  const auto offered = std::ranges::find_if(cases, [&](const Case& other) {
    return other.service == c.service && other.about == c.about && IsOpen(other.status);
  });
  return offered == cases.end() ? c : *offered;
}

// The case as it starts.
Result<Case> StartByItself(Draft& draft, const Viewpoint& viewpoint, const Decision& decision,
                           Case c) {
  StartClock(draft.world(), decision, viewpoint, draft.now(), c);
  constexpr const char* kReason = "case.reason.started_in_chain";
  if (c.id.empty()) {
    c.status = Status::kStarted;
    KSTATI_TRY(c, draft.Open(std::move(c), kReason));
  } else {
    KSTATI_TRY_VOID(draft.Act(c, Action::kConfirm, kReason));
  }
  NoteRegulation(draft, c, decision);
  KSTATI_TRY_VOID(TakePreChecks(draft, viewpoint, c));
  return c;
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
bool HasTurn(const SingleApplication& application, const ApplicationStep& step,
             const std::vector<Case>& cases, const Viewpoint& viewpoint,
             const profile::Dictionary& dictionary) {
  return StandsBehind(application, step, cases) && IsAllGiven(step, viewpoint, dictionary);
}

// Why a step whose turn has come does not start.
struct Obstacle {
  TriggerReason reason;
  std::vector<std::string> details = {};
};

// What the rules come to when what the person told here is so.
Decision DecideAsTold(const Draft& draft, const SingleApplication& application,
                      const Decision& decision, const Viewpoint& viewpoint) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  eligibility::Subject subject = viewpoint.subject();
  for (const eligibility::Missing& missing : decision.missing) {
    const profile::Attribute* attribute = ReportedAs(dictionary, missing.attribute);
    if (attribute == nullptr) continue;
    const auto told = application.told.find({missing.citizen, attribute->id});
    if (told == application.told.end()) continue;
    const auto value = profile::ParseFactValue(attribute->type, told->second);
    if (value) subject.assumed.push_back({missing.citizen, missing.attribute, *value});
  }
  if (subject.assumed.empty()) return decision;
  return draft.world().program->Decide(*decision.described, subject, true);
}

// What keeps the decision from being a "yes", certain or likely, by what is on record and what the
// person told.
std::optional<Obstacle> ObstacleIn(const Decision& decision) {
  if (decision.regulation == nullptr) return Obstacle{TriggerReason::kNoRegulation};
  std::vector<std::string> details;
  if (decision.verdict == eligibility::Verdict::kNotEligible) {
    for (const GroundId& ground : decision.grounds) details.push_back(ground.text());
    return Obstacle{TriggerReason::kNotEligible, std::move(details)};
  }
  if (decision.verdict == eligibility::Verdict::kUndetermined) {
    for (const eligibility::Missing& missing : decision.missing) {
      details.push_back(missing.attribute.text());
    }
    return Obstacle{TriggerReason::kFactsMissing, std::move(details)};
  }
  return std::nullopt;
}

// Consents that were given with the application or after it: what the person let the state do
// before does not carry what was agreed on here.
std::vector<profile::Consent> GivenFor(const SingleApplication& application,
                                       std::vector<profile::Consent> consents) {
  std::erase_if(consents, [&](const profile::Consent& consent) {
    const Instant at = consent.granting().at;
    const bool with = at == application.made_at && !application.consent.empty() &&
                      consent.id >= application.consent;
    return at <= application.made_at && !with;
  });
  return consents;
}

// Whether the law gives it beside what is under way in the household.
Result<bool> IsGivenBeside(Draft& draft, const std::string& triggers, const Decision& decision,
                           const Case& c) {
  Proposal proposal{c, {}, triggers, decision};
  proposal.c.status = Status::kStarted;
  KSTATI_TRY(const auto left, LeaveOutExcluded(draft, {std::move(proposal)}));
  return !left.empty() && left.front().c.status == Status::kStarted;
}

// The consent on which the step starts; kNoConsent, or that it is not given beside others.
Result<std::optional<Obstacle>> FindConsent(Draft& draft, const SingleApplication& application,
                                            const Decision& decision, const Viewpoint& viewpoint,
                                            Case& c) {
  KSTATI_TRY(std::vector<profile::Consent> consents, draft.Consents(application.citizen));
  consents = GivenFor(application, std::move(consents));
  KSTATI_TRY(const bool represented, IsRepresented(draft, application.citizen));
  std::optional<Allowed> allowed =
      FindAllowed(draft, decision, viewpoint, {consents, represented, application.situation},
                  profile::ConsentMode::kAct);
  if (!allowed) return std::optional(Obstacle{TriggerReason::kNoConsent});
  c.consent = std::move(allowed->consent);
  c.categories = std::move(allowed->categories);
  return std::nullopt;
}

// Whether the person has all that the step gives, and needs no new one.
bool IsHeldAlready(const Draft& draft, const SingleApplication& application,
                   const Decision& decision, const Viewpoint& viewpoint) {
  const World& world = draft.world();
  const profile::Dictionary& dictionary = world.program->dictionary();
  const graph::Situation* situation = world.catalogue().FindSituation(application.situation);
  if (situation == nullptr) {
    return HasAllOutputs(*decision.regulation, HeldBy(viewpoint, dictionary));
  }
  return HasAllOutputs(*decision.regulation,
                       HeldForGood(*situation, viewpoint, dictionary, draft.today()));
}

// Starts the step whose turn has come, or says why not.
Result<std::optional<Obstacle>> Start(Draft& draft, const SingleApplication& application,
                                      ApplicationStep& step, const Viewpoint& viewpoint) {
  const graph::Service* service = draft.world().catalogue().FindService(step.service);
  if (service == nullptr) return std::optional(Obstacle{TriggerReason::kNoRegulation});
  KSTATI_TRY(const Decision decision,
             DecideOnPreChecks(draft, viewpoint,
                               draft.world().program->Decide(*service, viewpoint.subject(), true)));
  if (auto obstacle = ObstacleIn(DecideAsTold(draft, application, decision, viewpoint))) {
    return obstacle;
  }
  if (IsHeldAlready(draft, application, decision, viewpoint)) {
    return std::optional(Obstacle{TriggerReason::kHeld});
  }
  KSTATI_TRY(Case c, CaseForStep(draft, application, step));
  KSTATI_TRY(const bool given, IsGivenToAnother(draft, c, application.made_at));
  if (given) return std::optional(Obstacle{TriggerReason::kHouseholdTold});
  KSTATI_TRY(auto obstacle, FindConsent(draft, application, decision, viewpoint, c));
  if (obstacle) return obstacle;
  c.verdict = decision.verdict;
  c.rests_on = EventsBehind(decision);
  c.regulation_from = decision.in_force->in_force.from;
  c.told = ToldFor(decision, application.told, draft.world().program->dictionary());
  KSTATI_TRY(const std::string triggers, TriggersOf(draft, application));
  KSTATI_TRY(const bool beside, IsGivenBeside(draft, triggers, decision, c));
  if (!beside) return std::optional(Obstacle{TriggerReason::kExcluded});
  KSTATI_TRY(c, StartByItself(draft, viewpoint, decision, std::move(c)));
  step.case_id = c.id;
  return std::nullopt;
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
  if (recommender::IsKnownDead(*viewpoint.household->person)) return false;
  const graph::Service* service = draft.world().catalogue().FindService(step.service);
  const bool of_living = service == nullptr || service->about != graph::About::kDeceased;
  if (of_living && viewpoint.about && recommender::IsKnownDead(*viewpoint.about)) return false;
  KSTATI_TRY(const bool turned_down, IsTurnedDown(draft, application, step, cases));
  if (turned_down) return LetWait(draft, application, step, TriggerReason::kDeclined);
  if (!HasTurn(application, step, cases, viewpoint, draft.world().program->dictionary())) {
    step.not_started.reset();
    return false;
  }
  KSTATI_TRY(std::optional<Obstacle> obstacle, Start(draft, application, step, viewpoint));
  if (!obstacle) return true;
  return LetWait(draft, application, step, obstacle->reason, std::move(obstacle->details));
}

// Whether what is so of the other may be told to the citizen.
Result<bool> Sees(Draft& draft, CitizenId citizen, CitizenId other) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(citizen));
  if (other == citizen || household->Find(other)) return draft.Knows(other);
  KSTATI_TRY(const auto situations, SituationsIn(draft, citizen));
  const bool open =
      std::ranges::any_of(situations, [&](const recommender::OpenSituation& situation) {
        return situation.about == other && situation.IsOpenOn(draft.today());
      });
  if (!open) return false;
  return draft.Knows(other);
}

std::optional<Instant> ToldAt(const ApplicationStep& step) {
  return step.not_started ? std::optional(step.not_started->at) : std::nullopt;
}

bool IsWaiting(const ApplicationStep& step) {
  const bool declined = step.not_started && step.not_started->reason == TriggerReason::kDeclined;
  return step.case_id.empty() && !declined;
}

// Answers are kept for steps that still wait; the cases have their own.
void ForgetWhenAllStarted(SingleApplication& application) {
  if (std::ranges::none_of(application.steps, IsWaiting)) application.told.clear();
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

Result<eligibility::Verdict> VerdictOfStep(Draft& draft, const SingleApplication& application,
                                           const ApplicationStep& step) {
  const graph::Service* service = draft.world().catalogue().FindService(step.service);
  KSTATI_TRY(const bool seen, Sees(draft, application.citizen, step.about));
  if (service == nullptr || !seen) return eligibility::Verdict::kUndetermined;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfStep(draft, application, step));
  KSTATI_TRY(const Decision decision,
             DecideOnPreChecks(draft, viewpoint,
                               draft.world().program->Decide(*service, viewpoint.subject(), true)));
  return DecideAsTold(draft, application, decision, viewpoint).verdict;
}

Result<profile::ConsentScope> ScopeOfSteps(Draft& draft, const SingleApplication& application) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  profile::ConsentScope scope;
  scope.situation = application.situation;
  for (const ApplicationStep& step : application.steps) {
    const graph::Service* service = draft.world().catalogue().FindService(step.service);
    KSTATI_TRY(const bool known, draft.Knows(step.about));
    if (service == nullptr || !known) continue;
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfStep(draft, application, step));
    const Decision decision = draft.world().program->Decide(*service, viewpoint.subject(), true);
    scope.categories.merge(CategoriesUsed(decision, dictionary));
    scope.categories.merge(StillToCome(step, decision, dictionary));
    scope.recipients.emplace(service->authority);
  }
  return scope;
}

std::set<CitizenId> AboutAhead(const std::vector<ApplicationStep>& steps,
                               const ApplicationStep& step, const ServiceId& ahead,
                               CitizenId applicant) {
  std::set<CitizenId> about;
  for (const ApplicationStep& other : steps) {
    if (other.service == ahead) about.insert(other.about);
  }
  const bool has_own = about.empty() || about.contains(step.about);
  if (has_own) return {step.about};
  if (step.about != applicant) return {applicant};
  return about;
}

Result<void> StartSteps(Draft& draft, const std::vector<OfferedStep>& offered,
                        SingleApplication& application) {
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  for (const OfferedStep& each : offered) {
    ApplicationStep& step = application.steps.emplace_back(each.step);
    if (!each.starts) continue;
    const graph::Service* service = draft.world().catalogue().FindService(step.service);
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfStep(draft, application, step));
    KSTATI_TRY(Case c, CaseForStep(draft, application, step));
    KSTATI_TRY(const bool taken, IsTakenByAnother(draft, *service, c));
    if (taken) {
      KSTATI_TRY_VOID(LetWait(draft, application, step, TriggerReason::kHouseholdTold));
      continue;
    }
    KSTATI_TRY(c, ApplyFor(draft, *service, viewpoint));
    const Decision decision = draft.world().program->Decide(*service, viewpoint.subject(), true);
    c.situation = application.situation;
    c.told = ToldFor(decision, application.told, dictionary);
    KSTATI_TRY_VOID(draft.Keep(c));
    KSTATI_TRY_VOID(NoteAccepted(draft, c.citizen, c.service, c.about));
    step.case_id = c.id;
  }
  ForgetWhenAllStarted(application);
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
    ForgetWhenAllStarted(application);
    draft.PutRecord(citizen, kApplicationRecord, application.id, Encode(application));
  }
  return {};
}

Result<std::set<ServiceId>> WaitingOn(Draft& draft, CitizenId citizen, const ConsentId& consent) {
  KSTATI_TRY(const std::vector<SingleApplication> applications, ApplicationsOf(draft, citizen));
  std::set<ServiceId> waiting;
  for (const SingleApplication& application : applications) {
    if (application.consent != consent) continue;
    for (const ApplicationStep& step : application.steps) {
      if (IsWaiting(step)) waiting.insert(step.service);
    }
  }
  return waiting;
}

Result<std::set<recommender::ServiceAbout>> WaitingIn(Draft& draft, CitizenId citizen,
                                                      const SituationId& situation) {
  KSTATI_TRY(const std::vector<SingleApplication> applications, ApplicationsOf(draft, citizen));
  std::set<recommender::ServiceAbout> waiting;
  for (const SingleApplication& application : applications) {
    if (application.situation != situation) continue;
    for (const ApplicationStep& step : application.steps) {
      if (IsWaiting(step)) waiting.insert({step.service, step.about});
    }
  }
  return waiting;
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
