// SPDX-License-Identifier: Apache-2.0
#include "graph/search/circles.h"

#include <algorithm>
#include <limits>

namespace kstati::graph::search {
namespace {

constexpr uint32_t kOpen = std::numeric_limits<uint32_t>::max();

// Whether every service needs only facts of lower numbers than it gives.
bool IsOrdered(const Core& core) {
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (core.service_gone[service] != 0) continue;
    uint32_t lowest = kOpen;
    for (const uint32_t fact : core.gives[service]) {
      if (core.fact_gone[fact] == 0) lowest = std::min(lowest, fact);
    }
    for (const uint32_t fact : core.needs[service]) {
      if (core.fact_gone[fact] == 0 && fact >= lowest) return false;
    }
  }
  return true;
}

}  // namespace

// Tarjan's algorithm without recursion.
bool CircleFinder::Find(const Core& core) {
  circle_of_.resize(core.fact_count());
  if (!core.may_have_circles || IsOrdered(core)) {
    for (uint32_t fact = 0; fact < core.fact_count(); ++fact) circle_of_[fact] = fact;
    return false;
  }
  entered_.assign(core.fact_count(), 0);
  lowest_.assign(core.fact_count(), 0);
  time_ = 0;
  circle_count_ = 0;
  for (uint32_t root = 0; root < core.fact_count(); ++root) {
    if (core.fact_gone[root] != 0 || entered_[root] != 0) continue;
    Enter(root);
    while (!visits_.empty()) {
      Visit& visit = visits_.back();
      const uint32_t fact = visit.fact;
      uint32_t next = 0;
      if (!NextFact(core, visit, next)) {
        visits_.pop_back();
        Leave(fact);
        if (!visits_.empty()) {
          const uint32_t before = visits_.back().fact;
          lowest_[before] = std::min(lowest_[before], lowest_[fact]);
        }
      } else if (entered_[next] == 0) {
        Enter(next);
      } else if (circle_of_[next] == kOpen) {
        lowest_[fact] = std::min(lowest_[fact], entered_[next]);
      }
    }
  }
  return true;
}

bool CircleFinder::NextFact(const Core& core, Visit& visit, uint32_t& next) const {
  const auto consumers = core.consumers[visit.fact];
  for (; visit.consumer < consumers.size(); ++visit.consumer, visit.gift = 0) {
    const uint32_t consumer = consumers[visit.consumer];
    if (core.service_gone[consumer] != 0) continue;
    const auto gives = core.gives[consumer];
    while (visit.gift < gives.size()) {
      next = gives[visit.gift++];
      if (core.fact_gone[next] == 0) return true;
    }
  }
  return false;
}

void CircleFinder::Enter(uint32_t fact) {
  entered_[fact] = ++time_;
  lowest_[fact] = time_;
  circle_of_[fact] = kOpen;
  open_.push_back(fact);
  visits_.push_back({fact, 0, 0});
}

void CircleFinder::Leave(uint32_t fact) {
  if (lowest_[fact] != entered_[fact]) return;
  uint32_t member = kOpen;
  do {
    member = open_.back();
    open_.pop_back();
    circle_of_[member] = circle_count_;
  } while (member != fact);
  ++circle_count_;
}

}  // namespace kstati::graph::search
