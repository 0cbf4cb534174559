// SPDX-License-Identifier: Apache-2.0
#include "graph/search/greedy_plan.h"

#include <algorithm>
#include <limits>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

}  // namespace

bool GreedyPlan::Find(const Core& core, const std::vector<Cost>* rest) {
  if (!FindProducers(core, rest)) return false;
  Collect(core);
  DropNeedless(core);
  cost_ = 0;
  plan_.clear();
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (in_plan_[service] == 0) continue;
    plan_.push_back(service);
    cost_ += core.cost[service];
  }
  return true;
}

bool GreedyPlan::FindProducers(const Core& core, const std::vector<Cost>* rest) {
  value_.assign(core.fact_count(), kInfiniteCost);
  producer_.assign(core.fact_count(), kNone);
  done_.assign(core.fact_count(), 0);
  sum_ = core.cost;
  missing_ = core.need_count;
  queue_.Clear();
  const auto relax = [&](uint32_t service) {
    if (rest != nullptr && (*rest)[service] != 0) return;
    for (const uint32_t fact : core.gives[service]) {
      if (sum_[service] >= value_[fact]) continue;
      value_[fact] = sum_[service];
      producer_[fact] = service;
      queue_.Push(sum_[service], fact);
    }
  };
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (missing_[service] == 0) relax(service);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (done_[fact] != 0) continue;
    done_[fact] = 1;
    for (const uint32_t consumer : core.consumers[fact]) {
      sum_[consumer] = std::min(sum_[consumer] + value, kInfiniteCost - 1);
      if (--missing_[consumer] == 0) relax(consumer);
    }
  }
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] != 0 && producer_[fact] == kNone) return false;
  }
  return true;
}

void GreedyPlan::Collect(const Core& core) {
  in_plan_.assign(core.service_count(), 0);
  reached_.assign(core.fact_count(), 0);
  waiting_.clear();
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] == 0) continue;
    reached_[fact] = 1;
    waiting_.push_back(fact);
  }
  while (!waiting_.empty()) {
    const uint32_t producer = producer_[waiting_.back()];
    waiting_.pop_back();
    if (in_plan_[producer] != 0) continue;
    in_plan_[producer] = 1;
    for (const uint32_t need : core.needs[producer]) {
      if (reached_[need] != 0) continue;
      reached_[need] = 1;
      waiting_.push_back(need);
    }
  }
}

// The dearest are tried first. Free services stay: they cost nothing to keep.
void GreedyPlan::DropNeedless(const Core& core) {
  by_cost_.clear();
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (in_plan_[service] != 0 && core.cost[service] != 0) by_cost_.push_back(service);
  }
  std::ranges::sort(by_cost_, [&](uint32_t a, uint32_t b) {
    return core.cost[a] != core.cost[b] ? core.cost[a] > core.cost[b] : a > b;
  });
  for (const uint32_t service : by_cost_) {
    in_plan_[service] = 0;
    // Needless only if everything it gives comes from others.
    if (!Reaches(core)) in_plan_[service] = 1;
  }
}

bool GreedyPlan::Reaches(const Core& core) {
  missing_ = core.need_count;
  reached_.assign(core.fact_count(), 0);
  waiting_.clear();
  uint32_t goals = core.goal_count;
  const auto fire = [&](uint32_t service) {
    for (const uint32_t fact : core.gives[service]) {
      if (reached_[fact] != 0) continue;
      reached_[fact] = 1;
      goals -= core.is_goal[fact];
      waiting_.push_back(fact);
    }
  };
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (in_plan_[service] != 0 && missing_[service] == 0) fire(service);
  }
  while (!waiting_.empty() && goals > 0) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] == 0 && in_plan_[consumer] != 0) fire(consumer);
    }
  }
  return goals == 0;
}

}  // namespace kstati::graph::search
