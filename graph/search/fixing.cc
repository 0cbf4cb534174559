// SPDX-License-Identifier: Apache-2.0
#include "graph/search/fixing.h"

#include <algorithm>

namespace kstati::graph::search {

void Fixing::Find(const Core& core, const Bound& bound) {
  FindWaysTo(core, bound.rest);
  FindWaysFrom(core, bound.rest);
  extra_.resize(core.service_count());
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    Cost after = kInfiniteCost;
    for (const uint32_t fact : core.gives[service]) after = std::min(after, from_[fact]);
    extra_[service] = SumOf(SumOf(to_[service], bound.rest[service]), after);
  }
}

void Fixing::FindWaysTo(const Core& core, const std::vector<Cost>& rest) {
  value_.assign(core.fact_count(), kInfiniteCost);
  done_.assign(core.fact_count(), 0);
  to_.assign(core.service_count(), kInfiniteCost);
  missing_ = core.need_count;
  queue_.Clear();
  const auto fire = [&](uint32_t service, Cost before) {
    to_[service] = before;
    for (const uint32_t fact : core.gives[service]) {
      if (before + rest[service] >= value_[fact]) continue;
      value_[fact] = before + rest[service];
      queue_.Push(value_[fact], fact);
    }
  };
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (missing_[service] == 0) fire(service, 0);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (done_[fact] != 0) continue;
    done_[fact] = 1;
    for (const uint32_t consumer : core.consumers[fact]) {
      if (--missing_[consumer] == 0) fire(consumer, value);
    }
  }
}

void Fixing::FindWaysFrom(const Core& core, const std::vector<Cost>& rest) {
  from_.assign(core.fact_count(), kInfiniteCost);
  queue_.Clear();
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] == 0) continue;
    from_[fact] = 0;
    queue_.Push(0, fact);
  }
  while (!queue_.empty()) {
    const auto [value, fact] = queue_.Pop();
    if (value != from_[fact]) continue;
    for (const uint32_t producer : core.producers[fact]) {
      for (const uint32_t need : core.needs[producer]) {
        if (value + rest[producer] >= from_[need]) continue;
        from_[need] = value + rest[producer];
        queue_.Push(from_[need], need);
      }
    }
  }
}

}  // namespace kstati::graph::search
