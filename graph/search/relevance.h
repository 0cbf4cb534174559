// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/search/core.h"
#include "graph/search/problem.h"

namespace kstati::graph::search {

// What one person asks: numbers of facts and of services of the problem.
struct Query {
  std::span<const uint32_t> initial;    // facts the person has
  std::span<const uint32_t> goals;      // facts the person wants
  std::span<const uint32_t> forbidden;  // services the person cannot get
};

// Cuts out of a problem what matters for a query: backwards from the goals, stopping at facts that
// are held. Time follows what is found and the length of the query, not the problem. Facts are
// numbered so that, circles apart, needs come before gifts.
class Relevance {
 public:
  explicit Relevance(const Problem& problem);
  // The numbers of the query exist.
  void Cut(const Query& query, Core& core);

 private:
  struct Visit {
    uint32_t fact;
    uint32_t producer;  // place in the row of producers
    uint32_t need;      // place in the row of that producer's needs
  };

  void Mark(const Query& query);
  void Enter(uint32_t fact);
  bool NextFact(Visit& visit, uint32_t& next);
  void Number(uint32_t fact);
  void Write(const Query& query, Core& core);

  const Problem& problem_;
  uint32_t stamp_ = 0;
  std::vector<uint32_t> held_;       // by fact: the stamp of the query that holds it
  std::vector<uint32_t> seen_fact_;  // by fact: likewise
  std::vector<uint32_t> seen_service_;
  std::vector<uint32_t> new_fact_;
  std::vector<uint32_t> goals_;  // ascending: the answer depends on no order of theirs
  std::vector<uint32_t> facts_;  // of the problem, in their new order
  std::vector<uint32_t> services_;
  std::vector<Visit> visits_;
};

}  // namespace kstati::graph::search
