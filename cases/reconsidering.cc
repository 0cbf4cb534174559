// SPDX-License-Identifier: Apache-2.0
#include "cases/reconsidering.h"

#include <algorithm>
#include <set>

#include "cases/deciding.h"
#include "cases/household_cases.h"
#include "cases/openings.h"
#include "eligibility/relevance.h"
#include "recommender/life_event.h"

namespace kstati::cases {
namespace {

using eligibility::Verdict;

// A life event gave reason for it, and nobody has acted on it.
bool IsUntouched(const Case& c) {
  if (c.cause.id.empty()) return false;
  if (c.status == Status::kAnnounced || c.status == Status::kOffered) return true;
  return c.status == Status::kStarted &&
         c.history.back().reason == "case.reason.started_by_consent";
}

// Whether the event may turn the decision on the service.
bool BearsOn(const World& world, const profile::RegistryEvent& event, const ServiceId& id) {
  if (event.supersedes || !profile::AllRelations(event).empty()) return true;
  const std::set<AttributeId> facts =
      eligibility::FactsThatMatter(*world.program, *world.catalogue().FindService(id));
  return std::ranges::any_of(event.facts,
                             [&facts](const auto& fact) { return facts.contains(fact.attribute); });
}

// Whether the person has what it gives: a result that its registry reports has ended it already.
Result<bool> IsHeld(Draft& draft, const Case& c, const eligibility::Decision& decision) {
  if (decision.regulation == nullptr) return false;
  KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, c));
  return HasAllOutputs(*decision.regulation,
                       HeldBy(viewpoint, draft.world().program->dictionary()));
}

Result<void> ReconsiderCase(Draft& draft, const profile::RegistryEvent& event, Case c) {
  KSTATI_TRY(const auto household, draft.HouseholdOf(c.citizen));
  if (recommender::IsKnownDead(*household->person)) {
    return draft.Act(c, Action::kAnnul, "case.reason.facts_changed");
  }
  const bool offered = draft.world().catalogue().FindService(c.service) != nullptr;
  KSTATI_TRY(const bool about_known, draft.Knows(c.about));
  if (!about_known || !offered || !BearsOn(draft.world(), event, c.service)) return {};
  const Verdict before = c.verdict;
  const std::set<profile::EventKey> rested_on = c.rests_on;
  KSTATI_TRY(const eligibility::Decision decision, DecideAgain(draft, c));
  const bool possible = decision.verdict == Verdict::kEligible ||
                        (decision.verdict == Verdict::kLikely && c.status != Status::kStarted);
  KSTATI_TRY(const bool held, IsHeld(draft, c, decision));
  if (!possible || held) return draft.Act(c, Action::kAnnul, "case.reason.facts_changed");
  if (c.verdict == before && c.rests_on == rested_on) return {};
  return draft.Keep(c);
}

}  // namespace

Result<void> Reconsider(Draft& draft, const profile::RegistryEvent& event) {
  if (event.facts.empty() && profile::AllRelations(event).empty() && !event.supersedes) return {};
  KSTATI_TRY(const std::set<CitizenId> around, PeopleAround(draft, event));
  for (const CitizenId citizen : around) {
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (const Case& c : cases) {
      if (IsUntouched(c)) KSTATI_TRY_VOID(ReconsiderCase(draft, event, c));
    }
  }
  return {};
}

}  // namespace kstati::cases
