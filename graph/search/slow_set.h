// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/search/core.h"
#include "graph/search/cost_queue.h"
#include "graph/search/timetable.h"

namespace kstati::graph::search {

// Sets of services and the day on which they reach the goals, when each starts as soon as its needs
// are there. More services are never slower, and no service is done sooner for starting later. So
// when a set misses a day, each set that meets it holds a service from outside of any larger set
// that misses it too: a landmark.
class SlowSet {
 public:
  // `days` by service of the core: what it takes, or with a timetable what it takes at least.
  // Nothing in the core is gone. All must outlive the use.
  void Start(const Core& core, const std::vector<int64_t>& days, const Timetable* timetable);

  // No chain that uses the service takes fewer days; kInfiniteCost when there is none.
  int64_t DaysThrough(uint32_t service) const { return through_[service]; }

  // Whether the services reach all goals within the days.
  bool Meets(const std::vector<uint8_t>& services, int64_t within);
  // After Meets said no: adds services of `allowed` while the goals are still missed. What then
  // cannot be added goes to `landmark`.
  void Extend(const std::vector<uint8_t>& allowed, std::vector<uint32_t>& landmark);

 private:
  void FindDaysThrough();
  int64_t StartOf(uint32_t service) const;
  int64_t EndOf(uint32_t service, int64_t start) const;
  void Lower(uint32_t service, int64_t start);
  // Carries on what Lower began, by services of the set.
  void Spread();
  void SortServices();
  bool Add(uint32_t service);

  const Core* core_ = nullptr;
  const std::vector<int64_t>* days_ = nullptr;
  const Timetable* timetable_ = nullptr;
  std::vector<int64_t> through_;
  std::vector<uint32_t> slowest_first_;
  std::vector<int64_t> ready_;  // by fact
  std::vector<uint8_t> in_set_;
  std::vector<uint32_t> waiting_;
  std::vector<std::pair<uint32_t, int64_t>> before_;  // facts with what they had
  int64_t within_ = 0;
  uint32_t late_goals_ = 0;

  std::vector<int64_t> after_;  // by fact: the least days from it to a goal
  CostQueue queue_;
};

}  // namespace kstati::graph::search
