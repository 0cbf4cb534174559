// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"
#include "graph/search/cost_queue.h"
#include "graph/search/problem.h"
#include "graph/search/timetable.h"

namespace kstati::graph::search {

// Carries out a set of services: each starts as soon as its needs are there, as many at a time as
// there are.
class Founding {
 public:
  // Without a timetable each takes the days of the problem.
  explicit Founding(const Timetable* timetable = nullptr) : timetable_(timetable) {}

  // `relevant` is what Relevance cut out; services that cost nothing may always be used. Writes
  // the services that the earliest way to each goal takes, in an order in which each comes after
  // what gives its needs. False: they do not reach the goals.
  bool Order(const Problem& problem, const Core& relevant, const std::vector<uint32_t>& chosen,
             std::vector<uint32_t>& order);
  // After Order: when the last goal is there.
  int64_t days() const { return days_; }

 private:
  void Fire(const Problem& problem, const Core& relevant, uint32_t service, int64_t start);
  void Collect(const Core& relevant);

  const Timetable* timetable_;
  std::vector<uint32_t> place_;  // by service of the problem: its number in the core, from 1
  std::vector<uint8_t> may_use_;
  std::vector<int64_t> ready_;  // by fact
  std::vector<uint8_t> done_;
  std::vector<uint32_t> producer_;
  std::vector<uint32_t> missing_;
  std::vector<uint32_t> fired_;
  std::vector<uint8_t> needed_;
  std::vector<uint32_t> waiting_;
  CostQueue queue_;
  int64_t days_ = 0;
};

}  // namespace kstati::graph::search
