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
  before_.assign(core.fact_count(), 0);
  visited_.assign(core.fact_count(), 0);
  in_cut_.assign(core.service_count(), 0);
  round_ = 0;
  visit_ = 0;
  goals_.clear();
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] != 0) goals_.push_back(fact);
  }
  FindValues(core, bound.rest);
  while (bound.lower < enough) {
    const uint32_t goal = DearestGoal();
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
  queue_.Clear();
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (missing_[service] != 0) continue;
    Relax(core, service, cost[service]);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (value != value_[fact] || visited_[fact] != 0) continue;
    visited_[fact] = 1;
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] != 0) continue;
      dearest_[consumer] = fact;
      Relax(core, consumer, value + cost[consumer]);
    }
  }
  visit_ = 1;
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

uint32_t LandmarkCut::DearestGoal() const {
  uint32_t dearest = kNone;
  for (const uint32_t fact : goals_) {
    if (dearest == kNone || value_[fact] > value_[dearest]) dearest = fact;
  }
  return dearest;
}

// The facts from which the goal costs nothing more.
void LandmarkCut::MarkZone(const Core& core, const std::vector<Cost>& cost, uint32_t goal) {
  zone_.assign(1, goal);
  in_zone_[goal] = round_;
  for (size_t i = 0; i < zone_.size(); ++i) {
    for (const uint32_t producer : core.producers[zone_[i]]) {
      if (cost[producer] != 0) continue;
      const uint32_t need = dearest_[producer];
      if (need == kNone || in_zone_[need] == round_) continue;
      in_zone_[need] = round_;
      zone_.push_back(need);
    }
  }
}

// The services that enter the zone by a need that can be had without entering it.
void LandmarkCut::FindCut(const Core& core) {
  cut_.clear();
  for (size_t i = 0; i < zone_.size(); ++i) {
    for (const uint32_t producer : core.producers[zone_[i]]) {
      const uint32_t need = dearest_[producer];
      if (need != kNone && in_zone_[need] == round_) continue;
      if (in_cut_[producer] == round_) continue;
      if (need != kNone && !IsBefore(core, need)) continue;
      in_cut_[producer] = round_;
      cut_.push_back(producer);
    }
  }
}

// Whether some way along dearest needs leads to a fact outside of the zone and does not enter the
// zone. Backwards from the fact; a way that was found is kept in `before_` for the round.
bool LandmarkCut::IsBefore(const Core& core, uint32_t fact) {
  if (before_[fact] == round_) return true;
  ++visit_;
  visited_[fact] = visit_;
  way_.assign(1, {fact, 0});
  while (!way_.empty()) {
    const uint32_t at = way_.back().fact;
    const auto producers = core.producers[at];
    if (way_.back().producer == producers.size()) {
      way_.pop_back();
      continue;
    }
    const uint32_t producer = producers[way_.back().producer++];
    const uint32_t need = dearest_[producer];
    if (need != kNone && before_[need] != round_) {
      if (in_zone_[need] == round_ || visited_[need] == visit_) continue;
      if (Enters(core, producer)) continue;
      visited_[need] = visit_;
      way_.push_back({need, 0});
    } else if (!Enters(core, producer)) {
      for (const Step& step : way_) before_[step.fact] = round_;
      return true;
    }
  }
  return false;
}

bool LandmarkCut::Enters(const Core& core, uint32_t service) const {
  return std::ranges::any_of(core.gives[service],
                             [&](uint32_t fact) { return in_zone_[fact] == round_; });
}

}  // namespace kstati::graph::search
