// SPDX-License-Identifier: Apache-2.0
#include "graph/search/landmark_cut.h"

#include <algorithm>
#include <limits>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

}  // namespace

void LandmarkCut::Run(const Core& core, Cost enough, Bound& bound) {
  bound.Start(core);
  in_zone_.assign(core.fact_count(), 0);
  reached_.assign(core.fact_count(), 0);
  round_ = 0;
  FindValues(core, bound.rest);
  while (bound.lower < enough) {
    const uint32_t goal = DearestGoal(core);
    if (goal == kNone || value_[goal] == 0) return;
    ++round_;
    MarkZone(core, bound.rest, goal);
    FindCut(core);
    Cost weight = kInfiniteCost;
    for (const uint32_t service : cut_) {
      weight = std::min(weight, bound.rest[service]);
      bound.landmarks.Add(service);
    }
    bound.landmarks.EndRow();
    bound.weights.push_back(weight);
    bound.lower += weight;
    for (const uint32_t service : cut_) bound.rest[service] -= weight;
    LowerValues(core, bound.rest);
  }
}

void LandmarkCut::FindValues(const Core& core, const std::vector<Cost>& cost) {
  value_.assign(core.fact_count(), kInfiniteCost);
  dearest_.assign(core.service_count(), kNone);
  missing_ = core.need_count;
  sources_.clear();
  queue_.Clear();
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (missing_[service] != 0) continue;
    sources_.push_back(service);
    Relax(core, service, cost[service]);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (value != value_[fact] || reached_[fact] != 0) continue;
    reached_[fact] = 1;
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] != 0) continue;
      dearest_[consumer] = fact;
      Relax(core, consumer, value + cost[consumer]);
    }
  }
  std::ranges::fill(reached_, 0);
}

void LandmarkCut::Relax(const Core& core, uint32_t service, Cost value) {
  for (const uint32_t fact : core.gives[service]) {
    if (value >= value_[fact]) continue;
    value_[fact] = value;
    queue_.Push(value, fact);
  }
}

// The services of the cut became cheaper.
void LandmarkCut::LowerValues(const Core& core, const std::vector<Cost>& cost) {
  for (const uint32_t service : cut_) {
    const Cost before = dearest_[service] == kNone ? 0 : value_[dearest_[service]];
    Relax(core, service, before + cost[service]);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (value != value_[fact]) continue;
    for (const uint32_t consumer : core.consumers[fact]) {
      if (dearest_[consumer] != fact) continue;
      uint32_t dearest = fact;
      for (const uint32_t need : core.needs[consumer]) {
        if (value_[need] > value_[dearest]) dearest = need;
      }
      dearest_[consumer] = dearest;
      Relax(core, consumer, value_[dearest] + cost[consumer]);
    }
  }
}

uint32_t LandmarkCut::DearestGoal(const Core& core) const {
  uint32_t dearest = kNone;
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] == 0) continue;
    if (dearest == kNone || value_[fact] > value_[dearest]) dearest = fact;
  }
  return dearest;
}

// The facts from which the goal costs nothing more.
void LandmarkCut::MarkZone(const Core& core, const std::vector<Cost>& cost, uint32_t goal) {
  waiting_.assign(1, goal);
  in_zone_[goal] = round_;
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t producer : core.producers[fact]) {
      if (cost[producer] != 0) continue;
      const uint32_t need = dearest_[producer];
      if (need == kNone || in_zone_[need] == round_) continue;
      in_zone_[need] = round_;
      waiting_.push_back(need);
    }
  }
}

void LandmarkCut::FindCut(const Core& core) {
  cut_.clear();
  waiting_.clear();
  for (const uint32_t service : sources_) Cross(core, service);
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : core.consumers[fact]) {
      if (dearest_[consumer] == fact) Cross(core, consumer);
    }
  }
}

void LandmarkCut::Cross(const Core& core, uint32_t service) {
  const auto gives = core.gives[service];
  if (std::ranges::any_of(gives, [&](uint32_t fact) { return in_zone_[fact] == round_; })) {
    cut_.push_back(service);
    return;
  }
  for (const uint32_t fact : gives) {
    if (reached_[fact] == round_) continue;
    reached_[fact] = round_;
    waiting_.push_back(fact);
  }
}

}  // namespace kstati::graph::search
