// SPDX-License-Identifier: Apache-2.0
#include "graph/search/branching.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kstati::graph::search {
namespace {

constexpr size_t kRestartShare = 4;
constexpr double kHalvings = 10;
// Goals times services for which sharing greedily still takes a few milliseconds.
constexpr size_t kMaxSharingWork = 200'000;

// What of a limit is left; no limit stays none.
Cost Without(Cost limit, Cost spent) { return limit == kInfiniteCost ? limit : limit - spent; }

}  // namespace

Branching::Frame& Branching::FrameAt(size_t depth) {
  while (frames_.size() <= depth) frames_.push_back(std::make_unique<Frame>());
  return *frames_[depth];
}

bool Branching::IsLate() const {
  return stop_.has_value() && std::chrono::steady_clock::now() >= *stop_;
}

Branching::Outcome Branching::Search(Range range, std::optional<Instant> stop) {
  stop_ = stop;
  nodes_ = 1;
  emptied_ = 0;
  reducer_.ForgetEqual();
  Frame& frame = FrameAt(0);
  frame.best.clear();
  // First what costs little, so that the rest has little left to look at.
  if (!reducer_.simplifier().RunOnAll(frame.core)) return {kInfiniteCost, kInfiniteCost};
  Outcome outcome = SolveParts(0, range, &Branching::Reduce);
  outcome.alone = outcome.alone && std::ranges::none_of(frame.best, [&](uint32_t service) {
                    return std::ranges::count(reducer_.equal(), service) != 0;
                  });
  return outcome;
}

Branching::Outcome Branching::Reduce(size_t depth, Range range) {
  reducer_.simplifier().Start(FrameAt(depth).core);
  return Solve(depth, range);
}

Branching::Outcome Branching::Solve(size_t depth, Range range) {
  Frame& frame = FrameAt(depth);
  frame.best.clear();
  if (!reducer_.RunOn(frame.core)) return {kInfiniteCost, kInfiniteCost};
  return SolveParts(depth, range, &Branching::SolvePart);
}

Branching::Outcome Branching::SolveParts(size_t depth, Range range, SolveOne solve) {
  Frame& frame = FrameAt(depth);
  Outcome sum{frame.core.paid_cost, frame.core.paid_cost, true};
  if (sum.lower >= range.limit) return {sum.lower, kInfiniteCost};
  frame.best = frame.core.paid;
  const uint32_t count = frame.components.Find(frame.core);
  for (uint32_t number = 0; number < count; ++number) {
    Frame& next = FrameAt(depth + 1);
    frame.components.Write(frame.core, number, next.core);
    // What all cost at least is known of the last one alone, when the others are.
    const bool known = number + 1 == count && sum.lower == sum.upper;
    const Cost floor = known ? range.floor - sum.lower : 0;
    const Outcome part = (this->*solve)(depth + 1, {floor, Without(range.limit, sum.lower)});
    sum.lower = SumOf(sum.lower, std::min(part.lower, part.upper));
    sum.upper = SumOf(sum.upper, part.upper);
    sum.alone = sum.alone && part.alone;
    if (part.upper == kInfiniteCost) break;
    frame.best.insert(frame.best.end(), next.best.begin(), next.best.end());
  }
  return sum;
}

void Branching::Take(Frame& frame, bool found, Cost& limit, Outcome& known) {
  if (!found || greedy_.cost() >= limit) return;
  limit = known.upper = greedy_.cost();
  frame.best.clear();
  frame.in_greedy.assign(frame.core.service_count(), 0);
  for (const uint32_t service : greedy_.services()) {
    frame.best.push_back(frame.core.service[service]);
    frame.in_greedy[service] = 1;
  }
}

Branching::Outcome Branching::SolvePart(size_t depth, Range range) {
  Cost limit = range.limit;
  Frame& frame = FrameAt(depth);
  frame.best.clear();
  frame.removed.clear();
  Outcome known;
  // Without a limit there has to be a chain before anything can be cut off.
  if (limit == kInfiniteCost || nodes_ == 1)
    Take(frame, greedy_.Find(frame.core, nullptr), limit, known);
  cut_.Run(frame.core, limit, frame.cut);
  frame.bound = &frame.cut;
  known.lower = std::max(range.floor, frame.cut.lower);
  if (known.lower < limit) {
    Take(frame, greedy_.Find(frame.core, &frame.cut.rest), limit, known);
  }
  const size_t sharing_work = size_t{frame.core.goal_count} * frame.core.service_count();
  if (known.lower < limit && range.limit == kInfiniteCost && sharing_work <= kMaxSharingWork) {
    Take(frame, greedy_.FindSharing(frame.core), limit, known);
  }
  if (known.lower >= limit) {
    known.alone = known.upper == limit && IsAlone(frame, limit);
    return known;
  }
  if (IsLate()) return known;
  if (Fix(frame, frame.cut, limit)) return SolveRest(depth, limit, known);
  ascent_.Run(frame.core, limit, frame.ascent);
  if (frame.ascent.lower > frame.cut.lower) frame.bound = &frame.ascent;
  known.lower = std::max(known.lower, frame.bound->lower);
  if (known.lower >= limit) return known;
  if (Fix(frame, frame.ascent, limit)) return SolveRest(depth, limit, known);
  return Branch(depth, limit, known);
}

// Whether so much can be removed that it pays to start again without it.
bool Branching::Fix(Frame& frame, const Bound& bound, Cost limit) {
  fixing_.Find(frame.core, bound);
  for (uint32_t service = 0; service < frame.core.service_count(); ++service) {
    if (SumOf(bound.lower, fixing_.extra(service)) >= limit) frame.removed.push_back(service);
  }
  if (nodes_ == 1) return !frame.removed.empty();
  return frame.removed.size() * kRestartShare > frame.core.service_count();
}

// Whether every service outside of the chain that was found here makes a chain dearer than it, free
// ones aside. Only asked for at the root.
bool Branching::IsAlone(const Frame& frame, Cost upper) {
  if (nodes_ > 1) return false;
  fixing_.Find(frame.core, *frame.bound);
  for (uint32_t service = 0; service < frame.core.service_count(); ++service) {
    if (frame.in_greedy[service] != 0 || frame.core.cost[service] == 0) continue;
    if (SumOf(frame.bound->lower, fixing_.extra(service)) <= upper) return false;
  }
  return true;
}

// Goes on without the services that were fixed out: a chain that is cheaper than the limit has none
// of them.
Branching::Outcome Branching::SolveRest(size_t depth, Cost limit, Outcome known) {
  Frame& frame = FrameAt(depth);
  Frame& next = FrameAt(depth + 1);
  next.core = frame.core;
  reducer_.simplifier().Start(next.core);
  for (const uint32_t service : frame.removed) reducer_.simplifier().RemoveService(service);
  const Outcome rest = Solve(depth + 1, {known.lower, limit});
  if (std::min(rest.lower, rest.upper) == kInfiniteCost) ++emptied_;
  if (rest.upper < limit) {
    known.upper = rest.upper;
    known.alone = rest.alone;
    frame.best = next.best;
  } else if (known.upper == limit) {
    known.alone = IsAlone(frame, limit);
  }
  known.lower = std::max(known.lower, std::min(rest.lower, limit));
  return known;
}

// The landmark whose services leave the least to search, if the work below a service halves with
// each tenth of the gap that it closes.
void Branching::Choose(Frame& frame, Cost gap) {
  fixing_.Find(frame.core, *frame.bound);
  const auto work = [&](std::span<const uint32_t> landmark) {
    double sum = 0;
    for (const uint32_t service : landmark) {
      const Cost extra = std::min(fixing_.extra(service), gap);
      sum += std::exp2(-kHalvings * static_cast<double>(extra) / static_cast<double>(gap));
    }
    return sum;
  };
  const Bound& lower = frame.bound == &frame.cut ? frame.ascent : frame.cut;
  std::span<const uint32_t> chosen;
  double least = 0;
  for (const Rows* landmarks : {&frame.bound->landmarks, &lower.landmarks}) {
    for (size_t i = 0; i < landmarks->size(); ++i) {
      const double sum = work((*landmarks)[i]);
      if (!chosen.empty() && sum >= least) continue;
      chosen = (*landmarks)[i];
      least = sum;
    }
  }
  frame.choices.assign(chosen.begin(), chosen.end());
  std::erase_if(frame.choices, [&](uint32_t service) { return fixing_.extra(service) >= gap; });
  std::ranges::sort(frame.choices, [&](uint32_t a, uint32_t b) {
    const Cost extra_a = fixing_.extra(a);
    const Cost extra_b = fixing_.extra(b);
    return extra_a != extra_b ? extra_a < extra_b : a < b;
  });
}

Branching::Outcome Branching::Branch(size_t depth, Cost limit, Outcome known) {
  Frame& frame = FrameAt(depth);
  Choose(frame, limit - frame.bound->lower);
  for (const uint32_t service : frame.removed) std::erase(frame.choices, service);
  Cost lowest = kInfiniteCost;
  for (size_t i = 0; i < frame.choices.size() && known.lower < limit; ++i) {
    if (IsLate()) {
      lowest = known.lower;
      break;
    }
    Frame& next = FrameAt(depth + 1);
    next.core = frame.core;
    reducer_.simplifier().Start(next.core);
    for (const uint32_t service : frame.removed) reducer_.simplifier().RemoveService(service);
    for (size_t j = 0; j < i; ++j) reducer_.simplifier().RemoveService(frame.choices[j]);
    reducer_.simplifier().Pay(frame.choices[i]);
    ++nodes_;
    const Outcome child = Solve(depth + 1, {known.lower, limit});
    lowest = std::min(lowest, std::max(child.lower, known.lower));
    if (child.upper >= limit) continue;
    limit = known.upper = child.upper;
    frame.best = next.best;
  }
  known.lower = std::max(known.lower, std::min(lowest, limit));
  return known;
}

}  // namespace kstati::graph::search
