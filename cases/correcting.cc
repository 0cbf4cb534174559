// SPDX-License-Identifier: Apache-2.0
#include "cases/correcting.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "cases/deciding.h"
#include "cases/household_cases.h"
#include "cases/official.h"
#include "cases/openings.h"
#include "cases/refused_filing.h"
#include "cases/register.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using eligibility::Verdict;

constexpr const char* kForWorse = "case.reason.corrected_for_worse";
constexpr const char* kUnfounded = "case.reason.start_unfounded";

// What an event supersedes, and what stands in its place.
struct Correction {
  profile::EventKey superseded;
  profile::EventKey by;
  const std::vector<recommender::LifeEvent>& found;
};

// The event, or what superseded it in turn before it came.
profile::EventKey LastOf(const profile::History& history, profile::EventKey event) {
  for (size_t i = 0; i < history.supersessions.size(); ++i) {
    const auto next =
        std::ranges::find(history.supersessions, event, &profile::Supersession::event);
    if (next == history.supersessions.end() || next->by.empty()) return event;
    event.id = next->by;
  }
  return event;
}

Result<profile::EventKey> StandsInPlace(Draft& draft, const profile::RegistryEvent& event) {
  const Result<profile::History> history = draft.Load(event.subject);
  if (!history && history.error().code == ErrorCode::kNotFound) return event.key;  // erased since
  if (!history) return Fail(history.error());
  return LastOf(*history, event.key);
}

// Whether what stands in the place of the wrong event gives reason for the case as that one did.
Result<bool> GivesReason(Draft& draft, const Correction& correction, const Case& c) {
  const graph::Situation* situation = draft.world().catalogue().FindSituation(c.situation);
  if (situation == nullptr) return false;
  const auto announces = [&](const recommender::LifeEvent& event) {
    return event.cause == correction.by &&
           std::ranges::find(situation->triggers, event.type) != situation->triggers.end();
  };
  if (std::ranges::any_of(correction.found, announces)) return true;
  KSTATI_TRY(const auto situations, SituationsIn(draft, c.citizen));
  return std::ranges::any_of(situations, [&](const recommender::OpenSituation& open) {
    return open.situation == c.situation && open.cause == correction.by;
  });
}

bool RestsOn(const Case& c, const profile::EventKey& key) {
  return c.cause == key || c.rests_on.contains(key);
}

// An offer stays while there is still a reason for it.
Result<void> CorrectOffer(Draft& draft, const Correction& correction, Case& c) {
  const bool unfounded = c.cause == correction.superseded;  // and nothing took its place
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  const bool possible =
      decision.verdict == Verdict::kEligible || decision.verdict == Verdict::kLikely;
  if (possible && !unfounded) return draft.Keep(c);
  return draft.Act(c, Action::kAnnul, "case.reason.reason_corrected");
}

bool StillStands(const Case& c, const Decision& decision) {
  if (decision.verdict == Verdict::kEligible) return true;
  if (decision.verdict != Verdict::kLikely) return false;
  return std::ranges::all_of(decision.regulation->conditions, [&](const auto& condition) {
    const auto found = c.findings.find(condition.id);
    return found != c.findings.end() && found->second;
  });
}

// Whether the rules give less than was granted. An amount that cannot be told is not less.
bool GivesLess(const Case& c, const Decision& decision) {
  const std::optional<Decimal> granted = GrantedAmount(c);
  return granted && decision.amount && *decision.amount < *granted;
}

Ruling RulingBy(const Draft& draft, const Decision& decision) {
  Ruling ruling;
  ruling.verdict = decision.verdict;
  ruling.amount = decision.amount;
  ruling.at = draft.now();
  return ruling;
}

// More than was granted: the person need not do anything.
Result<void> Raise(Draft& draft, Case& c, const Decision& decision) {
  const std::optional<Decimal> granted = GrantedAmount(c);
  const bool more = granted && decision.amount && *granted < *decision.amount;
  if (!more) return draft.Keep(c);
  c.rulings.push_back(RulingBy(draft, decision));
  KSTATI_TRY_VOID(draft.Keep(c));
  EnterRuling(draft, c);
  KSTATI_TRY_VOID(RegisterResult(draft, c, "granted", "case.reason.amount_raised"));
  draft.Tell(c, "notification.amount_raised",
             c.id.text() + ".amount_raised." + std::to_string(c.rulings.size()));
  return {};
}

// A "yes" that no longer stands, or gives less, is for an official to take back, and not before
// what rests on it.
Result<void> CorrectYes(Draft& draft, Case& c) {
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  const bool stands = StillStands(c, decision);
  if (stands && !GivesLess(c, decision)) return Raise(draft, c, decision);
  if (stands) return draft.Act(c, Action::kReopen, kForWorse);  // nothing is taken back
  KSTATI_TRY(c.compensation, CompensationPlan(draft, c));
  return draft.Act(c, Action::kReopen, kForWorse);
}

// A "no" that no longer stands: the person need not do anything.
Result<void> CorrectNo(Draft& draft, Case& c) {
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  if (decision.verdict == Verdict::kNotEligible) return draft.Keep(c);
  // An official who refused although the rules said "yes" had another reason than the event.
  const Ruling* last = c.rulings.empty() ? nullptr : &c.rulings.back();
  const bool officials =
      last != nullptr && !last->official.empty() && last->verdict != Verdict::kNotEligible;
  KSTATI_TRY(const bool by_rules, RulesMayGrant(draft, c, decision));
  if (officials || !by_rules) {
    return draft.Act(c, Action::kReopen, "case.reason.corrected_for_better");
  }
  c.rulings.push_back(RulingBy(draft, decision));
  KSTATI_TRY_VOID(draft.Act(c, Action::kGrant, "case.reason.corrected_for_better"));
  EnterRuling(draft, c);
  return {};
}

// What the state started by itself for an event that did not happen. Nothing of it was asked for,
// so that an official looks at it also where the person has a right to it.
Result<void> TakeBackStart(Draft& draft, Case& c) {
  KSTATI_TRY_VOID(DecideAgain(draft, c));
  if (c.status == Status::kStarted) {
    return draft.Act(c, Action::kAnnul, "case.reason.reason_corrected");
  }
  if (c.status == Status::kGranted || c.status == Status::kDone) {
    KSTATI_TRY(c.compensation, CompensationPlan(draft, c));
    return draft.Act(c, Action::kReopen, kUnfounded);
  }
  if (!Next(c.status, Action::kRefer)) return draft.Keep(c);
  c.awaited.clear();
  c.wait_until.reset();
  return draft.Act(c, Action::kRefer, kUnfounded);
}

Result<void> CorrectCase(Draft& draft, const Correction& correction, Case c) {
  // What is put in the place of the other event is the cause from now on.
  bool caused = c.cause == correction.superseded;
  if (caused) {
    KSTATI_TRY(caused, GivesReason(draft, correction, c));
  }
  if (caused && c.status != Status::kAnnulled) c.cause = correction.by;
  const bool unfounded = c.cause == correction.superseded && !c.consent.empty();
  if (unfounded && (IsOpen(c.status) || c.status == Status::kDone)) return TakeBackStart(draft, c);
  switch (c.status) {
    case Status::kAnnounced:
    case Status::kOffered: return CorrectOffer(draft, correction, c);
    case Status::kGranted:
    case Status::kDone: return CorrectYes(draft, c);
    case Status::kRefused: return CorrectNo(draft, c);
    case Status::kInterAgency: return Proceed(draft, c);
    case Status::kStarted:
    case Status::kSuspended:
    case Status::kInformationAsked:
    case Status::kBeingAssessed:
    case Status::kWaitingForPlace:
    case Status::kWithOfficial: {
      if (IsDoubted(c)) return DropDoubt(draft, c);
      KSTATI_TRY_VOID(DecideAgain(draft, c));
      return draft.Keep(c);  // decided when its turn comes, on what is known then
    }
    default: return caused ? draft.Keep(c) : Result<void>();
  }
}

Result<void> CloseSituations(Draft& draft, CitizenId citizen, const Correction& correction) {
  KSTATI_TRY(const auto records, draft.world().store->Records(citizen, kSituationRecord));
  for (const auto& [id, bytes] : records) {
    KSTATI_TRY(const recommender::OpenSituation situation, recommender::DecodeSituation(bytes));
    if (situation.cause == correction.superseded) {
      draft.RemoveRecord(citizen, kSituationRecord, id);
    }
  }
  return {};
}

const graph::Regulation* RegulationFor(const World& world, const Case& c) {
  const Result<const graph::Regulation*> regulation = RegulationOf(world, c);
  return regulation ? *regulation : nullptr;
}

// Whether `later` takes something that `earlier` gives, of the same person's: whom both are about,
// or who applied for both. The widow's supplement takes the pension that a death gave her.
bool Takes(const World& world, const Case& later, const Case& earlier) {
  const profile::Dictionary& dictionary = world.program->dictionary();
  const graph::Regulation* takes = RegulationFor(world, later);
  const graph::Regulation* gives = RegulationFor(world, earlier);
  if (takes == nullptr || gives == nullptr) return false;
  for (const graph::Input* input : graph::InputsOf(*takes)) {
    for (const AttributeId& attribute : input->any_of) {
      const bool given = std::ranges::find(gives->outputs, attribute) != gives->outputs.end();
      const bool of_same = HolderOf(dictionary, attribute, later.citizen, later.about) ==
                           HolderOf(dictionary, attribute, earlier.citizen, earlier.about);
      if (given && of_same) return true;
    }
  }
  return false;
}

// Whether the person has, or is about to get, what was decided.
bool IsToBeTakenBack(const Case& c) {
  if (c.status == Status::kGranted || c.status == Status::kDone) return true;
  const bool granted = !c.rulings.empty() && c.rulings.back().decided == Decided::kGranted;
  return c.status == Status::kWithOfficial && (granted || HadResult(c));
}

// Whether the person has what cannot be given back.
bool IsIrrevocable(const World& world, const Case& c) {
  const graph::Service* service = world.catalogue().FindService(c.service);
  const graph::Regulation* regulation = RegulationFor(world, c);
  if (service == nullptr || regulation == nullptr || !HadResult(c)) return false;
  const graph::Course* course = world.CourseOf(*service, *regulation);
  return course != nullptr && course->irrevocable;
}

// When it was granted first; far away when it never was.
int64_t GrantedAt(const Case& c) {
  for (const StatusChange& change : c.history) {
    const bool given = change.status == Status::kGranted || change.status == Status::kDone;
    if (given) return change.at.micros;
  }
  return INT64_MAX;
}

// The cases that may rest on the result of this one: the applicant's, those of whom it is about,
// and of the parents, who apply for the same child.
Result<std::vector<Case>> CasesAround(Draft& draft, const Case& c) {
  std::set<CitizenId> people{c.citizen};
  KSTATI_TRY(const bool known, draft.Knows(c.about));
  if (known && c.about != c.citizen) {
    people.insert(c.about);
    KSTATI_TRY(const auto household, draft.HouseholdOf(c.about));
    for (const auto& parent : household->parents) {
      if (!parent->erased()) people.insert(parent->citizen());
    }
  }
  std::vector<Case> around;
  for (const CitizenId citizen : people) {
    KSTATI_TRY(std::vector<Case> cases, draft.Cases(citizen));
    std::move(cases.begin(), cases.end(), std::back_inserter(around));
  }
  return around;
}

// Depth first, so that what rests on a case comes before it. Nothing rests on what came later.
void Visit(const World& world, const std::vector<Case>& cases, const Case& c,
           std::set<CaseId>& seen, std::vector<CaseId>& plan) {
  for (const Case& other : cases) {
    if (!IsToBeTakenBack(other) || !Takes(world, other, c)) continue;
    if (GrantedAt(other) < GrantedAt(c)) continue;
    if (!seen.insert(other.id).second) continue;
    Visit(world, cases, other, seen, plan);
    plan.push_back(other.id);
  }
}

}  // namespace

bool IsDoubted(const Case& c) {
  const bool was_yes = !c.rulings.empty() && c.rulings.back().decided == Decided::kGranted;
  return c.status == Status::kWithOfficial && (was_yes || HadResult(c)) &&
         c.history.back().reason == kForWorse;
}

Result<void> DropDoubt(Draft& draft, Case& c) {
  KSTATI_TRY(const Decision decision, DecideAgain(draft, c));
  if (!StillStands(c, decision) || GivesLess(c, decision)) return draft.Keep(c);
  c.compensation.clear();
  c.rulings.push_back(RulingBy(draft, decision));
  const bool had_result = HadResult(c);
  KSTATI_TRY_VOID(draft.Act(c, Action::kGrant, "case.reason.corrected_for_better"));
  EnterRuling(draft, c);
  if (had_result) return draft.Act(c, Action::kResult, "case.reason.result_stands");
  return {};
}

Result<std::vector<CaseId>> CompensationPlan(Draft& draft, const Case& c) {
  KSTATI_TRY(const std::vector<Case> cases, CasesAround(draft, c));
  std::set<CaseId> seen{c.id};
  std::vector<CaseId> plan;
  Visit(draft.world(), cases, c, seen, plan);
  return plan;
}

Result<void> CheckTakenBack(Draft& draft, const Case& c) {
  if (IsIrrevocable(draft.world(), c)) {
    return Fail(ErrorCode::kDenied, "what this service gives cannot be taken back",
                "case " + c.id.text(), "grant it with the reason of the override");
  }
  KSTATI_TRY(const std::vector<Case> cases, CasesAround(draft, c));
  KSTATI_TRY(const std::vector<CaseId> plan, CompensationPlan(draft, c));
  for (const CaseId& id : plan) {
    const auto before = std::ranges::find(cases, id, &Case::id);
    if (before == cases.end() || IsIrrevocable(draft.world(), *before)) continue;
    return Fail(ErrorCode::kConflict, "case " + id.text() + " rests on the result of this one",
                "case " + c.id.text(), "decide that case first");
  }
  return {};
}

Result<void> Correct(Draft& draft, const profile::RegistryEvent& event,
                     const std::vector<recommender::LifeEvent>& found) {
  if (!event.supersedes) return {};
  Correction correction{{event.key.source, *event.supersedes}, {}, found};
  KSTATI_TRY(correction.by, StandsInPlace(draft, event));
  KSTATI_TRY(const std::set<CitizenId> around, PeopleAround(draft, event));
  for (const CitizenId citizen : around) {
    KSTATI_TRY_VOID(CloseSituations(draft, citizen, correction));
    KSTATI_TRY_VOID(CorrectRefusedFilings(draft, citizen, correction.superseded));
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (const Case& c : cases) {
      if (!RestsOn(c, correction.superseded)) continue;
      KSTATI_TRY(const bool about_known, draft.Knows(c.about));
      const bool offered = draft.world().catalogue().FindService(c.service) != nullptr;
      if (!about_known || !offered) continue;  // nothing can be worked out about it any more
      KSTATI_TRY_VOID(CorrectCase(draft, correction, c));
    }
  }
  return {};
}

}  // namespace kstati::cases
