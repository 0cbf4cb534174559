// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_options.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "cases/chain_days.h"
#include "cases/chain_inquiry.h"
#include "cases/exclusive_steps.h"

namespace kstati::cases {
namespace {

using graph::OptionKind;

constexpr OptionKind kOtherKinds[] = {OptionKind::kFastest, OptionKind::kFewestVisits,
                                      OptionKind::kLowestFee};

// Later than every known day when there is none.
int64_t DayOf(const Weighed& weighed) {
  return weighed.finish ? weighed.finish->days : std::numeric_limits<int64_t>::max();
}

// Less is better. A fee in words is above all known ones.
std::tuple<bool, int64_t> ValueOf(const Weighed& weighed, OptionKind kind) {
  switch (kind) {
    case OptionKind::kRecommended: return {false, 0};
    case OptionKind::kFastest: return {false, DayOf(weighed)};
    case OptionKind::kFewestVisits: return {false, weighed.trips};
    case OptionKind::kLowestFee: return {!weighed.fee_known, weighed.fee};
  }
  KSTATI_CHECK(false);
  return {};
}

bool IsNoWorse(const Weighed& a, const Weighed& b) {
  return DayOf(a) <= DayOf(b) && a.trips <= b.trips && a.fee <= b.fee &&
         a.documents <= b.documents && (a.fee_known || !b.fee_known);
}

using StepNames = std::set<std::tuple<ServiceId, CitizenId, const graph::Scenario*>>;

StepNames StepsOf(const DecidedChain& chain) {
  StepNames steps;
  for (size_t step = 0; step < chain.decisions.size(); ++step) {
    const eligibility::Decision& one = chain.decisions[step];
    steps.insert({one.service, one.about, chain.chain.steps[step].scenario.scenario});
  }
  return steps;
}

// Three of four steps of either are in the other.
bool AreAlike(const DecidedChain& a, const DecidedChain& b) {
  const StepNames of_a = StepsOf(a);
  const StepNames of_b = StepsOf(b);
  size_t common = 0;
  for (const auto& step : of_a) common += of_b.contains(step) ? 1 : 0;
  return 4 * common > 3 * std::max(of_a.size(), of_b.size());
}

// Whether nobody would miss the way beside the other one.
bool IsCovered(const ChainWay& way, const ChainWay& other) {
  if (ValueOf(other.weighed, way.kind) > ValueOf(way.weighed, way.kind)) return false;
  return IsNoWorse(other.weighed, way.weighed) || AreAlike(way.chain, other.chain);
}

// Whether in each thing some other way is as good as the best one.
bool IsDispensable(const std::vector<ChainWay>& ways, size_t way) {
  return std::ranges::all_of(kOtherKinds, [&](OptionKind kind) {
    for (size_t other = 0; other < ways.size(); ++other) {
      if (other == way) continue;
      if (ValueOf(ways[other].weighed, kind) <= ValueOf(ways[way].weighed, kind)) return true;
    }
    return false;
  });
}

// The place of the best way, or of the recommended one when none is better.
size_t BestOf(const std::vector<ChainWay>& ways, OptionKind kind) {
  size_t best = 0;
  for (size_t way = 1; way < ways.size(); ++way) {
    const bool fee_unknown = kind == OptionKind::kLowestFee && !ways[way].weighed.fee_known;
    if (fee_unknown) continue;
    if (ValueOf(ways[way].weighed, kind) < ValueOf(ways[best].weighed, kind)) best = way;
  }
  return best;
}

DecidedChain FromOption(const SituationId& situation, graph::ChainOption option,
                        ChainInquiry& inquiry) {
  DecidedChain decided;
  decided.chain.situation = situation;
  decided.chain.steps = std::move(option.steps);
  decided.chain.fees_vary = option.fees_vary;
  decided.chain.reached = std::move(option.reached);
  decided.chain.unreachable = std::move(option.unreachable);
  decided.decisions = inquiry.DecisionsOn(decided.chain.steps);
  return decided;
}

// By viewpoint the options of it, as chains.
struct Part {
  DecidedChain recommended;  // also when it has no steps
  bool proven = true;
  std::vector<std::pair<graph::ChainOption, DecidedChain>> options;
};

Part PartOf(const World& world, const graph::Situation& situation, const Viewpoint& viewpoint,
            Date start, const SoFar& so_far, const LeftOut& left_out) {
  ChainInquiry inquiry(world, situation, viewpoint, start);
  inquiry.LeaveOut(left_out.services);
  inquiry.GoOnFrom(so_far);
  Part part;
  for (graph::ChainOption& option : graph::FindOptions(inquiry.graph(), inquiry.request())) {
    part.options.emplace_back(option, FromOption(situation.id, option, inquiry));
  }
  if (part.options.empty()) {
    part.recommended.chain = graph::BuildChain(inquiry.graph(), inquiry.request());
    part.recommended.decisions = inquiry.DecisionsOn(part.recommended.chain.steps);
    part.proven = part.recommended.chain.proven;
  } else {
    part.recommended = part.options.front().second;
    part.proven = part.options.front().first.proven;
  }
  return part;
}

// The way in which everybody takes the option of the kind, where there is one.
ChainWay WayOf(const std::vector<Part>& parts, OptionKind kind) {
  ChainWay way;
  way.kind = kind;
  std::vector<DecidedChain> chains;
  for (const Part& part : parts) {
    const auto option = std::ranges::find_if(
        part.options, [kind](const auto& one) { return one.first.kind == kind; });
    const bool has_option = option != part.options.end();
    chains.push_back(has_option ? option->second : part.recommended);
    way.proven = way.proven && (has_option ? option->first.proven : part.proven);
  }
  way.chain = Together(std::move(chains));
  return way;
}

// By viewpoint.
std::vector<Part> PartsOf(const World& world, const graph::Situation& situation,
                          const Viewpoint& own, Date start, const SoFar& so_far,
                          const LeftOut& left_out) {
  std::vector<Part> parts;
  for (const Viewpoint& viewpoint : ViewpointsOf(situation, own)) {
    parts.push_back(PartOf(world, situation, viewpoint, start, so_far, left_out));
  }
  return parts;
}

// One of each kind that somebody has.
std::vector<ChainWay> WaysOf(const std::vector<Part>& parts) {
  std::set<OptionKind> kinds;
  for (const Part& part : parts) {
    for (const auto& [option, chain] : part.options) kinds.insert(option.kind);
  }
  std::vector<ChainWay> ways;
  for (const OptionKind kind : kinds) ways.push_back(WayOf(parts, kind));
  return ways;
}

Bounds BoundsOf(const std::vector<Part>& parts) {
  Bounds bounds;
  for (const Part& part : parts) {
    for (const auto& [option, chain] : part.options) Raise(option, bounds);
  }
  return bounds;
}

}  // namespace

// A trip of one person may be one for several.
void Raise(const graph::ChainOption& option, Bounds& bounds) {
  bounds.trips = std::max(bounds.trips, option.least_trips);
  if (!option.proven) return;
  if (option.kind != OptionKind::kFastest || !option.finish) return;
  if (!bounds.finish || *bounds.finish < *option.finish) bounds.finish = option.finish;
}

bool IsShown(const ChainWay& way, const Bounds& bounds) {
  switch (way.kind) {
    case OptionKind::kRecommended:
    case OptionKind::kLowestFee: return way.proven;
    case OptionKind::kFastest:
      return way.weighed.finish && bounds.finish && *way.weighed.finish <= *bounds.finish;
    case OptionKind::kFewestVisits: return way.weighed.trips <= bounds.trips;
  }
  KSTATI_CHECK(false);
  return false;
}

Weighed Weigh(const DecidedChain& chain) {
  Weighed weighed;
  weighed.finish = chain.chain.finish;
  // Past the calendar nobody knows which visits share a day: there each counts as a trip.
  weighed.trips = static_cast<int>(chain.schedule.trips.size());
  for (size_t step = 0; step < chain.schedule.tasks.size(); ++step) {
    const auto known = static_cast<int>(chain.schedule.tasks[step].visits.size());
    weighed.trips += std::max(0, chain.chain.steps[step].visits - known);
  }
  std::set<std::pair<AttributeId, size_t>> documents;
  for (const graph::ChainStep& step : chain.chain.steps) {
    weighed.fee += step.fee;
    weighed.fee_known = weighed.fee_known && step.fee_known;
    for (const AttributeId& document : step.bring) documents.insert({document, step.part});
  }
  weighed.documents = static_cast<int>(documents.size());
  return weighed;
}

std::vector<ChainWay> KeepWorthwhile(std::vector<ChainWay> ways) {
  std::vector<ChainWay> kept;
  if (ways.empty()) return kept;
  std::vector<uint8_t> is_kept(ways.size(), 0);
  is_kept[0] = 1;
  kept.push_back(ways.front());
  for (const OptionKind kind : kOtherKinds) {
    const size_t best = BestOf(ways, kind);
    if (is_kept[best] != 0) continue;
    is_kept[best] = 1;
    kept.push_back(ways[best]);
    // What was proven was proven of the kind that it was looked for.
    kept.back().proven = kept.back().proven && kept.back().kind == kind;
    kept.back().kind = kind;
  }
  for (size_t way = kept.size(); way-- > 1;) {
    bool is_covered = false;
    for (size_t other = 0; other < kept.size() && !is_covered; ++other) {
      is_covered = other != way && IsCovered(kept[way], kept[other]);
    }
    if (is_covered && IsDispensable(kept, way))
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(way));
  }
  return kept;
}

std::vector<ChainWay> FindWays(const World& world, const graph::Situation& situation,
                               const Viewpoint& own, Date start, const SoFar& so_far) {
  std::optional<CompatibleChain> first;  // once some way has steps that exclude each other
  LeftOut left_out = ExcludedByReceived(world, situation, own, start);
  for (;;) {
    const std::vector<Part> parts = PartsOf(world, situation, own, start, so_far, left_out);
    std::vector<ChainWay> ways = WaysOf(parts);
    LeftOut more = left_out;
    bool again = false;
    for (const ChainWay& way : ways) {
      const DecidedChain& kept = first ? first->chain : way.chain;
      again = LeaveOutBeside(world, way.chain, kept, more) || again;
    }
    if (again && !first) {
      first = BuildCompatibleChain(world, situation, own, start, so_far);
      more = first->left_out;
    }
    if (again) {
      left_out = std::move(more);
      continue;
    }
    // In the others something may be given up that another choice would keep.
    const bool is_same_bundle = !first || left_out.services == first->left_out.services;
    const Bounds bounds = BoundsOf(parts);
    for (ChainWay& way : ways) {
      TellLeftOut(world, left_out, start, way.chain);
      PutOnDays(world, situation, own, start, so_far, way.chain);
      way.weighed = Weigh(way.chain);
      const bool is_chosen = way.kind == OptionKind::kRecommended || is_same_bundle;
      way.proven = IsShown(way, bounds) && is_chosen && (!first || first->proven);
      // What was shown of the fees was shown of those of the days of the search.
      const bool is_by_fee =
          way.kind == OptionKind::kRecommended || way.kind == OptionKind::kLowestFee;
      if (is_by_fee) way.proven = way.proven && way.chain.chain.proven;
    }
    return KeepWorthwhile(std::move(ways));
  }
}

}  // namespace kstati::cases
