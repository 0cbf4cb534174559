// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_repair.h"

#include <algorithm>
#include <utility>

namespace kstati::cases {
namespace {

// The place of the step for the same service and person.
std::optional<size_t> Find(const DecidedChain& chain, const eligibility::Decision& decision) {
  for (size_t step = 0; step < chain.decisions.size(); ++step) {
    const eligibility::Decision& other = chain.decisions[step];
    if (other.service == decision.service && other.about == decision.about) return step;
  }
  return std::nullopt;
}

ChainChange ChangeOf(ChangeKind kind, const eligibility::Decision& decision) {
  ChainChange change;
  change.kind = kind;
  change.service = decision.service;
  change.about = decision.about;
  return change;
}

std::optional<graph::ScenarioKind> ScenarioOf(const graph::ChainStep& step) {
  const graph::Scenario* const scenario = step.scenario.scenario;
  return scenario == nullptr ? std::nullopt : std::optional(scenario->kind);
}

void CompareDays(const std::optional<Date>& before, const std::optional<Date>& now,
                 ChainChange change, std::vector<ChainChange>& changes) {
  if (before == now) return;
  change.before = before;
  change.now = now;
  // A day that nobody knows is after all known ones.
  const bool sooner = now && (!before || *now < *before);
  if (change.kind != ChangeKind::kFinish) {
    change.kind = sooner ? ChangeKind::kSooner : ChangeKind::kLater;
  }
  changes.push_back(std::move(change));
}

void CompareDocuments(const graph::ChainStep& told, const graph::ChainStep& now,
                      const eligibility::Decision& decision, std::vector<ChainChange>& changes) {
  const auto add_missing = [&](const std::vector<AttributeId>& from,
                               const std::vector<AttributeId>& in, ChangeKind kind) {
    for (const AttributeId& document : from) {
      if (std::ranges::find(in, document) != in.end()) continue;
      changes.push_back(ChangeOf(kind, decision));
      changes.back().document = document;
    }
  };
  add_missing(now.bring, told.bring, ChangeKind::kBring);
  add_missing(told.bring, now.bring, ChangeKind::kLeave);
}

// Days and costs of a step that has not begun; what has begun asks for nothing more.
void CompareCosts(const graph::ChainStep& told, const graph::ChainStep& now,
                  const eligibility::Decision& decision, std::vector<ChainChange>& changes) {
  if (told.fee != now.fee || told.fee_known != now.fee_known) {
    changes.push_back(ChangeOf(ChangeKind::kFee, decision));
    if (now.fee_known) changes.back().fee = now.fee;
  }
  if (told.visits != now.visits) {
    changes.push_back(ChangeOf(ChangeKind::kVisits, decision));
    changes.back().visits = now.visits;
  }
  if (told.start == now.start || told.finish != now.finish) return;
  changes.push_back(ChangeOf(ChangeKind::kBegins, decision));
  changes.back().before = told.start;
  changes.back().now = now.start;
}

bool HasBegun(const DecidedChain& chain, size_t step) {
  return step < chain.schedule.tasks.size() && chain.schedule.tasks[step].has_begun;
}

}  // namespace

std::vector<ChainChange> ChangesBetween(const DecidedChain& told, const DecidedChain& now,
                                        const WhyGone& why_gone) {
  std::vector<ChainChange> changes;
  for (size_t step = 0; step < told.decisions.size(); ++step) {
    const eligibility::Decision& decision = told.decisions[step];
    const graph::ChainStep& before = told.chain.steps[step];
    const std::optional<size_t> place = Find(now, decision);
    if (place) {
      const graph::ChainStep& after = now.chain.steps[*place];
      if (ScenarioOf(before) != ScenarioOf(after)) {
        changes.push_back(ChangeOf(ChangeKind::kScenario, decision));
        changes.back().scenario = ScenarioOf(after);
      }
      CompareDocuments(before, after, decision, changes);
      if (!HasBegun(told, step) && !HasBegun(now, *place)) {
        CompareCosts(before, after, decision, changes);
      }
      CompareDays(before.finish, after.finish, ChangeOf(ChangeKind::kLater, decision), changes);
      continue;
    }
    changes.push_back(ChangeOf(why_gone(step), decision));
  }
  for (size_t step = 0; step < now.decisions.size(); ++step) {
    if (Find(told, now.decisions[step])) continue;
    changes.push_back(ChangeOf(ChangeKind::kAdded, now.decisions[step]));
    changes.back().now = now.chain.steps[step].finish;
  }
  ChainChange finish;
  finish.kind = ChangeKind::kFinish;
  if (!now.chain.steps.empty() && !told.chain.steps.empty()) {
    CompareDays(told.chain.finish, now.chain.finish, finish, changes);
  }
  return changes;
}

std::set<recommender::ServiceAbout> StepsOf(const DecidedChain& chain) {
  std::set<recommender::ServiceAbout> steps;
  for (const eligibility::Decision& decision : chain.decisions) {
    steps.insert({decision.service, decision.about});
  }
  return steps;
}

std::optional<Date> DueAsOf(const Case& c, const std::optional<CaseClock>& clock, Instant at) {
  if (!clock) return c.due;
  std::optional<Date> due;
  for (const ClockEntry& entry : clock->entries) {
    if (entry.recorded_at <= at) due = entry.due;
  }
  return due;
}

std::map<recommender::ServiceAbout, UnderWay> UnderWayAt(
    const std::vector<Case>& cases, Instant at, const std::string& zone,
    const std::function<std::optional<Date>(const Case&)>& due) {
  std::map<recommender::ServiceAbout, UnderWay> under_way;
  for (const Case& c : cases) {
    std::optional<Instant> since;
    for (const StatusChange& change : c.history) {
      if (change.at > at) break;
      const bool runs = IsOpen(change.status) && change.status != Status::kOffered &&
                        change.status != Status::kAnnounced;
      if (!runs) {
        since.reset();
      } else if (!since) {
        since = change.at;
      }
    }
    if (since) under_way[{c.service, c.about}] = {LocalDate(*since, zone), due(c)};
  }
  return under_way;
}

}  // namespace kstati::cases
