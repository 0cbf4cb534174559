// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/search/branching.h"
#include "graph/search/core.h"
#include "graph/search/problem.h"
#include "graph/search/slow_set.h"

namespace kstati::graph::search {

// The cheapest chain that is done within some days. Searches without regard to time; a chain that
// is too slow gives a landmark that it misses, and the search is repeated with it. What was learnt
// for some days holds for fewer days too.
class TimedSearch {
 public:
  // All must outlive it; without a timetable each service takes the days of the problem.
  TimedSearch(const Problem& problem, Branching& branching, const Timetable* timetable = nullptr)
      : problem_(problem), branching_(branching), timetable_(timetable) {}

  // For the same problem; `relevant` must outlive the searches.
  void Start(const Core& relevant);
  // As Branching::Search. `within` must not grow from search to search.
  Branching::Outcome Search(int64_t within, Branching::Range range, std::optional<Instant> stop);

  const std::vector<uint32_t>& best() const { return branching_.best(); }
  uint64_t nodes() const { return nodes_; }        // since Start
  uint64_t searches() const { return searches_; }  // of Branching, since Start

 private:
  void WriteCore();
  void MarkBest();

  const Problem& problem_;
  Branching& branching_;
  const Timetable* timetable_;
  const Core* relevant_ = nullptr;
  SlowSet slow_set_;
  std::vector<int64_t> days_;     // by service of `relevant`
  std::vector<uint32_t> place_;   // by service of the problem: in `relevant`
  std::vector<uint8_t> allowed_;  // fast enough by itself
  std::vector<uint8_t> in_best_;
  std::vector<uint32_t> landmark_;
  Rows landmarks_;     // services of `relevant`
  Rows landmarks_of_;  // by service of `relevant`
  uint64_t nodes_ = 0;
  uint64_t searches_ = 0;
};

}  // namespace kstati::graph::search
