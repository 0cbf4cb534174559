// SPDX-License-Identifier: Apache-2.0
#include "graph/search/relevance.h"

#include <algorithm>

namespace kstati::graph::search {

Relevance::Relevance(const Problem& problem)
    : problem_(problem),
      held_(problem.fact_count(), 0),
      seen_fact_(problem.fact_count(), 0),
      seen_service_(problem.service_count(), 0),
      new_fact_(problem.fact_count(), 0) {}

void Relevance::Cut(const Query& query, Core& core) {
  Mark(query);
  goals_.assign(query.goals.begin(), query.goals.end());
  std::ranges::sort(goals_);
  for (const uint32_t goal : goals_) {
    if (held_[goal] == stamp_ || seen_fact_[goal] == stamp_) continue;
    Enter(goal);
    while (!visits_.empty()) {
      uint32_t next = 0;
      if (NextFact(visits_.back(), next)) {
        Enter(next);
      } else {
        Number(visits_.back().fact);
        visits_.pop_back();
      }
    }
  }
  Write(query, core);
}

void Relevance::Mark(const Query& query) {
  if (++stamp_ == 0) {  // after 2^32 queries old stamps would look new
    std::ranges::fill(held_, 0);
    std::ranges::fill(seen_fact_, 0);
    std::ranges::fill(seen_service_, 0);
    stamp_ = 1;
  }
  for (const uint32_t fact : query.initial) held_[fact] = stamp_;
  for (const uint32_t service : query.forbidden) seen_service_[service] = stamp_;
  facts_.clear();
  services_.clear();
}

void Relevance::Enter(uint32_t fact) {
  seen_fact_[fact] = stamp_;
  visits_.push_back({fact, 0, 0});
}

// The next fact that was not seen, on the way to this visit's fact.
bool Relevance::NextFact(Visit& visit, uint32_t& next) {
  const auto producers = problem_.producers(visit.fact);
  for (; visit.producer < producers.size(); ++visit.producer, visit.need = 0) {
    const uint32_t producer = producers[visit.producer];
    if (visit.need == 0) {
      if (seen_service_[producer] == stamp_) continue;
      seen_service_[producer] = stamp_;
      services_.push_back(producer);
    }
    const auto needs = problem_.needs(producer);
    while (visit.need < needs.size()) {
      next = needs[visit.need++];
      if (held_[next] != stamp_ && seen_fact_[next] != stamp_) return true;
    }
  }
  return false;
}

void Relevance::Number(uint32_t fact) {
  new_fact_[fact] = static_cast<uint32_t>(facts_.size());
  facts_.push_back(fact);
}

void Relevance::Write(const Query& query, Core& core) {
  core.Clear();
  core.may_have_circles =
      std::ranges::any_of(facts_, [&](uint32_t fact) { return problem_.is_on_circle(fact); });
  core.is_goal.assign(facts_.size(), 0);
  for (const uint32_t goal : query.goals) {
    if (held_[goal] != stamp_) core.is_goal[new_fact_[goal]] = 1;
  }
  for (const uint32_t service : services_) {
    for (const uint32_t fact : problem_.needs(service)) {
      if (held_[fact] != stamp_) core.needs.Add(new_fact_[fact]);
    }
    core.needs.EndRow();
    for (const uint32_t fact : problem_.gives(service)) {
      if (held_[fact] != stamp_ && seen_fact_[fact] == stamp_) core.gives.Add(new_fact_[fact]);
    }
    core.gives.EndRow();
    core.cost.push_back(problem_.cost(service));
    core.service.push_back(service);
    core.is_paid.push_back(0);
  }
  core.Finish();
}

}  // namespace kstati::graph::search
