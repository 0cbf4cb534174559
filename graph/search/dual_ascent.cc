// SPDX-License-Identifier: Apache-2.0
#include "graph/search/dual_ascent.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
// Zones hold so many services together at most: a larger core is left to other bounds.
constexpr size_t kMaxZoneItems = 4'000'000;

}  // namespace

void DualAscent::Run(const Core& core, Cost enough, Bound& bound) {
  bound.Start(core);
  if (size_t{core.goal_count} * core.service_count() > kMaxZoneItems) return;
  FindValues(core);
  goals_.clear();
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] != 0) goals_.push_back(fact);
  }
  if (zones_.size() < goals_.size()) zones_.resize(goals_.size());
  reached_.assign(core.fact_count(), 0);
  missing_ = core.need_count;
  waiting_.clear();
  all_.resize(core.service_count());
  std::iota(all_.begin(), all_.end(), 0U);
  Reach(core, bound, all_);
  for (size_t i = 0; i < goals_.size(); ++i) {
    zones_[i].goal = goals_[i];
    Restart(core, zones_[i]);
  }
  while (bound.lower < enough) {
    Zone* smallest = nullptr;
    for (size_t i = 0; i < goals_.size(); ++i) {
      if (reached_[goals_[i]] != 0) continue;
      Grow(core, bound, zones_[i]);
      if (smallest == nullptr || zones_[i].entering.size() < smallest->entering.size()) {
        smallest = &zones_[i];
      }
    }
    if (smallest == nullptr) return;
    Cost weight = kInfiniteCost;
    for (const uint32_t service : smallest->entering) {
      weight = std::min(weight, bound.rest[service]);
      bound.landmarks.Add(service);
    }
    bound.landmarks.EndRow();
    bound.weights.push_back(weight);
    bound.lower += weight;
    for (const uint32_t service : smallest->entering) bound.rest[service] -= weight;
    Reach(core, bound, smallest->entering);
  }
}

// What can be reached by services without a rest, when these may have lost theirs.
void DualAscent::Reach(const Core& core, const Bound& bound, std::span<const uint32_t> changed) {
  const auto fire = [&](uint32_t service) {
    for (const uint32_t fact : core.gives[service]) {
      if (reached_[fact] != 0) continue;
      reached_[fact] = 1;
      waiting_.push_back(fact);
    }
  };
  for (const uint32_t service : changed) {
    if (missing_[service] == 0 && bound.rest[service] == 0) fire(service);
  }
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] == 0 && bound.rest[consumer] == 0) fire(consumer);
    }
  }
}

void DualAscent::FindValues(const Core& core) {
  value_.assign(core.fact_count(), kInfiniteCost);
  missing_ = core.need_count;
  reached_.assign(core.fact_count(), 0);
  queue_.Clear();
  const auto relax = [&](uint32_t service, Cost value) {
    for (const uint32_t fact : core.gives[service]) {
      if (value >= value_[fact]) continue;
      value_[fact] = value;
      queue_.Push(value, fact);
    }
  };
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (missing_[service] == 0) relax(service, core.cost[service]);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (reached_[fact] != 0) continue;
    reached_[fact] = 1;
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] == 0) relax(consumer, value + core.cost[consumer]);
    }
  }
}

void DualAscent::Add(const Core& core, Zone& zone, uint32_t fact) {
  zone.holds[fact] = 1;
  for (const uint32_t producer : core.producers[fact]) {
    if (zone.is_entering[producer] != 0) continue;
    const bool needs_inside = std::ranges::any_of(
        core.needs[producer], [&](uint32_t need) { return zone.holds[need] != 0; });
    if (needs_inside) continue;
    zone.is_entering[producer] = 1;
    zone.entering.push_back(producer);
  }
  for (const uint32_t consumer : core.consumers[fact]) {
    if (zone.is_entering[consumer] == 0) continue;
    zone.is_entering[consumer] = 0;
    std::erase(zone.entering, consumer);
  }
}

void DualAscent::Grow(const Core& core, const Bound& bound, Zone& zone) {
  while (true) {
    const auto free = std::ranges::find_if(
        zone.entering, [&](uint32_t service) { return bound.rest[service] == 0; });
    if (free == zone.entering.end()) return;
    uint32_t dearest = kNone;
    for (const uint32_t need : core.needs[*free]) {
      if (reached_[need] != 0) continue;
      if (dearest == kNone || value_[need] > value_[dearest]) dearest = need;
    }
    if (dearest == kNone) {
      Restart(core, zone);  // something inside can be reached by now
    } else {
      Add(core, zone, dearest);
    }
  }
}

void DualAscent::Restart(const Core& core, Zone& zone) {
  zone.holds.assign(core.fact_count(), 0);
  zone.is_entering.assign(core.service_count(), 0);
  zone.entering.clear();
  Add(core, zone, zone.goal);
}

}  // namespace kstati::graph::search
