// SPDX-License-Identifier: Apache-2.0
#include "graph/search/reducer.h"

#include <algorithm>

namespace kstati::graph::search {
namespace {

constexpr int kMaxRounds = 20;
// Another round follows while a round changes more than one in so many services.
constexpr uint32_t kRoundShare = 3;

}  // namespace

bool Reducer::Run(Core& core) {
  simplifier_.Start(core);
  if (!simplifier_.RunOnAll(core)) return false;
  return RunOn(core);
}

bool Reducer::RunOn(Core& core) {
  if (!simplifier_.Run()) return false;
  for (int round = 0; round < kMaxRounds && core.goal_count > 0; ++round) {
    simplifier_.ForgetChanges();
    const bool has_circles = circles_.Find(core);
    if (has_circles && (!DropUnreachable(core) || !DropUseless(core))) return false;
    DropWaitsForGoals(core);
    if (!simplifier_.Run()) return false;
    if (landmarks_.Find(core, has_circles)) {
      UseLandmarks(core);
      DropDominated(core);
      if (!simplifier_.Run()) return false;
    }
    if (simplifier_.changes() * kRoundShare <= core.service_count()) break;
  }
  return true;
}

bool Reducer::DropUnreachable(Core& core) {
  missing_.resize(core.service_count());
  reached_.assign(core.fact_count(), 0);
  waiting_.clear();
  const auto fire = [&](uint32_t service) {
    for (const uint32_t fact : core.gives[service]) {
      if (core.fact_gone[fact] != 0 || reached_[fact] != 0) continue;
      reached_[fact] = 1;
      waiting_.push_back(fact);
    }
  };
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    missing_[service] = core.need_count[service];
    if (core.service_gone[service] == 0 && missing_[service] == 0) fire(service);
  }
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : core.consumers[fact]) {
      if (core.service_gone[consumer] == 0 && --missing_[consumer] == 0) fire(consumer);
    }
  }
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (reached_[fact] == 0) simplifier_.LoseFact(fact);
  }
  return simplifier_.Run();
}

bool Reducer::DropUseless(Core& core) {
  reached_.assign(core.fact_count(), 0);
  seen_.assign(core.service_count(), 0);
  waiting_.clear();
  const auto reach = [&](uint32_t fact) {
    if (core.fact_gone[fact] != 0 || reached_[fact] != 0) return;
    reached_[fact] = 1;
    waiting_.push_back(fact);
  };
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] != 0) reach(fact);
  }
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t producer : core.producers[fact]) {
      if (core.service_gone[producer] != 0 || seen_[producer] != 0) continue;
      seen_[producer] = 1;
      for (const uint32_t need : core.needs[producer]) reach(need);
    }
  }
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (seen_[service] == 0) simplifier_.RemoveService(service);
  }
  return simplifier_.Run();
}

// A chain reaches every goal. Facts reached without waiting for goals of other circles are reached
// with waiting too, circle by circle in their order.
void Reducer::DropWaitsForGoals(Core& core) {
  for (uint32_t goal = 0; goal < core.fact_count(); ++goal) {
    if (core.is_goal[goal] == 0 || core.fact_gone[goal] != 0) continue;
    waiting_.clear();
    for (const uint32_t consumer : core.consumers[goal]) {
      if (core.service_gone[consumer] != 0) continue;
      const bool same_circle = std::ranges::any_of(core.gives[consumer], [&](uint32_t fact) {
        return core.fact_gone[fact] == 0 && circles_.circle_of(fact) == circles_.circle_of(goal);
      });
      if (!same_circle) waiting_.push_back(consumer);
    }
    for (const uint32_t consumer : waiting_) simplifier_.DropNeed(consumer, goal);
  }
}

void Reducer::UseLandmarks(Core& core) {
  for (uint32_t goal = 0; goal < core.fact_count(); ++goal) {
    if (core.is_goal[goal] == 0 || core.fact_gone[goal] != 0) continue;
    landmarks_.ForEachOfFact(goal, [&](uint32_t landmark) { simplifier_.MakeGoal(landmark); });
  }
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (core.service_gone[service] != 0) continue;
    waiting_.clear();
    for (const uint32_t fact : core.gives[service]) {
      if (core.fact_gone[fact] == 0 && landmarks_.OfServiceHas(service, fact)) {
        waiting_.push_back(fact);
      }
    }
    for (const uint32_t fact : waiting_) simplifier_.DropGift(service, fact);
  }
}

void Reducer::DropDominated(Core& core) {
  for (uint32_t service = core.service_count(); service-- > 0;) {
    if (core.service_gone[service] != 0 || core.give_count[service] == 0) continue;
    if (IsDominated(core, service)) simplifier_.RemoveService(service);
  }
}

bool Reducer::IsDominated(const Core& core, uint32_t service) {
  uint32_t rarest = 0;
  uint32_t fewest = 0;
  for (const uint32_t fact : core.gives[service]) {
    if (core.fact_gone[fact] != 0) continue;
    if (fewest == 0 || core.producer_count[fact] < fewest) {
      rarest = fact;
      fewest = core.producer_count[fact];
    }
  }
  if (fewest < 2) return false;
  for (const uint32_t better : core.producers[rarest]) {
    if (better == service || core.service_gone[better] != 0) continue;
    if (!Dominates(core, better, service)) continue;
    if (core.cost[better] == core.cost[service] && core.cost[better] != 0) {
      equal_.push_back(core.service[better]);
    }
    return true;
  }
  return false;
}

bool Reducer::Dominates(const Core& core, uint32_t better, uint32_t service) const {
  if (core.cost[better] > core.cost[service]) return false;
  for (const uint32_t need : core.needs[better]) {
    if (core.fact_gone[need] == 0 && !landmarks_.OfServiceHas(service, need)) return false;
  }
  if (core.give_count[better] < core.give_count[service]) return false;
  return std::ranges::all_of(core.gives[service], [&](uint32_t fact) {
    return core.fact_gone[fact] != 0 || std::ranges::count(core.gives[better], fact) != 0;
  });
}

}  // namespace kstati::graph::search
