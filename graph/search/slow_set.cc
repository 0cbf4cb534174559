// SPDX-License-Identifier: Apache-2.0
#include "graph/search/slow_set.h"

#include <algorithm>
#include <numeric>

namespace kstati::graph::search {

void SlowSet::Start(const Core& core, const std::vector<int64_t>& days,
                    const Timetable* timetable) {
  core_ = &core;
  days_ = &days;
  timetable_ = timetable;
  in_set_.assign(core.service_count(), 1);
  Meets(in_set_, 0);
  FindDaysThrough();
  slowest_first_.clear();
}

// `ready_` are the earliest days of all.
void SlowSet::FindDaysThrough() {
  const Core& core = *core_;
  after_.assign(core.fact_count(), kInfiniteCost);
  queue_.Clear();
  for (uint32_t fact = 0; fact < core.fact_count(); ++fact) {
    if (core.is_goal[fact] == 0) continue;
    after_[fact] = 0;
    queue_.Push(0, fact);
  }
  while (!queue_.empty()) {
    const auto [after, fact] = queue_.Pop();
    if (after != after_[fact]) continue;
    for (const uint32_t producer : core.producers[fact]) {
      for (const uint32_t need : core.needs[producer]) {
        if (after + (*days_)[producer] >= after_[need]) continue;
        after_[need] = after + (*days_)[producer];
        queue_.Push(after_[need], need);
      }
    }
  }
  through_.resize(core.service_count());
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    int64_t after = kInfiniteCost;
    for (const uint32_t fact : core.gives[service]) after = std::min(after, after_[fact]);
    const int64_t start = StartOf(service);
    through_[service] = start < kInfiniteCost ? SumOf(EndOf(service, start), after) : kInfiniteCost;
  }
}

int64_t SlowSet::EndOf(uint32_t service, int64_t start) const {
  if (timetable_ == nullptr) return start + (*days_)[service];
  return timetable_->EndOf(core_->service[service], start);
}

int64_t SlowSet::StartOf(uint32_t service) const {
  int64_t start = 0;
  for (const uint32_t need : core_->needs[service]) start = std::max(start, ready_[need]);
  return start;
}

bool SlowSet::Meets(const std::vector<uint8_t>& services, int64_t within) {
  const Core& core = *core_;
  if (&services != &in_set_) in_set_ = services;
  within_ = within;
  ready_.assign(core.fact_count(), kInfiniteCost);
  late_goals_ = core.goal_count;
  before_.clear();
  for (uint32_t service = 0; service < core.service_count(); ++service) {
    if (in_set_[service] != 0 && core.need_count[service] == 0) Lower(service, 0);
  }
  Spread();
  return late_goals_ == 0;
}

void SlowSet::Lower(uint32_t service, int64_t start) {
  const int64_t ready = EndOf(service, start);
  for (const uint32_t fact : core_->gives[service]) {
    if (ready >= ready_[fact]) continue;
    before_.emplace_back(fact, ready_[fact]);
    if (core_->is_goal[fact] != 0 && ready_[fact] > within_ && ready <= within_) --late_goals_;
    ready_[fact] = ready;
    waiting_.push_back(fact);
  }
}

void SlowSet::Spread() {
  while (!waiting_.empty()) {
    const uint32_t fact = waiting_.back();
    waiting_.pop_back();
    for (const uint32_t consumer : core_->consumers[fact]) {
      if (in_set_[consumer] == 0) continue;
      const int64_t start = StartOf(consumer);
      if (start < kInfiniteCost) Lower(consumer, start);
    }
  }
}

void SlowSet::Extend(const std::vector<uint8_t>& allowed, std::vector<uint32_t>& landmark) {
  landmark.clear();
  if (slowest_first_.empty()) SortServices();
  for (const uint32_t service : slowest_first_) {
    if (in_set_[service] != 0 || allowed[service] == 0) continue;
    if (!Add(service)) landmark.push_back(service);
  }
  std::ranges::sort(landmark);
}

void SlowSet::SortServices() {
  slowest_first_.resize(core_->service_count());
  std::iota(slowest_first_.begin(), slowest_first_.end(), 0U);
  std::ranges::sort(slowest_first_, [&](uint32_t a, uint32_t b) {
    return through_[a] != through_[b] ? through_[a] > through_[b] : a < b;
  });
}

bool SlowSet::Add(uint32_t service) {
  before_.clear();
  in_set_[service] = 1;
  const uint32_t late_before = late_goals_;
  const int64_t start = StartOf(service);
  if (start < kInfiniteCost) Lower(service, start);
  Spread();
  if (late_goals_ > 0) return true;
  in_set_[service] = 0;
  late_goals_ = late_before;
  while (!before_.empty()) {
    ready_[before_.back().first] = before_.back().second;
    before_.pop_back();
  }
  return false;
}

}  // namespace kstati::graph::search
