// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "graph/search/bound.h"
#include "graph/search/components.h"
#include "graph/search/core.h"
#include "graph/search/dual_ascent.h"
#include "graph/search/fixing.h"
#include "graph/search/greedy_plan.h"
#include "graph/search/landmark_cut.h"
#include "graph/search/reducer.h"

namespace kstati::graph::search {

using Instant = std::chrono::steady_clock::time_point;

// Branch and reduce on cores, depth first. Keeps the memory between uses.
class Branching {
 public:
  // What is known of a core under a limit. The cheapest chain costs at least the smaller of `lower`
  // and `upper`; when `upper` is less than the limit, `best` is a chain of that cost. Without a
  // chain below the limit `upper` is kInfiniteCost, and when that is proven `lower` is at least
  // the limit.
  struct Outcome {
    Cost lower = 0;
    Cost upper = kInfiniteCost;
    // Set only when it is sure that no other chain costs the same, free services aside.
    bool alone = false;
  };

  // Chains of less than `limit` are looked for. None costs less than `floor`.
  struct Range {
    Cost floor = 0;
    Cost limit = kInfiniteCost;
  };

  // The core to search: written by the caller, used up by Search.
  Core& core() { return FrameAt(0).core; }
  // Looks for the cheapest chain of the range, until `stop` if there is one.
  Outcome Search(Range range, std::optional<Instant> stop);

  // After Search: services of the problem, each at least once.
  const std::vector<uint32_t>& best() const { return frames_[0]->best; }
  // Parts that were bounded because a landmark was branched on, and 1 for the root.
  uint64_t nodes() const { return nodes_; }
  // How often nothing was left to reach the goals with after fixing.
  uint64_t emptied() const { return emptied_; }

 private:
  struct Frame {
    Core core;
    Components components;
    Bound cut;                     // by LandmarkCut
    Bound ascent;                  // by DualAscent
    const Bound* bound = nullptr;  // the higher one
    std::vector<uint32_t> removed;
    std::vector<uint32_t> choices;
    std::vector<uint8_t> in_greedy;  // by service: whether it is in the last chain found here
    std::vector<uint32_t> best;
  };

  Frame& FrameAt(size_t depth);
  bool IsLate() const;
  // Reduces the core of the frame, after changes made through the simplifier, and solves its parts.
  Outcome Solve(size_t depth, Range range);
  // Solves what belongs together at the next depth, each with less of the limit, and adds up.
  using SolveOne = Outcome (Branching::*)(size_t depth, Range range);
  Outcome SolveParts(size_t depth, Range range, SolveOne solve);
  // As Solve, of a core without changes.
  Outcome Reduce(size_t depth, Range range);
  // The core of the frame is one part, with nothing gone.
  Outcome SolvePart(size_t depth, Range range);
  Outcome SolveRest(size_t depth, Cost limit, Outcome known);
  Outcome Branch(size_t depth, Cost limit, Outcome known);
  // Takes the greedy plan that was found, if it is one below the limit.
  void Take(Frame& frame, bool found, Cost& limit, Outcome& known);
  bool Fix(Frame& frame, const Bound& bound, Cost limit);
  bool IsAlone(const Frame& frame, Cost upper);
  void Choose(Frame& frame, Cost gap);

  Reducer reducer_;
  GreedyPlan greedy_;
  LandmarkCut cut_;
  DualAscent ascent_;
  Fixing fixing_;
  std::vector<std::unique_ptr<Frame>> frames_;
  std::optional<Instant> stop_;
  uint64_t nodes_ = 0;
  uint64_t emptied_ = 0;
};

}  // namespace kstati::graph::search
