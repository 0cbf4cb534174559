// SPDX-License-Identifier: Apache-2.0
// What of the proposals is opened: one for each service and receiver.
#include <algorithm>
#include <map>

#include "cases/exclusive_openings.h"
#include "cases/household_cases.h"
#include "cases/openings.h"
#include "cases/single_application.h"

namespace kstati::cases {
namespace {

// Cases by what they are for, and who gets it.
using CasesByRight = std::map<std::pair<ServiceId, CitizenId>, std::vector<Case>>;

void NoteNotOpened(Draft& draft, const Proposal& proposal, TriggerReason reason) {
  const Case& c = proposal.c;
  draft.Note(c.citizen, proposal.situation_key,
             {draft.now(), c.cause, c.service, c.about, reason, {}});
}

// How far a case or a proposal goes; a higher number serves the person more.
int Reach(Status status) {
  switch (status) {
    case Status::kAnnounced: return 1;
    case Status::kOffered: return 2;
    default: return 3;
  }
}

bool IsUnconfirmed(const Case& c) {
  return c.status == Status::kAnnounced || c.status == Status::kOffered;
}

Result<CasesByRight> CasesConcerned(Draft& draft, const std::vector<Proposal>& proposals) {
  std::set<CitizenId> people;
  for (const Proposal& proposal : proposals) {
    KSTATI_TRY(std::set<CitizenId> concerned,
               PeopleConcerned(draft, proposal.c.citizen, proposal.c.about));
    people.merge(concerned);
  }
  CasesByRight held;
  for (const CitizenId citizen : people) {
    KSTATI_TRY(const std::vector<Case> cases, draft.Cases(citizen));
    for (const Case& c : cases) held[{c.service, ReceiverOf(draft, c)}].push_back(c);
  }
  return held;
}

// Whether nothing stands of what the life event of the case gave: neither the case nor, where a
// later event's took its place, that one (the later event may have been taken back).
bool LeavesNothing(const Case& c, const std::vector<Case>& same) {
  if (EndedByDeath(c)) return true;
  if (c.status != Status::kAnnulled) return false;
  return c.history.back().reason != kLaterEvent || std::ranges::all_of(same, [](const Case& other) {
           return other.status == Status::kAnnulled;
         });
}

// Whether there is no room for the proposal beside one of the cases for the same. An offer that
// nobody has confirmed makes room for what starts by itself, and for what a later life event gives
// reason for.
Result<bool> KeepsAway(Draft& draft, const Case& c, const std::vector<Case>& same,
                       Proposal& proposal) {
  const bool same_event = c.cause == proposal.c.cause;
  if (IsUnconfirmed(c) && !same_event) {
    KSTATI_TRY(const Date day, DayBehind(draft, c));
    if (day < proposal.occurred_on) {
      proposal.overtaken.push_back(c);
      return false;
    }
  }
  if (IsUnconfirmed(c) && proposal.c.status == Status::kStarted) {
    proposal.instead_of.push_back(c);
    return false;
  }
  return IsOpen(c.status) || (same_event && !LeavesNothing(c, same));
}

// What running applications have among their steps, by whose they are and for which situation.
using Waiting = std::map<std::pair<CitizenId, SituationId>, std::set<recommender::ServiceAbout>>;

Result<Waiting> WaitingSteps(Draft& draft, const std::vector<Proposal>& proposals) {
  Waiting waiting;
  for (const Proposal& proposal : proposals) {
    const auto [steps, is_new] = waiting.try_emplace({proposal.c.citizen, proposal.c.situation});
    if (!is_new) continue;
    KSTATI_TRY(steps->second, WaitingIn(draft, proposal.c.citizen, proposal.c.situation));
  }
  return waiting;
}

// Whether it would start what starts when its turn comes (FollowApplications).
bool HasItsTurn(const Waiting& waiting, const Proposal& proposal) {
  const auto steps = waiting.find({proposal.c.citizen, proposal.c.situation});
  return proposal.c.status == Status::kStarted && steps != waiting.end() &&
         steps->second.contains({proposal.c.service, proposal.c.about});
}

Result<bool> HasNoRoom(Draft& draft, const CasesByRight& held, Proposal& proposal) {
  const auto same = held.find({proposal.c.service, ReceiverOf(draft, proposal.c)});
  if (same == held.end()) return false;
  for (const Case& c : same->second) {
    KSTATI_TRY(const bool taken, KeepsAway(draft, c, same->second, proposal));
    if (taken) return true;
  }
  const auto own = std::ranges::find(proposal.instead_of, proposal.c.citizen, &Case::citizen);
  if (own != proposal.instead_of.end()) proposal.c.id = own->id;  // it goes on
  return false;
}

// Takes out what somebody concerned has, or had from the same life event.
Result<void> LeaveOutUnderWay(Draft& draft, std::vector<Proposal>& proposals) {
  KSTATI_TRY(const CasesByRight held, CasesConcerned(draft, proposals));
  KSTATI_TRY(const Waiting waiting, WaitingSteps(draft, proposals));
  std::vector<Proposal> left;
  for (Proposal& proposal : proposals) {
    KSTATI_TRY(const bool under_way, HasNoRoom(draft, held, proposal));
    if (under_way || HasItsTurn(waiting, proposal)) {
      NoteNotOpened(draft, proposal, TriggerReason::kUnderWay);
    } else {
      left.push_back(std::move(proposal));
    }
  }
  proposals = std::move(left);
  return {};
}

}  // namespace

Result<Date> DayBehind(Draft& draft, const Case& c) {
  KSTATI_TRY(const auto situations, SituationsIn(draft, c.citizen));
  for (const recommender::OpenSituation& situation : situations) {
    if (!c.cause.id.empty() && situation.cause == c.cause) return situation.occurred_on;
  }
  return LocalDate(c.opened_at, draft.world().time_zone);
}

Result<std::vector<Proposal>> KeepOnePerService(Draft& draft, std::vector<Proposal> proposals) {
  KSTATI_TRY_VOID(LeaveOutUnderWay(draft, proposals));
  std::stable_sort(proposals.begin(), proposals.end(), [](const Proposal& a, const Proposal& b) {
    const int first = Reach(a.c.status);
    const int second = Reach(b.c.status);
    return first != second ? first > second : a.occurred_on > b.occurred_on;
  });
  KSTATI_TRY(proposals, LeaveOutExcluded(draft, std::move(proposals)));
  std::vector<Proposal> kept;
  for (Proposal& proposal : proposals) {
    const auto first = std::ranges::find_if(kept, [&](const Proposal& other) {
      return other.c.service == proposal.c.service && other.c.about == proposal.c.about &&
             ReceiverOf(draft, other.c) == ReceiverOf(draft, proposal.c);
    });
    if (first == kept.end()) {
      kept.push_back(std::move(proposal));
    } else if (first->c.citizen == proposal.c.citizen) {
      NoteNotOpened(draft, proposal, TriggerReason::kUnderWay);
    } else {
      NoteNotOpened(draft, proposal, TriggerReason::kHouseholdTold);
      draft.Enter(proposal.c.citizen, profile::ledger::EntryKind::kMessageSuppressed,
                  {{"why", "household_told"}});
    }
  }
  return kept;
}

}  // namespace kstati::cases
