// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cases/decided_chain.h"
#include "graph/chain.h"

namespace kstati::cases {

// What a person weighs.
struct Weighed {
  std::optional<Date> finish;
  int trips = 0;  // days on which the person goes somewhere
  int64_t fee = 0;
  bool fee_known = true;
  int documents = 0;  // to bring
};

// A way through a situation for all whom it is about, on real days.
struct ChainWay {
  graph::OptionKind kind = graph::OptionKind::kRecommended;
  DecidedChain chain;
  Weighed weighed;
  // As of a graph::ChainOption, of each whom it is about; but of the fastest and of the fewest
  // trips what is shown on real days.
  bool proven = true;
};

// What no way can do better, of all whom it is about.
struct Bounds {
  std::optional<Date> finish;  // absent: nothing is known
  int trips = 0;
};

// Of the options of one person: what the search proved of a way without limits to trips.
void Raise(const graph::ChainOption& option, Bounds& bounds);

// Whether nothing is better than the way in what it is named for, as far as the bounds show.
bool IsShown(const ChainWay& way, const Bounds& bounds);

Weighed Weigh(const DecidedChain& chain);

// Of several ways, the recommended one first: it, and of each other kind the way that is best in
// what the kind is named for, when it is better than the recommended one; a way that is best in
// more than one thing is named once. No way stays that another one is at least as good as in
// everything; nor one for which another is as good in what it is named for and has three of four
// steps in common with it, unless it is the last that is best in some thing.
std::vector<ChainWay> KeepWorthwhile(std::vector<ChainWay> ways);

// At most four ways to the goals, for all whom the situation is about. Empty without steps.
std::vector<ChainWay> FindWays(const World& world, const graph::Situation& situation,
                               const Viewpoint& own, Date start, const SoFar& so_far = {});

}  // namespace kstati::cases
