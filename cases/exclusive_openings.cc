// SPDX-License-Identifier: Apache-2.0
#include "cases/exclusive_openings.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "cases/deciding.h"
#include "recommender/yielding.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;
using eligibility::Verdict;

// An open case for a service that some exclusion names, and how it is decided now.
struct OpenCase {
  Case c;
  Decision decision;
};

// What is given to somebody, since what is about one person may be given to several: each child of
// the dead has a pension of its own.
struct Right {
  ServiceId service;
  CitizenId receiver;
  CitizenId about;

  auto operator<=>(const Right&) const = default;
};

Right RightOf(const Case& c) { return {c.service, c.citizen, c.about}; }

Right RightOf(const recommender::Yielding& yielding) {
  return {yielding.service, yielding.applicant, yielding.about};
}

// What the law gives instead of a proposal.
using Excluded = std::map<Right, std::vector<ServiceId>>;

bool Names(const graph::Exclusion& exclusion, const ServiceId& service) {
  return std::ranges::find(exclusion.services, service) != exclusion.services.end();
}

bool IsAboutScoped(const World& world, const ServiceId& service) {
  return std::ranges::any_of(*world.exclusions, [&](const graph::Exclusion& exclusion) {
    return exclusion.scope == graph::ExclusionScope::kAbout && Names(exclusion, service);
  });
}

// Among whose services the exclusion counts this one.
CitizenId CountedFor(const graph::Exclusion& exclusion, const Case& c) {
  return exclusion.scope == graph::ExclusionScope::kAbout ? c.about : c.citizen;
}

bool WasStarted(const Case& c) {
  return c.status != Status::kOffered && c.status != Status::kAnnounced;
}

// Whose cases count.
Result<std::set<CitizenId>> PeopleAround(Draft& draft, const std::vector<Proposal>& proposals) {
  std::set<CitizenId> people;
  for (const Proposal& proposal : proposals) {
    const Case& c = proposal.c;
    if (!recommender::IsExclusive(c.service, *draft.world().exclusions)) continue;
    people.insert(c.citizen);
    if (!IsAboutScoped(draft.world(), c.service)) continue;
    KSTATI_TRY(const auto about, draft.HouseholdOf(c.about));
    for (const auto& parent : about->parents) {
      if (!parent->erased()) people.insert(parent->citizen());
    }
  }
  return people;
}

// Whether one of the proposals goes on with the case, or takes its place.
bool IsProposed(const Case& c, const std::vector<Proposal>& proposals) {
  const auto has = [&c](const std::vector<Case>& offers) {
    return std::ranges::find(offers, c.id, &Case::id) != offers.end();
  };
  return std::ranges::any_of(proposals, [&](const Proposal& proposal) {
    const bool goes_on = proposal.c.id == c.id && proposal.c.citizen == c.citizen;
    return goes_on || has(proposal.instead_of) || has(proposal.overtaken);
  });
}

Result<std::vector<OpenCase>> OpenCasesOf(Draft& draft, const std::set<CitizenId>& people,
                                          const std::vector<Proposal>& proposals) {
  const World& world = draft.world();
  std::vector<OpenCase> open;
  for (const CitizenId citizen : people) {
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (const Case& c : cases) {
      const graph::Service* service = world.catalogue().FindService(c.service);
      if (!IsOpen(c.status) || service == nullptr || IsProposed(c, proposals)) continue;
      if (!recommender::IsExclusive(c.service, *world.exclusions)) continue;
      KSTATI_TRY(const bool known, draft.Knows(c.about));
      if (!known) continue;
      KSTATI_TRY(const Viewpoint viewpoint, ViewpointOfCase(draft, c));
      open.push_back({c, world.program->Decide(*service, viewpoint.subject(), true)});
    }
  }
  return open;
}

// One for each service and receiver: the first, which goes furthest. Another parent's turn comes
// when it is left out.
std::vector<const Proposal*> Candidates(const Draft& draft,
                                        const std::vector<Proposal>& proposals) {
  std::set<std::pair<ServiceId, CitizenId>> seen;
  std::vector<const Proposal*> candidates;
  for (const Proposal& proposal : proposals) {
    const bool is_first = seen.insert({proposal.c.service, ReceiverOf(draft, proposal.c)}).second;
    if (is_first) candidates.push_back(&proposal);
  }
  return candidates;
}

// Those that would start although the started cases of one person leave no place for them.
void FindWithoutPlace(const World& world, const std::vector<const Proposal*>& candidates,
                      const graph::Exclusion& exclusion, CitizenId person,
                      const std::vector<ServiceId>& started, Excluded& without_place) {
  graph::Exclusion left = exclusion;
  left.at_most -= std::min(left.at_most, static_cast<uint32_t>(started.size()));
  std::vector<const Decision*> decisions;
  for (const Proposal* each : candidates) {
    const bool starts = each->c.status == Status::kStarted;
    const bool counts =
        Names(exclusion, each->c.service) && CountedFor(exclusion, each->c) == person;
    if (starts && counts) decisions.push_back(&each->decision);
  }
  for (const recommender::Yielding& yielding :
       recommender::YieldingOf(decisions, world.catalogue(), {left})) {
    without_place.try_emplace(RightOf(yielding), started);
  }
}

Excluded FindWithoutPlace(const Draft& draft, const std::vector<Proposal>& proposals,
                          const std::vector<OpenCase>& cases) {
  const World& world = draft.world();
  const std::vector<const Proposal*> candidates = Candidates(draft, proposals);
  Excluded without_place;
  for (const graph::Exclusion& exclusion : *world.exclusions) {
    std::map<CitizenId, std::vector<ServiceId>> started;
    for (const OpenCase& open : cases) {
      if (!WasStarted(open.c) || !Names(exclusion, open.c.service)) continue;
      started[CountedFor(exclusion, open.c)].push_back(open.c.service);
    }
    for (const auto& [person, services] : started) {
      FindWithoutPlace(world, candidates, exclusion, person, services, without_place);
    }
  }
  return without_place;
}

Excluded FindYielding(const Draft& draft, const std::vector<Proposal>& proposals,
                      const std::vector<OpenCase>& cases) {
  const World& world = draft.world();
  std::vector<const Decision*> decisions;
  for (const OpenCase& open : cases) {
    if (open.decision.verdict != Verdict::kNotEligible) decisions.push_back(&open.decision);
  }
  for (const Proposal* each : Candidates(draft, proposals)) decisions.push_back(&each->decision);
  Excluded yielding;
  for (recommender::Yielding& one :
       recommender::YieldingOf(decisions, world.catalogue(), *world.exclusions)) {
    yielding.try_emplace(RightOf(one), std::move(one.instead));
  }
  return yielding;
}

std::vector<Proposal>::iterator Find(std::vector<Proposal>& proposals, const Right& right) {
  return std::ranges::find_if(
      proposals, [&right](const Proposal& proposal) { return RightOf(proposal.c) == right; });
}

void Note(Draft& draft, const Proposal& proposal, TriggerReason reason,
          const std::vector<ServiceId>& instead) {
  const Case& c = proposal.c;
  TriggerDecision note{draft.now(), c.cause, c.service, c.about, reason, {}};
  for (const ServiceId& service : instead) note.details.push_back(service.text());
  draft.Note(c.citizen, proposal.situation_key, std::move(note));
}

void OfferOnly(Draft& draft, Proposal& proposal) {
  Case& c = proposal.c;
  c.status = Status::kOffered;
  c.consent = ConsentId();
  c.categories.clear();
  c.clock_started_at = draft.now();
  c.term.reset();
  c.due.reset();
  c.due_note = "case.due.not_started";
  proposal.reason = "case.reason.offered_beside_started";
}

// Nothing starts where started cases leave no place for it.
void LetNoneStartBeside(Draft& draft, const std::vector<OpenCase>& cases,
                        std::vector<Proposal>& proposals) {
  for (;;) {
    const Excluded without_place = FindWithoutPlace(draft, proposals, cases);
    if (without_place.empty()) return;
    for (const auto& [right, started] : without_place) {
      const auto found = Find(proposals, right);
      if (std::ranges::find(started, right.service) == started.end()) {
        OfferOnly(draft, *found);
        continue;
      }
      Note(draft, *found, TriggerReason::kHouseholdTold, {});
      proposals.erase(found);
    }
  }
}

}  // namespace

Result<std::vector<Proposal>> LeaveOutExcluded(Draft& draft, std::vector<Proposal> proposals) {
  KSTATI_TRY(const std::set<CitizenId> people, PeopleAround(draft, proposals));
  if (people.empty()) return proposals;
  KSTATI_TRY(const std::vector<OpenCase> cases, OpenCasesOf(draft, people, proposals));
  LetNoneStartBeside(draft, cases, proposals);
  for (;;) {
    bool left_out = false;
    for (const auto& [right, instead] : FindYielding(draft, proposals, cases)) {
      const auto found = Find(proposals, right);
      if (found == proposals.end()) continue;  // what yields is an open case
      Note(draft, *found, TriggerReason::kExcluded, instead);
      proposals.erase(found);
      left_out = true;
    }
    if (!left_out) return proposals;
  }
}

}  // namespace kstati::cases
