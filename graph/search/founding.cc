// SPDX-License-Identifier: Apache-2.0
#include "graph/search/founding.h"

#include <algorithm>

namespace kstati::graph::search {

bool Founding::Order(const Problem& problem, const Core& relevant,
                     const std::vector<uint32_t>& chosen, std::vector<uint32_t>& order) {
  place_.resize(problem.service_count(), 0);
  for (uint32_t service = 0; service < relevant.service_count(); ++service) {
    place_[relevant.service[service]] = service;
  }
  may_use_.resize(relevant.service_count());
  for (uint32_t service = 0; service < relevant.service_count(); ++service) {
    may_use_[service] = relevant.cost[service] == 0 ? 1 : 0;
  }
  for (const uint32_t service : chosen) may_use_[place_[service]] = 1;
  ready_.assign(relevant.fact_count(), kInfiniteCost);
  done_.assign(relevant.fact_count(), 0);
  producer_.assign(relevant.fact_count(), 0);
  missing_ = relevant.need_count;
  fired_.clear();
  queue_.Clear();
  for (uint32_t service = 0; service < relevant.service_count(); ++service) {
    if (missing_[service] == 0 && may_use_[service] != 0) Fire(problem, relevant, service, 0);
  }
  while (!queue_.empty()) {
    const auto [ready, fact] = queue_.Pop();
    if (done_[fact] != 0) continue;
    done_[fact] = 1;
    for (const uint32_t consumer : relevant.consumers[fact]) {
      if (--missing_[consumer] == 0 && may_use_[consumer] != 0) {
        Fire(problem, relevant, consumer, ready);
      }
    }
  }
  days_ = 0;
  for (uint32_t fact = 0; fact < relevant.fact_count(); ++fact) {
    if (relevant.is_goal[fact] == 0) continue;
    if (done_[fact] == 0) return false;
    days_ = std::max(days_, ready_[fact]);
  }
  Collect(relevant);
  order.clear();
  for (const uint32_t service : fired_) {
    if (needed_[service] != 0) order.push_back(relevant.service[service]);
  }
  return true;
}

void Founding::Fire(const Problem& problem, const Core& relevant, uint32_t service, int64_t start) {
  fired_.push_back(service);
  const uint32_t number = relevant.service[service];
  const int64_t ready =
      timetable_ == nullptr ? start + problem.days(number) : timetable_->EndOf(number, start);
  for (const uint32_t fact : relevant.gives[service]) {
    if (ready >= ready_[fact]) continue;
    ready_[fact] = ready;
    producer_[fact] = service;
    queue_.Push(ready, fact);
  }
}

void Founding::Collect(const Core& relevant) {
  needed_.assign(relevant.service_count(), 0);
  waiting_.clear();
  for (uint32_t fact = 0; fact < relevant.fact_count(); ++fact) {
    if (relevant.is_goal[fact] != 0) waiting_.push_back(fact);
  }
  while (!waiting_.empty()) {
    const uint32_t producer = producer_[waiting_.back()];
    waiting_.pop_back();
    if (needed_[producer] != 0) continue;
    needed_[producer] = 1;
    for (const uint32_t need : relevant.needs[producer]) waiting_.push_back(need);
  }
}

}  // namespace kstati::graph::search
