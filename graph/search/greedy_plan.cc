// SPDX-License-Identifier: Apache-2.0
#include "graph/search/greedy_plan.h"

#include <algorithm>
#include <limits>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

}  // namespace

bool GreedyPlan::Find(const Core& core, const std::vector<Cost>* rest) {
  if (!FindProducers(core, core.cost, rest)) return false;
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

bool GreedyPlan::FindSharing(const Core& core) {
  price_ = core.cost;
  while (true) {
    if (!FindProducers(core, price_, nullptr)) return false;
    uint32_t nearest = kNone;
    for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
      if (core.is_goal[fact] == 0 || value_[fact] == 0) continue;
      if (nearest == kNone || value_[fact] < value_[nearest]) nearest = fact;
    }
    if (nearest == kNone) return Find(core, &price_);
    TakeFor(core, nearest);
  }
}

// What the fact takes is free from now on.
void GreedyPlan::TakeFor(const Core& core, uint32_t fact) {
  waiting_.assign(1, fact);
  while (!waiting_.empty()) {
    const uint32_t at = waiting_.back();
    waiting_.pop_back();
    if (value_[at] == 0) continue;
    value_[at] = 0;
    price_[producer_[at]] = 0;
    for (const uint32_t need : core.needs[producer_[at]]) waiting_.push_back(need);
  }
}

bool GreedyPlan::FindProducers(const Core& core, const std::vector<Cost>& price,
                               const std::vector<Cost>* rest) {
  value_.assign(core.fact_count(), kInfiniteCost);
  producer_.assign(core.fact_count(), kNone);
  done_.assign(core.fact_count(), 0);
  sum_ = price;
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
  place_.assign(core.fact_count(), kNone);
  facts_.clear();
  chosen_.clear();
  const auto want = [&](uint32_t fact) {
    if (place_[fact] != kNone) return;
    place_[fact] = static_cast<uint32_t>(facts_.size());
    facts_.push_back(fact);
  };
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] != 0) want(fact);
  }
  for (size_t i = 0; i < facts_.size(); ++i) {
    const uint32_t producer = producer_[facts_[i]];
    if (in_plan_[producer] != 0) continue;
    in_plan_[producer] = 1;
    chosen_.push_back(producer);
    for (const uint32_t need : core.needs[producer]) want(need);
  }
}

// The dearest are tried first. Free services stay: they cost nothing to keep.
void GreedyPlan::DropNeedless(const Core& core) {
  std::ranges::sort(chosen_, [&](uint32_t a, uint32_t b) {
    return core.cost[a] != core.cost[b] ? core.cost[a] > core.cost[b] : a > b;
  });
  needs_.Clear();
  gives_.Clear();
  sources_.assign(facts_.size(), 0);
  for (const uint32_t service : chosen_) {
    for (const uint32_t fact : core.needs[service]) needs_.Add(place_[fact]);
    needs_.EndRow();
    for (const uint32_t fact : core.gives[service]) {
      if (place_[fact] == kNone) continue;
      gives_.Add(place_[fact]);
      ++sources_[place_[fact]];
    }
    gives_.EndRow();
  }
  consumers_.Transpose(needs_, facts_.size());
  for (uint32_t i = 0; i < chosen_.size() && core.cost[chosen_[i]] != 0; ++i) {
    const bool others_give_all =
        std::ranges::all_of(gives_[i], [&](uint32_t fact) { return sources_[fact] > 1; });
    if (!others_give_all) continue;
    in_plan_[chosen_[i]] = 0;
    if (!Reaches(core)) {
      in_plan_[chosen_[i]] = 1;
      continue;
    }
    for (const uint32_t fact : gives_[i]) --sources_[fact];
  }
}

// Looks at nothing but the facts and services that were chosen.
bool GreedyPlan::Reaches(const Core& core) {
  missing_.resize(chosen_.size());
  done_.assign(facts_.size(), 0);
  waiting_.clear();
  size_t reached = 0;
  const auto fire = [&](uint32_t service) {
    for (const uint32_t fact : gives_[service]) {
      if (done_[fact] != 0) continue;
      done_[fact] = 1;
      reached += core.is_goal[facts_[fact]];
      waiting_.push_back(fact);
    }
  };
  for (uint32_t i = 0; i < chosen_.size(); ++i) {
    missing_[i] = static_cast<uint32_t>(needs_[i].size());
    if (in_plan_[chosen_[i]] != 0 && missing_[i] == 0) fire(i);
  }
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : consumers_[fact]) {
      if (--missing_[consumer] == 0 && in_plan_[chosen_[consumer]] != 0) fire(consumer);
    }
  }
  return reached == core.goal_count;
}

}  // namespace kstati::graph::search
