// SPDX-License-Identifier: Apache-2.0
#include "graph/search/solver.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::graph::search {

Solver::Solver(const Problem& problem, const Timetable* timetable)
    : problem_(problem),
      relevance_(problem),
      timed_(problem, branching_, timetable),
      founding_(timetable) {}

const Answer& Solver::Solve(const Query& query, Deadline deadline) {
  Begin(query, deadline);
  if (answer_.reachable && answer_.proven() && !answer_.fastest) MakeFaster();
  return answer_;
}

void Solver::Stop(Deadline deadline) {
  stop_.reset();
  if (deadline) stop_ = std::chrono::steady_clock::now() + *deadline;
}

void Solver::Begin(const Query& query, Deadline deadline) {
  Stop(deadline);
  relevance_.Cut(query, relevant_);
  branching_.core() = relevant_;
  const Branching::Outcome outcome = branching_.Search({}, stop_);
  answer_.nodes = branching_.nodes();
  answer_.reachable = outcome.upper < kInfiniteCost;
  answer_.fastest = outcome.alone;
  answer_.services.clear();
  answer_.cost = answer_.lower = 0;
  answer_.days = 0;
  if (answer_.reachable) Take(outcome.lower);
}

// The best chain of the search becomes the answer.
void Solver::Take(Cost lower) {
  KSTATI_CHECK(founding_.Order(problem_, relevant_, branching_.best(), answer_.services));
  answer_.cost = 0;
  for (const uint32_t service : answer_.services) answer_.cost += problem_.cost(service);
  answer_.days = founding_.days();
  answer_.lower = std::min(lower, answer_.cost);
}

void Solver::MakeFaster() {
  if (answer_.days > 0) timed_.Start(relevant_);
  while (answer_.days > 0) {
    const Cost limit = answer_.cost + 1;
    const Branching::Outcome outcome =
        timed_.Search(answer_.days - 1, {answer_.cost, limit}, stop_);
    if (outcome.upper >= limit) {
      answer_.fastest = outcome.lower >= limit;
      return;
    }
    Take(answer_.cost);
  }
  answer_.fastest = true;
}

const Front& Solver::FindFront(const Query& query, Deadline deadline) {
  Begin(query, deadline);
  front_.points.clear();
  point_services_.Clear();
  rows_of_points_.clear();
  front_.lower = answer_.lower;
  front_.proven = answer_.proven();
  front_.nodes = answer_.nodes;
  front_.searches = 1;
  if (answer_.reachable) SearchFront();
  for (size_t point = 0; point < front_.points.size(); ++point) {
    front_.points[point].services = point_services_[rows_of_points_[point]];
  }
  return front_;
}

void Solver::SearchFront() {
  timed_.Start(relevant_);
  AddPoint();
  while (answer_.days > 0) {
    const Branching::Outcome outcome =
        timed_.Search(answer_.days - 1, {answer_.lower, kInfiniteCost}, stop_);
    front_.proven = front_.proven && outcome.lower >= outcome.upper;
    if (outcome.upper == kInfiniteCost) break;
    Take(outcome.lower);
    // As cheap and faster: better than the point before.
    if (answer_.cost <= front_.points.back().cost) {
      front_.points.pop_back();
      rows_of_points_.pop_back();
    }
    AddPoint();
  }
  front_.nodes += timed_.nodes();
  front_.searches += timed_.searches();
}

// A service more costs less than the least difference of costs.
const Fewest& Solver::FindFewest(const Query& query, Cost cost, int64_t days, size_t fewer_than,
                                 Deadline deadline) {
  fewest_.services.clear();
  fewest_.proven = false;
  Stop(deadline);
  relevance_.Cut(query, relevant_);
  const Cost scale = relevant_.service_count() + Cost{1};
  Cost sum = 0;
  for (const Cost one : relevant_.cost) sum += one;
  if (sum >= kInfiniteCost / scale - 1) return fewest_;
  for (uint32_t service = 0; service < relevant_.service_count(); ++service) {
    const Cost more = problem_.counts(relevant_.service[service]) ? 1 : 0;
    relevant_.cost[service] = relevant_.cost[service] * scale + more;
  }
  timed_.Start(relevant_);
  const Cost limit = cost * scale + std::min<Cost>(static_cast<Cost>(fewer_than), scale);
  const Branching::Outcome outcome = timed_.Search(days, {cost * scale, limit}, stop_);
  fewest_.proven = outcome.lower >= std::min(outcome.upper, limit);
  if (outcome.upper >= limit) return fewest_;
  KSTATI_CHECK(founding_.Order(problem_, relevant_, timed_.best(), fewest_.services));
  return fewest_;
}

void Solver::AddPoint() {
  for (const uint32_t service : answer_.services) point_services_.Add(service);
  rows_of_points_.push_back(static_cast<uint32_t>(point_services_.size()));
  point_services_.EndRow();
  front_.points.push_back({{}, answer_.cost, answer_.days});
}

}  // namespace kstati::graph::search
