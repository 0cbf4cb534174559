// SPDX-License-Identifier: Apache-2.0
#include "cases/household_cases.h"

#include <algorithm>

#include "cases/openings.h"

namespace kstati::cases {
namespace {

void AddMembers(const std::vector<std::shared_ptr<const profile::FactView>>& members,
                std::set<CitizenId>& people) {
  for (const auto& member : members) {
    if (!member->erased()) people.insert(member->citizen());
  }
}

// What the applicant and another have of the same service and receiver.
Result<std::vector<Case>> CasesOfOthers(Draft& draft, const Case& c) {
  KSTATI_TRY(std::set<CitizenId> others, PeopleConcerned(draft, c.citizen, c.about));
  others.erase(c.citizen);
  std::vector<Case> same;
  for (const CitizenId other : others) {
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(other));
    std::ranges::copy_if(cases, std::back_inserter(same), [&](const Case& theirs) {
      return theirs.service == c.service && ReceiverOf(draft, theirs) == ReceiverOf(draft, c);
    });
  }
  return same;
}

bool IsLimitedByLaw(const World& world, const ServiceId& service) {
  return std::ranges::any_of(*world.exclusions, [&](const graph::Exclusion& exclusion) {
    return exclusion.scope == graph::ExclusionScope::kAbout &&
           std::ranges::find(exclusion.services, service) != exclusion.services.end();
  });
}

bool PaysOnly(const graph::Regulation& regulation, const profile::Dictionary& dictionary) {
  return std::ranges::all_of(regulation.outputs, [&dictionary](const AttributeId& output) {
    const profile::Attribute* attribute = dictionary.Find(output);
    return attribute != nullptr && attribute->type == profile::ValueType::kPayment;
  });
}

Error WrongRole(const graph::Service& service, std::string problem, std::string remedy) {
  return {ErrorCode::kInvalidArgument, std::move(problem), "about, service " + service.id.text(),
          std::move(remedy)};
}

}  // namespace

Result<std::set<CitizenId>> PeopleConcerned(Draft& draft, CitizenId applicant, CitizenId about) {
  std::set<CitizenId> people{applicant, about};
  KSTATI_TRY(const auto own, draft.HouseholdOf(applicant));
  AddMembers(own->spouses, people);
  KSTATI_TRY(const bool known, draft.Knows(about));
  if (known && about != applicant) {
    KSTATI_TRY(const auto theirs, draft.HouseholdOf(about));
    for (const auto* members : {&theirs->parents, &theirs->spouses, &theirs->children}) {
      AddMembers(*members, people);
    }
  }
  std::set<CitizenId> kept;
  for (const CitizenId citizen : people) {
    KSTATI_TRY(const bool is_known, draft.Knows(citizen));
    if (is_known) kept.insert(citizen);
  }
  return kept;
}

Result<std::set<CitizenId>> PeopleAround(Draft& draft, const profile::RegistryEvent& event) {
  std::set<CitizenId> named;
  for (const CitizenId citizen : profile::ConcernedBy(event)) named.insert(citizen);
  if (event.supersedes) {
    const profile::EventKey before{event.key.source, *event.supersedes};
    KSTATI_TRY(const auto head, draft.world().store->ReadEventHead(event.subject, before));
    if (head) {
      for (const CitizenId citizen : profile::ConcernedBy(*head)) named.insert(citizen);
    }
  }
  std::set<CitizenId> around = named;
  const auto add = [&around](const profile::Household& household) {
    for (const profile::Member& member : profile::MembersOf(*household.person)) {
      if (member.role != profile::MemberRole::kHousehold) around.insert(member.citizen);
    }
  };
  for (const CitizenId citizen : named) {
    const Result<profile::History> history = draft.Load(citizen);
    if (!history && history.error().code == ErrorCode::kNotFound) continue;  // erased since
    if (!history) return Fail(history.error());
    if (history->version == 0 && history->facts.empty()) continue;
    KSTATI_TRY(const auto now, draft.HouseholdOf(citizen));
    add(*now);
    if (!event.supersedes) continue;
    KSTATI_TRY(const profile::Household before, draft.HouseholdBefore(citizen));
    if (before.person != nullptr) add(before);
  }
  std::set<CitizenId> known;
  for (const CitizenId citizen : around) {
    KSTATI_TRY(const bool is_known, draft.Knows(citizen));
    if (is_known) known.insert(citizen);
  }
  return known;
}

bool HasBegun(const Case& c) {
  return std::ranges::any_of(c.history, [](const StatusChange& change) {
    return change.status == Status::kStarted || change.status == Status::kDone;
  });
}

Result<bool> IsGivenToAnother(Draft& draft, const Case& c, Instant since) {
  KSTATI_TRY(const std::vector<Case> theirs, CasesOfOthers(draft, c));
  return std::ranges::any_of(theirs, [since](const Case& each) {
    const bool finished = each.status == Status::kDone && each.history.back().at >= since;
    return finished || (IsOpen(each.status) && HasBegun(each));
  });
}

Result<bool> IsTakenByAnother(Draft& draft, const graph::Service& service, const Case& c) {
  const graph::Regulation* regulation = service.RegulationOn(draft.today());
  if (service.about == graph::About::kPerson || regulation == nullptr) return false;
  const World& world = draft.world();
  const bool once =
      IsLimitedByLaw(world, service.id) || !PaysOnly(*regulation, world.program->dictionary());
  if (!once) return false;
  return IsGivenToAnother(draft, c, draft.now());
}

Result<bool> IsDead(Draft& draft, CitizenId citizen) {
  KSTATI_TRY(const bool known, draft.Knows(citizen));
  if (!known) return false;
  KSTATI_TRY(const profile::History history, draft.Load(citizen));
  const Instant latest = std::max(draft.now(), history.last_known_at);
  return recommender::IsKnownDead(profile::FactView(history, {draft.today(), latest}));
}

Result<void> CheckRoles(const graph::Service& service, const Viewpoint& viewpoint) {
  const profile::FactView& applicant = *viewpoint.household->person;
  if (recommender::IsKnownDead(applicant)) {
    return Fail(ErrorCode::kDenied, "a registry has reported the death of the applicant", "citizen",
                "who is entitled applies; the civil registry corrects a wrong record");
  }
  const bool own = AboutIn(viewpoint) == applicant.citizen();
  const bool about_person = service.about == graph::About::kPerson;
  if (own == about_person) return {};
  if (about_person) {
    return Fail(WrongRole(service, "the service is about the applicant, and another is named",
                          "leave `about` out, or let the other person apply"));
  }
  const bool child = service.about == graph::About::kChild;
  return Fail(WrongRole(service,
                        child ? "the service is about a child of the applicant, and none is named"
                              : "the service is about a deceased, and none is named",
                        child ? "name the child as `about`" : "name the deceased as `about`"));
}

bool EndedByDeath(const Case& c) {
  return !IsOpen(c.status) && !c.history.empty() && c.history.back().reason == kApplicantDied;
}

Result<void> EndForTheDead(Draft& draft, const profile::RegistryEvent& event) {
  for (const CitizenId citizen : profile::NamedByRecords(event)) {
    KSTATI_TRY(const bool dead, IsDead(draft, citizen));
    if (!dead) continue;
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (Case c : cases) {
      const bool offered = c.status == Status::kAnnounced || c.status == Status::kOffered;
      if (!offered && c.status != Status::kStarted) continue;
      const Action action = offered ? Action::kAnnul : Action::kConsentEnds;
      KSTATI_TRY_VOID(draft.Act(c, action, std::string(kApplicantDied)));
    }
  }
  return {};
}

}  // namespace kstati::cases
