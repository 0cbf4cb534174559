// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/search/branching.h"
#include "graph/search/core.h"
#include "graph/search/deadline.h"
#include "graph/search/founding.h"
#include "graph/search/problem.h"
#include "graph/search/relevance.h"
#include "graph/search/rows.h"
#include "graph/search/timed_search.h"
#include "graph/search/timetable.h"

namespace kstati::graph::search {

struct Answer {
  bool reachable = false;          // whether the goals can be reached at all
  std::vector<uint32_t> services;  // of the problem; each comes after what gives its needs
  Cost cost = 0;
  Cost lower = 0;        // no chain costs less
  int64_t days = 0;      // until the last goal is there, when each service starts as soon as it can
  bool fastest = false;  // no chain of this cost takes fewer days
  uint64_t nodes = 0;    // parts of the problem that were bounded; 1: decided without branching

  bool proven() const { return !reachable || lower == cost; }
};

// What can be had at which cost in how many days: each point costs more than the one before it and
// takes fewer days.
struct Front {
  struct Point {
    std::span<const uint32_t> services;  // as of an Answer; lives as long as the front
    Cost cost = 0;
    int64_t days = 0;
  };
  std::vector<Point> points;  // none when the goals cannot be reached
  Cost lower = 0;             // no chain costs less
  bool proven = false;        // no chain is better than a point in one and no worse in the other
  uint64_t nodes = 0;
  uint64_t searches = 0;
};

// A chain with fewer services than one that is as cheap and as fast.
struct Fewest {
  std::vector<uint32_t> services;  // as of an Answer; empty: none was found
  bool proven = false;             // no chain has fewer than this one, or than the one before
};

// Finds cheapest chains. Use one per thread. It keeps its memory: queries like those that were
// answered before allocate nothing.
//
// Of chains that cost the same, the one that takes the fewest days is returned: exactly, when
// `fastest` says so. What is still equal is decided by the number of a service in the order of ids
// wherever two would do, so that the answer depends on nothing but the problem and the query.
// Whether one of these has fewer services is a search of its own.
class Solver {
 public:
  // Both must outlive the solver. With a timetable days are those that services take by it.
  explicit Solver(const Problem& problem, const Timetable* timetable = nullptr);

  // The answer stays until the next call.
  const Answer& Solve(const Query& query, Deadline deadline = kDefaultDeadline);
  // Likewise, with the services of its points.
  const Front& FindFront(const Query& query, Deadline deadline = std::nullopt);
  // Of chains that cost `cost`, where none costs less within `days`: one with the fewest services,
  // when these are fewer than `fewer_than`.
  const Fewest& FindFewest(const Query& query, Cost cost, int64_t days, size_t fewer_than,
                           Deadline deadline = std::nullopt);

 private:
  void Begin(const Query& query, Deadline deadline);
  void Stop(Deadline deadline);
  void Take(Cost lower);
  void MakeFaster();
  void SearchFront();
  void AddPoint();

  const Problem& problem_;
  Relevance relevance_;
  Branching branching_;
  TimedSearch timed_;
  Founding founding_;
  Core relevant_;
  std::optional<Instant> stop_;
  Answer answer_;
  Front front_;
  Rows point_services_;
  std::vector<uint32_t> rows_of_points_;
  Fewest fewest_;
};

}  // namespace kstati::graph::search
