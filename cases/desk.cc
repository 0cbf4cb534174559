// SPDX-License-Identifier: Apache-2.0
#include "cases/desk.h"

#include <algorithm>
#include <functional>
#include <map>

#include "base/bytes.h"
#include "cases/consenting.h"
#include "cases/dealings.h"
#include "cases/draft.h"
#include "cases/life_question.h"
#include "cases/openings.h"
#include "cases/past.h"
#include "cases/pre_check.h"
#include "cases/reading.h"
#include "cases/single_application.h"

namespace kstati::cases {
namespace {

using recommender::OpenSituation;

Result<const graph::Service*> RequireService(const World& world, const ServiceId& id) {
  if (const graph::Service* service = world.catalogue().FindService(id)) return service;
  return Fail(ErrorCode::kNotFound, "there is no service " + id.text(), "service_id",
              "the call `services` lists the services of the catalogue");
}

// The services of the situation, or all of the catalogue when it is empty.
Result<std::vector<const graph::Service*>> ServicesOf(const World& world, const SituationId& id) {
  std::vector<const graph::Service*> services;
  if (id.empty()) {
    for (const graph::Service& service : world.catalogue().services()) services.push_back(&service);
    return services;
  }
  KSTATI_TRY(const graph::Situation* situation, RequireSituation(world, id));
  for (const ServiceId& each : situation->services) {
    services.push_back(world.catalogue().FindService(each));
  }
  return services;
}

// In which role of a service somebody is to the person of the household.
graph::About RoleOf(CitizenId whom, const profile::Household& household) {
  if (whom == household.person->citizen()) return graph::About::kPerson;
  const auto is_whom = [&](const auto& member) { return member->citizen() == whom; };
  const bool child = std::ranges::any_of(household.children, is_whom) ||
                     std::ranges::any_of(household.wards, is_whom);
  return child ? graph::About::kChild : graph::About::kDeceased;
}

// Whether the situation is about somebody in the role that the service is about.
bool IsInRole(const World& world, const graph::Service& service,
              const profile::Household& household, const OpenSituation& situation) {
  if (situation.about == situation.citizen) return false;
  const graph::Situation* kind = world.catalogue().FindSituation(situation.situation);
  if (service.about == graph::About::kDeceased) {
    return kind != nullptr && kind->about == "deceased";
  }
  return RoleOf(situation.about, household) == service.about;
}

// The applicant for a service about a person; else whoever the latest situation is about in the
// service's role, or the youngest child.
CitizenId DefaultAbout(const World& world, const graph::Service& service,
                       const profile::Household& household,
                       const std::vector<OpenSituation>& situations) {
  const CitizenId applicant = household.person->citizen();
  if (service.about == graph::About::kPerson) return applicant;
  const auto found = std::ranges::find_if(situations, [&](const OpenSituation& situation) {
    return IsInRole(world, service, household, situation);
  });
  if (found != situations.end()) return found->about;
  const bool has_child = service.about == graph::About::kChild && !household.children.empty();
  return has_child ? household.children.back()->citizen() : applicant;
}

Result<std::vector<Case>> CasesAt(Draft& draft, CitizenId citizen, const LookAt& as_of) {
  KSTATI_TRY(std::vector<Case> cases, draft.Cases(citizen));
  if (!as_of) return cases;
  std::vector<Case> known;
  for (Case& c : cases) {
    if (auto then = AsKnownAt(std::move(c), as_of->known_at)) known.push_back(*std::move(then));
  }
  return known;
}

// What is under way. What was got is held while it stands, what was turned down is kept apart.
std::set<recommender::ServiceAbout> ExcludedBy(const std::vector<Case>& cases) {
  std::set<recommender::ServiceAbout> excluded;
  for (const Case& c : cases) {
    const bool waits = c.status == Status::kAnnounced || c.status == Status::kOffered;
    if (!waits && IsOpen(c.status)) excluded.insert({c.service, c.about});
  }
  return excluded;
}

// From where a service is decided; whom it is about is chosen when `about` is zero.
Result<Viewpoint> ViewpointFor(Draft& draft, const graph::Service& service, CitizenId citizen,
                               CitizenId about, const LookAt& as_of) {
  KSTATI_TRY(const Reading reading, Read(draft, citizen, as_of));
  const CitizenId whom = about.number() != 0 ? about
                                             : DefaultAbout(draft.world(), service,
                                                            *reading.household, reading.situations);
  return ViewpointOf(draft, reading, whom, &service);
}

// What somebody has taken up by now counts for everybody from the next request on. Past what cannot
// be read, since what is followed here is done already.
void LetFollow(const World& world, const recommender::ServingRanker& ranker, CitizenId citizen) {
  const auto past = PastOf(*world.store, citizen);
  if (past) ranker.Follow(citizen, past->Taken());
}

}  // namespace

Result<recommender::Suggestions> Desk::Suggest(CitizenId citizen, size_t limit,
                                               std::vector<CitizenId>* read,
                                               const LookAt& as_of) const {
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Reading reading, Read(draft, citizen, as_of));
  KSTATI_TRY(const std::vector<Case> cases, CasesAt(draft, citizen, as_of));
  recommender::SuggestRequest request;
  request.household = reading.household.get();
  std::copy_if(reading.situations.begin(), reading.situations.end(),
               std::back_inserter(request.situations),
               [&](const OpenSituation& situation) { return situation.IsOpenOn(draft.today()); });
  request.excluded = ExcludedBy(cases);
  request.find_person = [&](CitizenId other) -> std::shared_ptr<const profile::FactView> {
    const auto household = draft.HouseholdOf(other);
    return household ? (*household)->person : nullptr;
  };
  request.on = draft.today();
  request.limit = limit;
  KSTATI_TRY(request.background.past, PastOf(*world_.store, citizen));
  if (as_of) {
    const Instant just_after{as_of->known_at.micros + 1};
    request.background.past = request.background.past.Before(just_after);
  }
  KSTATI_TRY(request.turned_down, TurnedDownBy(world_, citizen, request.background.past));
  if (trials_.inference != nullptr) {
    request.background.estimates = recommender::inference::EstimatesOf(
        *request.household->person, draft.today(), *trials_.inference);
  }
  request.exploration_places = trials_.exploration_places;
  request.shadow = trials_.shadow;
  request.exclusions = world_.exclusions.get();
  request.chance = static_cast<uint64_t>(draft.now().micros);
  const recommender::Serving serving = ranker_.For(citizen, draft.today());
  recommender::Suggestions suggestions =
      recommender::Suggest(request, *world_.program, *serving.ranker);
  suggestions.exposure.arm = serving.arm;
  suggestions.estimated = trials_.inference != nullptr;
  Tell(draft, read);
  return suggestions;
}

Result<eligibility::Decision> Desk::Explain(CitizenId citizen, const ServiceId& id, CitizenId about,
                                            const LookAt& as_of,
                                            std::vector<CitizenId>* read) const {
  KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointFor(draft, *service, citizen, about, as_of));
  Tell(draft, read);
  return world_.program->Decide(*service, viewpoint.subject(), true);
}

Result<eligibility::Counterfactuals> Desk::WhatWouldChange(CitizenId citizen, const ServiceId& id,
                                                           CitizenId about,
                                                           const LookAt& as_of) const {
  KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointFor(draft, *service, citizen, about, as_of));
  return eligibility::WhatWouldChange(*world_.program, *service, viewpoint.subject());
}

Result<std::string> Desk::Certify(CitizenId citizen, const ServiceId& id, CitizenId about,
                                  const LookAt& as_of, std::vector<CitizenId>* read) const {
  KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointFor(draft, *service, citizen, about, as_of));
  Tell(draft, read);
  return world_.program->Certify(*service, viewpoint.subject(), eligibility::AnonymousTerms());
}

Result<eligibility::questions::NextQuestion> Desk::Ask(CitizenId citizen,
                                                       const Questionnaire& questionnaire,
                                                       const LookAt& as_of,
                                                       std::vector<CitizenId>* read) const {
  std::vector<const graph::Service*> goals;
  for (const ServiceId& id : questionnaire.services) {
    KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
    goals.push_back(service);
  }
  const bool named = !goals.empty();
  if (!named) {
    KSTATI_TRY(goals, ServicesOf(world_, questionnaire.situation));
  }
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Reading reading, Read(draft, citizen, as_of));
  CitizenId whom = questionnaire.about.number() != 0 ? questionnaire.about : citizen;
  for (const graph::Service* goal : goals) {
    if (whom != citizen) break;
    if (goal->about == graph::About::kPerson) continue;
    whom = DefaultAbout(world_, *goal, *reading.household, reading.situations);
  }
  if (!named) {
    std::erase_if(goals, [&](const graph::Service* goal) {
      return goal->about != graph::About::kPerson &&
             goal->about != RoleOf(whom, *reading.household);
    });
  }
  const graph::Service* only = goals.size() == 1 ? goals.front() : nullptr;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOf(draft, reading, whom, only));
  Tell(draft, read);
  return eligibility::questions::NextQuestionOf(*world_.program, viewpoint.subject(), goals,
                                                questionnaire.answers);
}

Result<std::vector<OpenSituation>> Desk::Situations(CitizenId citizen, const LookAt& as_of) const {
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY(const Reading reading, Read(draft, citizen, as_of));
  return reading.situations;
}

Result<profile::FactView> Desk::Profile(CitizenId citizen, Date valid_at,
                                        std::optional<Instant> known_at) const {
  KSTATI_TRY(const profile::History history, world_.store->Load(citizen));
  if (history.version == 0) {
    return Fail(ErrorCode::kNotFound, "the citizen has no profile", "citizen",
                "check the number, or wait until the population register reports the person");
  }
  const Instant latest = std::max(world_.Now(), history.last_known_at);
  return profile::FactView(history, {valid_at, known_at.value_or(latest)});
}

Result<std::vector<Case>> Desk::Cases(CitizenId citizen, const LookAt& as_of) const {
  Draft draft = DraftAt(world_, as_of);
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  return CasesAt(draft, citizen, as_of);
}

Result<Case> Desk::FindCase(CitizenId citizen, const CaseId& id) const {
  Draft draft(world_, world_.Now());
  return RequireCase(draft, citizen, id);
}

Result<Case> Desk::Apply(CitizenId citizen, const ServiceId& id, CitizenId about,
                         std::vector<CitizenId>* read) const {
  KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
  auto applied = RetryStep(world_, [&](Draft& draft) -> Result<Case> {
    KSTATI_TRY(const Reading reading, Read(draft, citizen));
    const CitizenId whom = about.number() != 0 ? about
                                               : DefaultAbout(world_, *service, *reading.household,
                                                              reading.situations);
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointOf(draft, reading, whom, service));
    Tell(draft, read);
    KSTATI_TRY_VOID(NoteAccepted(draft, citizen, id, whom));
    KSTATI_TRY(Case c, ApplyFor(draft, *service, viewpoint));
    KSTATI_TRY_VOID(FollowApplications(draft, citizen));
    return c;
  });
  if (applied) LetFollow(world_, ranker_, citizen);
  return applied;
}

Result<PreCheck> Desk::CheckAhead(CitizenId citizen, const ServiceId& id, CitizenId about,
                                  std::vector<CitizenId>* read) const {
  KSTATI_TRY(const graph::Service* service, RequireService(world_, id));
  return Retry(world_, [&](Draft& draft) -> Result<PreCheck> {
    KSTATI_TRY(const Viewpoint viewpoint, ViewpointFor(draft, *service, citizen, about, {}));
    Tell(draft, read);
    return MakePreCheck(draft, *service, viewpoint);
  });
}

Result<std::optional<LifeQuestion>> Desk::AskAboutLife(CitizenId citizen) const {
  Draft reading(world_, world_.Now());  // never committed: most days nothing is new
  KSTATI_TRY(const AskedToday asked, QuestionToday(reading, citizen, trials_.inference));
  if (!asked.is_new) return asked.question;
  return Retry(world_,
               [&](Draft& draft) { return PutLifeQuestion(draft, citizen, trials_.inference); });
}

Result<LifeQuestion> Desk::AnswerAboutLife(CitizenId citizen, bool changed) const {
  return Retry(world_, [&](Draft& draft) { return AnswerLifeQuestion(draft, citizen, changed); });
}

Result<Case> Desk::Decline(CitizenId citizen, const CaseId& id) const {
  return RetryStep(world_, [&](Draft& draft) -> Result<Case> {
    KSTATI_TRY(Case c, RequireCase(draft, citizen, id));
    KSTATI_TRY_VOID(draft.Act(c, Action::kDecline, "case.reason.declined"));
    const recommender::Feedback feedback{
        citizen, draft.now(), {}, c.service, std::string(recommender::kDeclined), c.about};
    draft.AppendLog(citizen, recommender::kFeedbackLog, Encode(feedback));
    KSTATI_TRY_VOID(NoteDeclined(draft, citizen, c.service, c.about));
    return c;
  });
}

Result<Case> Desk::HandOver(CitizenId citizen, const CaseId& id) const {
  return Retry(world_, [&](Draft& draft) { return HandCaseOver(draft, citizen, id); });
}

Result<std::vector<SequencedNotification>> Desk::Notifications(CitizenId citizen) const {
  Draft draft(world_, world_.Now());
  KSTATI_TRY_VOID(draft.RequireProfile(citizen));
  KSTATI_TRY(const auto records, world_.store->Records(citizen, kNotificationRecord));
  KSTATI_TRY(const auto deliveries, DeliveriesTo(*world_.store, citizen));
  std::vector<SequencedNotification> notifications;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(Notification notification, DecodeNotification(bytes));
    const auto found = deliveries.find(MessageKey(bytes));
    std::optional<DeliveryRecord> delivery;
    if (found != deliveries.end()) delivery = found->second;
    notifications.push_back({0, std::move(notification), std::move(delivery)});
  }
  std::stable_sort(notifications.begin(), notifications.end(), [](const auto& a, const auto& b) {
    return a.notification.at < b.notification.at;
  });
  for (size_t i = 0; i < notifications.size(); ++i) notifications[i].sequence = i + 1;
  return notifications;
}

Result<void> Desk::Feedback(CitizenId citizen, const std::string& exposure,
                            const ServiceId& service, const std::string& reaction,
                            CitizenId about) const {
  KSTATI_TRY_VOID(RequireService(world_, service));
  const auto recorded = Retry(world_, [&](Draft& draft) -> Result<bool> {
    KSTATI_TRY_VOID(draft.HouseholdOf(citizen));
    const recommender::Feedback feedback{citizen, draft.now(), exposure, service, reaction, about};
    draft.AppendLog(citizen, recommender::kFeedbackLog, Encode(feedback));
    if (reaction == recommender::kAccepted) {
      KSTATI_TRY_VOID(NoteTaken(draft, citizen, service, about));
    }
    if (reaction == recommender::kDeclined) {
      KSTATI_TRY_VOID(NoteDeclined(draft, citizen, service, about));
    }
    return true;
  });
  if (!recorded) return Fail(recorded.error());
  if (reaction == recommender::kAccepted) LetFollow(world_, ranker_, citizen);
  return {};
}

}  // namespace kstati::cases
