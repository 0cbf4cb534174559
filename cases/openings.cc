// SPDX-License-Identifier: Apache-2.0
#include "cases/openings.h"

#include <algorithm>

#include "cases/clock.h"
#include "cases/data_needs.h"
#include "cases/deciding.h"
#include "cases/household_cases.h"
#include "cases/pre_check.h"
#include "cases/relevance.h"
#include "cases/speaking.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using eligibility::Verdict;

bool Triggers(const graph::Regulation& regulation, const EventTypeId& type) {
  return std::find(regulation.triggers.begin(), regulation.triggers.end(), type) !=
         regulation.triggers.end();
}

// The services to consider: the chain's, then those of the situation that the event triggers.
std::vector<const graph::Service*> ServicesToConsider(const World& world,
                                                      const graph::Situation& situation,
                                                      const graph::Chain& chain,
                                                      const EventTypeId& type, Date on) {
  std::vector<const graph::Service*> services;
  const auto add = [&services](const graph::Service* service) {
    if (std::find(services.begin(), services.end(), service) == services.end()) {
      services.push_back(service);
    }
  };
  for (const graph::ChainStep& step : chain.steps) add(world.catalogue().FindService(step.service));
  for (const ServiceId& id : situation.services) {
    const graph::Service* service = world.catalogue().FindService(id);
    const graph::Regulation* regulation = service->RegulationOn(on);
    if (regulation != nullptr && Triggers(*regulation, type)) add(service);
  }
  return services;
}

bool Consumes(const graph::Regulation& regulation, const AttributeId& attribute) {
  return std::any_of(
      regulation.inputs.begin(), regulation.inputs.end(), [&attribute](const graph::Input& input) {
        return std::find(input.any_of.begin(), input.any_of.end(), attribute) != input.any_of.end();
      });
}

// When the state begins by itself, the term runs from the moment the founding facts were known,
// where the regulation says so.
Instant BeginOfTerm(const Decision& decision, Instant now) {
  const bool from_facts = decision.regulation->term_from == graph::TermStart::kFacts;
  return from_facts && decision.founded_at ? *decision.founded_at : now;
}

// What a proposal is made from beside the decision.
struct Grounds {
  const recommender::OpenSituation& situation;
  ConsentsAtHand at_hand;
  bool pre_checked = false;  // the applicant has pre-checks
};

// Without a consent that lets the state act: why it only offers.
std::string ReasonOfOffer(Draft& draft, const Decision& decision, const Viewpoint& viewpoint,
                          const Grounds& grounds) {
  if (FindAllowed(draft, decision, viewpoint, grounds.at_hand, profile::ConsentMode::kPrepare)) {
    return "case.reason.offered_as_consented";
  }
  return "case.reason.offered_without_consent";
}

Proposal MakeProposal(Draft& draft, Decision decided, const Viewpoint& viewpoint,
                      const Grounds& grounds) {
  const recommender::OpenSituation& situation = grounds.situation;
  Proposal proposal;
  proposal.decision = std::move(decided);
  proposal.pre_checked = grounds.pre_checked;
  const Decision& decision = proposal.decision;
  proposal.situation_key = SituationKey(situation);
  proposal.occurred_on = situation.occurred_on;
  Case& c = proposal.c;
  c.citizen = situation.citizen;
  c.about = decision.about;
  c.service = decision.service;
  c.situation = situation.situation;
  c.mode = decision.regulation->mode;
  c.verdict = decision.verdict;
  c.rests_on = EventsBehind(decision);
  c.cause = situation.cause;
  c.regulation_from = decision.regulation->in_force.from;
  c.clock_started_at = draft.now();
  c.due_note = "case.due.not_started";
  if (c.mode == graph::Mode::kProactiveInform) {
    c.status = Status::kAnnounced;
    proposal.reason = "case.reason.announced";
    return proposal;
  }
  const bool by_itself =
      c.mode == graph::Mode::kProactiveAct && decision.verdict == Verdict::kEligible;
  c.status = Status::kOffered;
  proposal.reason = "case.reason.offered";
  if (!by_itself) return proposal;
  std::optional<Allowed> allowed =
      FindAllowed(draft, decision, viewpoint, grounds.at_hand, profile::ConsentMode::kAct);
  if (allowed) {
    c.status = Status::kStarted;
    c.consent = std::move(allowed->consent);
    c.categories = std::move(allowed->categories);
    StartClock(draft.world(), decision, viewpoint, BeginOfTerm(decision, draft.now()), c);
    proposal.reason = "case.reason.started_by_consent";
  } else {
    proposal.reason = ReasonOfOffer(draft, decision, viewpoint, grounds);
  }
  return proposal;
}

void NoteHeld(Draft& draft, const recommender::OpenSituation& open, const ServiceId& service,
              const Viewpoint& viewpoint) {
  draft.Note(open.citizen, SituationKey(open),
             {draft.now(), open.cause, service, AboutIn(viewpoint), TriggerReason::kHeld, {}});
}

void NoteNotEntitled(Draft& draft, const recommender::OpenSituation& open,
                     const Decision& decision) {
  TriggerDecision note{
      draft.now(), open.cause, decision.service, decision.about, TriggerReason::kNotEligible, {}};
  if (decision.verdict == Verdict::kNotEligible) {
    for (const GroundId& ground : decision.grounds) note.details.push_back(ground.text());
  } else {
    note.reason = TriggerReason::kFactsMissing;
    for (const eligibility::Missing& missing : decision.missing) {
      note.details.push_back(missing.attribute.text());
    }
  }
  draft.Note(open.citizen, SituationKey(open), std::move(note));
}

// By a pre-check that binds, as if the person applied now.
Result<Decision> DecideAsApplied(Draft& draft, const graph::Service& service,
                                 const Viewpoint& viewpoint, const Grounds& grounds) {
  Decision decision = draft.world().program->Decide(service, viewpoint.subject(), true);
  if (!grounds.pre_checked) return decision;
  return DecideOnPreChecks(draft, viewpoint, std::move(decision));
}

// What follows as one viewpoint sees it.
Result<void> ProposeFrom(const Viewpoint& viewpoint, Draft& draft, const Grounds& grounds,
                         std::vector<Proposal>& proposals, std::set<CitizenId>& read) {
  const World& world = draft.world();
  const recommender::OpenSituation& open = grounds.situation;
  const graph::Situation& situation = *world.catalogue().FindSituation(open.situation);
  const DecidedChain decided = BuildDecidedChain(world, situation, viewpoint, draft.today());
  const std::set<AttributeId> held =
      HeldForGood(situation, viewpoint, world.program->dictionary(), draft.today());
  for (const graph::Service* service :
       ServicesToConsider(world, situation, decided.chain, open.life_event, draft.today())) {
    const graph::Regulation* regulation = service->RegulationOn(draft.today());
    if (regulation == nullptr || regulation->mode == graph::Mode::kOnRequest) continue;
    if (!Fits(*service, situation, viewpoint, world, draft.today())) continue;
    if (HasAllOutputs(*regulation, held)) {
      NoteHeld(draft, open, service->id, viewpoint);
      continue;
    }
    KSTATI_TRY(Decision decision, DecideAsApplied(draft, *service, viewpoint, grounds));
    ForEachUsedFact(decision,
                    [&](const eligibility::UsedFact& fact) { read.insert(fact.citizen); });
    if (decision.verdict == Verdict::kEligible || decision.verdict == Verdict::kLikely) {
      proposals.push_back(MakeProposal(draft, std::move(decision), viewpoint, grounds));
    } else {
      NoteNotEntitled(draft, open, decision);
    }
  }
  return {};
}

// Tells whose rights were worked out, and on whose facts beside their own. An event that makes us
// look at several situations says so once in the same words.
void EnterEvaluation(Draft& draft, const recommender::OpenSituation& open,
                     const std::set<CitizenId>& read) {
  constexpr const char* kBasis = "tell_of_rights";
  draft.EnterOnce(open.citizen, profile::ledger::EntryKind::kEvaluation,
                  {{"call", "event"}, {"situation", open.situation.text()}, {"basis", kBasis}});
  for (const CitizenId other : read) {
    if (other == open.citizen) continue;
    draft.EnterOnce(other, profile::ledger::EntryKind::kEvaluation,
                    {{"call", "kin"}, {"basis", kBasis}});
  }
}

// Who may have what ended only because its applicant died.
Result<void> AddLeftBehind(Draft& draft, std::set<CitizenId>& around) {
  std::vector<Case> ended;
  std::ranges::copy_if(draft.changed_cases(), std::back_inserter(ended), EndedByDeath);
  for (const Case& c : ended) {
    KSTATI_TRY(std::set<CitizenId> concerned, PeopleConcerned(draft, c.citizen, c.about));
    around.merge(concerned);
  }
  return {};
}

}  // namespace

bool HasAllOutputs(const graph::Regulation& regulation, const std::set<AttributeId>& held) {
  return !regulation.outputs.empty() &&
         std::all_of(regulation.outputs.begin(), regulation.outputs.end(),
                     [&](const AttributeId& output) {
                       return held.contains(output) && !Consumes(regulation, output);
                     });
}

CitizenId ReceiverOf(const Draft& draft, const Case& c) {
  const graph::Service* service = draft.world().catalogue().FindService(c.service);
  if (service == nullptr || service->about != graph::About::kDeceased) return c.about;
  const graph::Regulation* regulation = service->RegulationOn(draft.today());
  if (regulation == nullptr || regulation->outputs.empty()) return c.about;
  const profile::Dictionary& dictionary = draft.world().program->dictionary();
  const bool to_applicant =
      std::ranges::none_of(regulation->outputs, [&dictionary](const AttributeId& output) {
        const profile::Attribute* attribute = dictionary.Find(output);
        return attribute == nullptr || attribute->holder() == "about";
      });
  return to_applicant ? c.citizen : c.about;
}

void StartClock(const World& world, const Decision& decision, const Viewpoint& viewpoint,
                Instant begin, Case& c) {
  c.clock_started_at = begin;
  c.due.reset();
  c.due_note.clear();
  c.term = decision.term();
  c.calendar = world.CalendarOf(*decision.described, RegionOf(world, viewpoint));
  const Reckoning reckoning{world.term_calendars().Of(c.calendar), world.time_zone};
  const auto deadline = DeadlineOf(reckoning, begin, *c.term, {});
  if (deadline && *deadline) {
    c.due = (*deadline)->due;
  } else {
    c.due_note = "case.due.calendar_missing";
  }
}

std::optional<Allowed> FindAllowed(Draft& draft, const Decision& decision,
                                   const Viewpoint& viewpoint, const ConsentsAtHand& at_hand,
                                   profile::ConsentMode mode) {
  const World& world = draft.world();
  profile::Processing processing;
  processing.service = decision.service;
  processing.situation = at_hand.situation;
  processing.recipient = profile::AuthorityId(decision.described->authority);
  processing.mode = mode;
  processing.on = draft.today();
  processing.represented = at_hand.represented;
  for (const profile::Consent& consent : at_hand.consents) {
    processing.categories.clear();
    if (!profile::Allows(consent, processing)) continue;
    const Categories& only = consent.latest().scope.categories;
    const Decision decided = only.empty() ? decision
                                          : DecideWithin(world, *decision.described, viewpoint,
                                                         only, decision.as_of.valid_at);
    if (decided.verdict != decision.verdict) continue;
    processing.categories = CategoriesUsed(decided, world.program->dictionary());
    if (!profile::Allows(consent, processing)) continue;
    return Allowed{consent.id, std::move(processing.categories)};
  }
  return std::nullopt;
}

Result<std::vector<Proposal>> Propose(Draft& draft, const recommender::OpenSituation& open) {
  const graph::Situation& situation = *draft.world().catalogue().FindSituation(open.situation);
  Viewpoint own;
  KSTATI_TRY(own.household, draft.HouseholdOf(open.citizen));
  if (recommender::IsKnownDead(*own.household->person)) return std::vector<Proposal>();
  if (open.about != open.citizen) {
    KSTATI_TRY(const bool known, draft.Knows(open.about));
    if (!known) return std::vector<Proposal>();
    KSTATI_TRY(const auto about, draft.HouseholdOf(open.about));
    own.about = about->person;
  }
  own.event_date = own.opened_on = open.occurred_on;
  KSTATI_TRY(const std::vector<profile::Consent> consents, draft.Consents(open.citizen));
  KSTATI_TRY(const bool represented, IsRepresented(draft, open.citizen));
  KSTATI_TRY(const std::vector<PreCheck> pre_checks, PreChecksOf(draft, open.citizen));
  const Grounds grounds{open, {consents, represented, open.situation}, !pre_checks.empty()};
  std::vector<Proposal> proposals;
  std::set<CitizenId> read{open.about};
  for (const Viewpoint& viewpoint : ViewpointsOf(situation, own)) {
    KSTATI_TRY_VOID(ProposeFrom(viewpoint, draft, grounds, proposals, read));
  }
  EnterEvaluation(draft, open, read);
  return proposals;
}

Result<std::vector<Proposal>> ProposeAgain(Draft& draft, const profile::RegistryEvent& event) {
  std::set<CitizenId> around;
  if (event.supersedes) {
    KSTATI_TRY(around, PeopleAround(draft, event));
  }
  for (const CitizenId named : profile::NamedByRecords(event)) {
    KSTATI_TRY(const bool known, draft.Knows(named));
    if (!known) continue;
    KSTATI_TRY(const auto household, draft.HouseholdOf(named));
    around.insert(named);
    for (const profile::Member& member : profile::MembersOf(*household->person)) {
      KSTATI_TRY(const bool there, draft.Knows(member.citizen));
      const bool close = member.role != profile::MemberRole::kHousehold;
      if (there && close) around.insert(member.citizen);
    }
  }
  KSTATI_TRY_VOID(AddLeftBehind(draft, around));
  std::vector<Proposal> proposals;
  for (const CitizenId citizen : around) {
    KSTATI_TRY(auto situations, SituationsIn(draft, citizen));
    std::erase_if(situations, [&draft](const recommender::OpenSituation& situation) {
      return !situation.IsOpenOn(draft.today());
    });
    for (const recommender::OpenSituation& situation :
         TouchedBy(draft.world(), event, std::move(situations), draft.today())) {
      KSTATI_TRY(std::vector<Proposal> found, Propose(draft, situation));
      std::move(found.begin(), found.end(), std::back_inserter(proposals));
    }
  }
  return proposals;
}

Result<std::vector<recommender::OpenSituation>> LoadSituations(const World& world,
                                                               CitizenId citizen) {
  KSTATI_TRY(const auto records, world.store->Records(citizen, kSituationRecord));
  std::vector<recommender::OpenSituation> situations;
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(recommender::OpenSituation situation, recommender::DecodeSituation(bytes));
    situations.push_back(std::move(situation));
  }
  std::sort(situations.begin(), situations.end(), [](const auto& a, const auto& b) {
    return std::tie(b.occurred_on, a.situation) < std::tie(a.occurred_on, b.situation);
  });
  return situations;
}

std::string SituationKey(const recommender::OpenSituation& situation) {
  return situation.situation.text() + "." + situation.about.ToString() + "." +
         situation.occurred_on.ToString();
}

Result<std::vector<recommender::OpenSituation>> SituationsIn(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(std::vector<recommender::OpenSituation> situations,
             LoadSituations(draft.world(), citizen));
  std::erase_if(situations, [&](const recommender::OpenSituation& situation) {
    return draft.Removes(citizen, kSituationRecord, SituationKey(situation));
  });
  return situations;
}

}  // namespace kstati::cases
