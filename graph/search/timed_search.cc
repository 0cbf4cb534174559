// SPDX-License-Identifier: Apache-2.0
#include "graph/search/timed_search.h"

#include <algorithm>

namespace kstati::graph::search {

void TimedSearch::Start(const Core& relevant) {
  relevant_ = &relevant;
  place_.resize(problem_.service_count());
  days_.clear();
  for (uint32_t service = 0; service < relevant.service_count(); ++service) {
    place_[relevant.service[service]] = service;
    days_.push_back(problem_.days(relevant.service[service]));
  }
  slow_set_.Start(relevant, days_, timetable_);
  landmarks_.Clear();
  nodes_ = 0;
  searches_ = 0;
}

Branching::Outcome TimedSearch::Search(int64_t within, Branching::Range range,
                                       std::optional<Instant> stop) {
  allowed_.resize(relevant_->service_count());
  for (uint32_t service = 0; service < relevant_->service_count(); ++service) {
    allowed_[service] = slow_set_.DaysThrough(service) <= within ? 1 : 0;
  }
  if (!slow_set_.Meets(allowed_, within)) return {kInfiniteCost, kInfiniteCost};
  while (true) {
    WriteCore();
    const Branching::Outcome outcome = branching_.Search(range, stop);
    ++searches_;
    nodes_ += branching_.nodes();
    if (outcome.upper >= range.limit) return outcome;
    MarkBest();
    if (slow_set_.Meets(in_best_, within)) return outcome;
    // A chain that is too slow says no more than how little any chain costs.
    if (outcome.lower < outcome.upper) return {outcome.lower, kInfiniteCost};
    range.floor = outcome.lower;
    slow_set_.Extend(allowed_, landmark_);
    for (const uint32_t service : landmark_) landmarks_.Add(service);
    landmarks_.EndRow();
  }
}

// What costs nothing may always be used.
void TimedSearch::MarkBest() {
  in_best_.assign(relevant_->service_count(), 0);
  for (uint32_t service = 0; service < relevant_->service_count(); ++service) {
    if (relevant_->cost[service] == 0) in_best_[service] = allowed_[service];
  }
  for (const uint32_t service : branching_.best()) in_best_[place_[service]] = 1;
}

// What is fast enough, with one more goal for each landmark.
void TimedSearch::WriteCore() {
  Core& core = branching_.core();
  core.Clear();
  core.may_have_circles = relevant_->may_have_circles;
  landmarks_of_.Transpose(landmarks_, relevant_->service_count());
  core.is_goal = relevant_->is_goal;
  core.is_goal.insert(core.is_goal.end(), landmarks_.size(), 1);
  for (uint32_t service = 0; service < relevant_->service_count(); ++service) {
    if (allowed_[service] == 0) continue;
    for (const uint32_t fact : relevant_->needs[service]) core.needs.Add(fact);
    core.needs.EndRow();
    for (const uint32_t fact : relevant_->gives[service]) core.gives.Add(fact);
    for (const uint32_t landmark : landmarks_of_[service]) {
      core.gives.Add(relevant_->fact_count() + landmark);
    }
    core.gives.EndRow();
    core.cost.push_back(relevant_->cost[service]);
    core.service.push_back(relevant_->service[service]);
    core.is_paid.push_back(0);
  }
  core.Finish();
}

}  // namespace kstati::graph::search
